"""The app's own configuration file, for those who let it carry scopes and webhooks."""

import json
from collections.abc import Iterator, Sequence
from typing import Final

from nextorder.adapters.shopify.client import SHOPIFY_API_VERSION
from nextorder.adapters.shopify.scopes import SCOPES
from nextorder.adapters.shopify.subscriptions import COMPLIANCE_TOPICS, SUBSCRIBED, fields_of

_HEAD: Final = """\
# Written by `nextorder connect shopify --write-app-toml`; `shopify app deploy` puts it in force.
# https://shopify.dev/docs/apps/build/cli-for-apps/app-configuration
# Subscriptions in here hold for every shop that has the app, and Shopify does not delete them when
# deliveries fail. Connect with `--subscriptions app`, so that none are made in the shop beside them.
"""


def write_app_toml(*, client_id: str, uri: str, webhook_url: str) -> str:
    """
    Write shopify.app.toml.

    Args:
        client_id: The app's; empty = `shopify app config link` fills it in.
        uri: Where webhooks go, an https address or the ARN of an EventBridge source.
        webhook_url: The stack's https address. Compliance topics stay with it.
    """
    lines = [
        f"client_id = {_text(client_id)}",
        'name = "Nextorder"',
        f"application_url = {_text(webhook_url)}",
        "embedded = false",
        "",
        "[access_scopes]",
        f"scopes = {_text(','.join(scope.name for scope in SCOPES))}",
        "",
        "[auth]",
        "redirect_urls = []",
        "",
        "[webhooks]",
        f"api_version = {_text(SHOPIFY_API_VERSION)}",
        *_subscription("compliance_topics", COMPLIANCE_TOPICS, webhook_url),
    ]
    for fields, topics in _by_fields():
        lines += _subscription("topics", topics, uri, fields)
    return _HEAD + "\n" + "\n".join(lines) + "\n"


def is_written_by_us(text: str) -> bool:
    """Tell whether a file is one of `write_app_toml`, which may be written anew."""
    return text.startswith(_HEAD)


def _by_fields() -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Group the topics that ask for the same fields."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for topic in SUBSCRIBED:
        groups.setdefault(fields_of(topic), []).append(topic)
    yield from groups.items()


def _subscription(key: str, topics: Sequence[str], uri: str, fields: Sequence[str] = ()) -> Iterator[str]:
    yield ""
    yield "[[webhooks.subscriptions]]"
    yield f"{key} = {_texts(topics)}"
    yield f"uri = {_text(uri)}"
    if fields:
        yield f"include_fields = {_texts(fields)}"


def _texts(values: Sequence[str]) -> str:
    return "[\n" + "".join(f"  {_text(value)},\n" for value in values) + "]"


def _text(value: str) -> str:
    """Write a basic string; JSON's are among TOML's."""
    return json.dumps(value)
