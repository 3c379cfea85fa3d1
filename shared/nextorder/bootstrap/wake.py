"""What wake_due needs."""

from nextorder.adapters.queues import Queue
from nextorder.bootstrap import environment as env


def facts_queue() -> Queue:
    """Return the queue of facts."""
    return Queue(env.sqs(), env.variable("FACTS_QUEUE_URL"))
