"""What forget needs."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from nextorder.adapters.answers import Answers
from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dead_letters import DeadLetters
from nextorder.adapters.dynamodb.eraser import Eraser
from nextorder.adapters.queues import Queue
from nextorder.adapters.score_reader import ScoreReader
from nextorder.adapters.shop_data import write_connection
from nextorder.adapters.traces import Traces
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import mail, publish, route, train, update
from nextorder.bootstrap.destinations import OTHERS
from nextorder.bootstrap.keys import connections, is_connected, is_connected_now
from nextorder.use_cases.forget import Archive, AtOnce, TakeBack
from nextorder.use_cases.publication import Publisher
from nextorder.use_cases.publish_bulk import Counts, publish_bulk


def archive() -> Archive:
    """Return the stores that forget together."""
    return Archive(
        customers=update.customers(),
        shops=update.shops(),
        eraser=Eraser(env.dynamodb(), env.variable("TABLE_NAME")),
        forgotten=update.forgotten(),
        notices=(
            *route.destination_queues(),
            AtOnce(publishers=_unserved, clock=partial(datetime.now, UTC)),
        ),
        erase_traces=_traces().erase,
        erase_letters=_traces().erase_letters,
    )


def bodies() -> Bodies:
    """Return where large webhook bodies lie."""
    return Bodies(env.s3, env.variable("BUCKET_NAME"))


def log() -> ScoreReader:
    """Return what was said of everyone."""
    return ScoreReader(env.s3(), env.variable("BUCKET_NAME"))


def dead() -> Queue:
    """Return the dead letters."""
    return Queue(env.sqs(), env.variable("DEAD_FACTS_QUEUE_URL"))


def take_back(as_of: datetime) -> list[TakeBack]:
    """Return what takes our properties back from destinations that outlive the app's token."""
    names = [name for name in publish.DESTINATIONS if name != "shopify"]
    return [partial(_take_back, destination=name, as_of=as_of) for name in names]


def disconnect(shop: str) -> None:
    """Delete what of a shop lies outside the table, its keys last."""
    _traces().erase_files(shop)
    train.files().erase(shop)
    write_connection(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), shop, None)


def keep_answer(shop: str, customer: str, request: str, answer: Mapping[str, Any]) -> None:
    """Keep the answer to a data request and tell the merchant where it lies."""
    place = _answers().keep(shop, customer, request, answer)
    message = f"The answer lies at {place} for 30 days: send it to the customer by then."
    mail.tell_of(shop, "a customer asked for their data", message)


def publishers(shop: str) -> list[Publisher]:
    """Return a shop's destinations, ready to be called."""
    connected = [name for name in publish.DESTINATIONS if is_connected_now(shop, name)]
    return [publish.publisher(name, patient=True) for name in connected]


def _unserved(shop: str) -> Iterator[Publisher]:
    """Yield what a shop has connected that the stack does not serve, or not any more."""
    connections().refresh()
    served = route.other_names()
    for name in OTHERS:
        if name not in served and is_connected(shop, name):
            yield publish.publisher(name, patient=True)


def _take_back(shop: str, *, destination: str, as_of: datetime) -> Counts:
    if not is_connected_now(shop, destination):
        return {}
    return publish_bulk(shop, publisher=publish.publisher(destination, patient=True), as_of=as_of)


def _traces() -> Traces:
    queues = [DeadLetters(env.sqs(), env.variable(name)) for name in env.DEAD_QUEUES]
    return Traces(env.s3(), env.variable("BUCKET_NAME"), queues)


def _answers() -> Answers:
    return Answers(env.s3(), env.variable("BUCKET_NAME"))
