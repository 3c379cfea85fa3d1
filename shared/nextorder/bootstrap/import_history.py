"""What import_history and `nextorder import` need."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final

from nextorder.adapters.chunks import Chunks
from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.http import Http
from nextorder.adapters.shopify import jsonl, tellings
from nextorder.adapters.shopify.bulk_operations import BulkOperations
from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.adapters.shopify.pace import SHARE
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import update
from nextorder.bootstrap.keys import is_connected_now
from nextorder.bootstrap.publish import DESTINATIONS, PATIENT_READ_SECONDS, shopify_client
from nextorder.domain.errors import Refused
from nextorder.domain.imports import ImportRun, Reject
from nextorder.domain.shop import Shop
from nextorder.use_cases.import_facts import Importer
from nextorder.use_cases.import_store import Course
from nextorder.use_cases.rescore import rescore
from nextorder.use_cases.store_chunk import Node, Reader

_WORKERS: Final = 8
_PATIENT_SECONDS: Final = 600.0
"""Of waiting in one chunk while Shopify throttles."""

_SHARE: Final = SHARE / 4
"""Of Shopify's bucket, for each of the four workers that template.yaml lets work side by side."""

root_of = jsonl.root_of


def course(shop: str, run: str) -> Course:
    """Return a run of a shop's import with all that it reads and writes."""
    return Course(
        shop=shop,
        run=run,
        runs=runs(),
        exports=BulkOperations(
            shopify_client(patient=True), Http("export", read_seconds=PATIENT_READ_SECONDS)
        ),
        files=Chunks(env.s3(), env.variable("BUCKET_NAME"), shop, run),
    )


def runs() -> Progress[ImportRun]:
    """Return where imports stand."""
    return Progress(env.dynamodb(), env.variable("TABLE_NAME"), sort_key="import", kind=ImportRun)


def shop_of(domain: str) -> Shop:
    """
    Return the shop as it is now: its model may be seconds old, and a function remembers for a minute.

    Raises:
        Refused: It is not connected, or no longer.
    """
    table = env.variable("TABLE_NAME")
    shop = DynamoShops(env.dynamodb(), table, prior=update.prior, packaged=update.packaged).get(domain)
    if shop is None or shop.uninstalled_at:
        raise Refused("shop-not-connected", "the shop is not connected any more")
    return shop


def importer(shop: Shop) -> Importer:
    """Return what stores facts, several customers at once; fees come with the orders."""
    books = replace(update.books(), fees=None)
    return Importer(shop=shop, books=books, bulk=bulk(), each=_side_by_side)


def bulk() -> DynamoBulk:
    """Return the table for many at once."""
    return DynamoBulk(env.dynamodb(), env.variable("TABLE_NAME"), update.customers())


def reader(shop: Shop) -> Reader:
    """Return what makes readings of an export's lines."""
    orders = OrderNodes(shopify_client(patient=True, share=_SHARE), patience_seconds=_PATIENT_SECONDS)
    return Reader(
        joined=_joined,
        completed=partial(orders.with_refunds, shop.id),
        readings=lambda node: tellings.readings(node, shop),
    )


def destinations(shop: Shop) -> Sequence[str]:
    """Return where everyone's first verdict goes; nowhere before the merchant has said so."""
    return [name for name in DESTINATIONS if is_connected_now(shop.id, name)] if shop.applied else []


def score(course: Course, number: int, of: int, as_of: datetime) -> None:
    """Score one segment of everyone, for the bulk publisher: no event is told."""
    shop = shop_of(course.shop)
    many = bulk()
    everyone = many.segment(shop.id, number, of)
    rescore(shop, judge=update.judge(), bulk=many, as_of=as_of, run=course.run, everyone=everyone)
    course.files.close_segment(number)


def _joined(lines: Iterable[bytes]) -> tuple[Sequence[Node], Sequence[Reject]]:
    joined = jsonl.join(lines)
    return joined.nodes, joined.rejects


def _side_by_side(work: Callable[[Sequence[str]], None], groups: Iterable[Sequence[str]]) -> None:
    with ThreadPoolExecutor(_WORKERS) as pool:
        for _ in pool.map(work, groups):
            pass
