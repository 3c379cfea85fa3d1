"""What forget needs."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nextorder.adapters import shop_data
from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dynamodb.eraser import Eraser
from nextorder.adapters.queues import Queue
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import publish, route, update
from nextorder.use_cases.forget import Archive
from nextorder.use_cases.publish_bulk import publish_bulk


def archive() -> Archive:
    """Return the stores that forget together."""
    return Archive(
        customers=update.customers(),
        shops=update.shops(),
        eraser=Eraser(env.dynamodb(), env.variable("TABLE_NAME")),
        forgotten=update.forgotten(),
        notices=route.destination_queues(),
    )


def bodies() -> Bodies:
    """Return where large webhook bodies lie."""
    return Bodies(env.s3, env.variable("BUCKET_NAME"))


def dead() -> Queue:
    """Return the dead letters."""
    return Queue(env.sqs(), env.variable("DEAD_FACTS_QUEUE_URL"))


def take_back() -> list[Callable[[str], object]]:
    """Return what takes our properties back from destinations that outlive the app's token."""
    return [partial(publish_bulk, publisher=publish.publisher("klaviyo"))]


def disconnect(shop: str) -> None:
    """Delete what of a shop lies outside the table."""
    shop_data.erase_bodies(env.s3(), env.variable("BUCKET_NAME"), shop)
    shop_data.write_connection(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), shop, None)


def keep_answer(request: str, answer: dict[str, Any]) -> str:
    """Keep the answer to a data request and tell the merchant where it lies."""
    topic = env.variable("PRIVACY_TOPIC_ARN")
    return shop_data.keep_answer(
        env.s3(), env.variable("BUCKET_NAME"), env.sns(), topic, request=request, answer=answer
    )
