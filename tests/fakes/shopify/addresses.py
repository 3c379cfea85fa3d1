"""Where webhooks may be sent to, with Shopify's recorded words for where they may not."""

import re
from urllib.parse import urlsplit

PUBSUB = re.compile(r"pubsub://(?P<project>[^:]+):(?P<topic>.+)")
PROJECT = re.compile(r"[a-z][a-z0-9-]{4,28}[a-z0-9]")
TOPIC = re.compile(r"(?!goog)[A-Za-z][\w.~+%-]{2,254}")
ARN = re.compile(r"arn:aws:events:[a-z0-9-]+::event-source/aws\.partner/shopify\.com(?:\.test)?/(\d+)/.+")

HERE = {"127.0.0.1", "localhost"}
"""Stands in for https, which nothing on this machine speaks; Shopify itself refuses these, too."""


def address_problems(uri: str, app_number: str) -> list[str]:
    """Return what is wrong with an address; the app's own number is only checked where it is known."""
    if not uri:
        return ["Address can't be blank"]
    if uri.startswith("arn:"):
        return _arn_problems(uri, app_number)
    place = urlsplit(uri)
    scheme = place.scheme
    if scheme == "https" or (scheme == "http" and place.hostname in HERE):
        return []
    match scheme:
        case "pubsub":
            return _pubsub_problems(uri)
        case "kafka":
            return ["Address protocol kafka:// is not supported", "Address is not a valid kafka topic"]
    return [f"Address protocol {scheme}:// is not supported"]


def _pubsub_problems(uri: str) -> list[str]:
    found = PUBSUB.fullmatch(uri)
    if not found:
        wanted = "Address is not a valid GCP pub/sub format. Format should be pubsub://project:topic"
        return ["Address protocol pubsub:// is not supported", wanted]
    if not PROJECT.fullmatch(found["project"]):
        return ["Address is invalid", "Address is not a valid GCP project id."]
    if not TOPIC.fullmatch(found["topic"]):
        return ["Address is invalid", "Address is not a valid GCP topic id."]
    return []


def _arn_problems(uri: str, app_number: str) -> list[str]:
    found = ARN.fullmatch(uri)
    if not found:
        return ["Address is invalid", "Address is not a valid AWS ARN"]
    if app_number and found[1] != app_number:
        words = f"Address is an AWS ARN and includes api_client_id '{found[1]}' instead of '{app_number}'"
        return ["Address is invalid", words]
    return []
