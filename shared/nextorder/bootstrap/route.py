"""What route_changes needs."""

from nextorder.adapters.queues import Queue
from nextorder.bootstrap import environment as env


def destination_queues() -> list[Queue]:
    """Return one queue a destination."""
    return [Queue(env.sqs(), url) for url in env.variable("DESTINATION_QUEUE_URLS").split(",")]


def unrouted() -> Queue:
    """Return where a record waits that cannot be routed."""
    return Queue(env.sqs(), env.variable("UNROUTED_QUEUE_URL"))
