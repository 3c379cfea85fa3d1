"""What route_changes needs."""

from collections.abc import Mapping

from nextorder.adapters.queues import Queue, SharedQueue
from nextorder.bootstrap import environment as env
from nextorder.ports import ChangeNotice

_OWN_QUEUES = ("shopify", "klaviyo")
"""Destinations with a queue of their own, in the order of its variable."""


def notices() -> Mapping[str, ChangeNotice]:
    """Return what tells each destination's publisher, by name; those that are switched on share a queue."""
    urls = env.variable("DESTINATION_QUEUE_URLS").split(",")
    own: dict[str, ChangeNotice] = {
        name: Queue(env.sqs(), url) for name, url in zip(_OWN_QUEUES, urls, strict=False)
    }
    shared = Queue(env.sqs(), env.optional("OTHER_CHANGES_QUEUE_URL"))
    return {**own, **{name: SharedQueue(shared, name) for name in other_names()}}


def destination_queues() -> list[ChangeNotice]:
    """Return the same without the names."""
    return list(notices().values())


def other_names() -> list[str]:
    """Name the destinations that this stack serves beside Shopify and Klaviyo."""
    names = (name.strip() for name in env.optional("OTHER_DESTINATIONS").split(","))
    return sorted(filter(None, names))


def unrouted() -> Queue:
    """Return where a record waits that cannot be routed."""
    return Queue(env.sqs(), env.variable("UNROUTED_QUEUE_URL"))
