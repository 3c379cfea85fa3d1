"""What receive_webhook needs."""

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.connections import Connections
from nextorder.adapters.queues import Queue
from nextorder.adapters.shopify.inbox import Inbox
from nextorder.bootstrap import environment as env


def inbox() -> Inbox:
    """Return the door for webhooks."""
    return Inbox(
        connections=Connections(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN")),
        facts=Queue(env.sqs(), env.variable("FACTS_QUEUE_URL")),
        privacy=Queue(env.sqs(), env.variable("PRIVACY_QUEUE_URL")),
        bodies=Bodies(env.s3, env.variable("BUCKET_NAME")),
    )
