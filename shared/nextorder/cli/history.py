"""`nextorder import`: a store's history, from Shopify or from a file."""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from nextorder.adapters.collector import no_collection
from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.shopify.history_files import told_by_content
from nextorder.adapters.shopify.history_slips import GOODS, HISTORY, HistoryFile
from nextorder.adapters.spill import Spill
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.costs import unit_costs
from nextorder.bootstrap.update import books, customers
from nextorder.cli.fit import fit_and_score
from nextorder.cli.moments import add_as_of, read_as_of
from nextorder.cli.progress import Progress, in_threads
from nextorder.cli.rejects import Rejects
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.ahead import CLOCKS_DIFFER, is_after
from nextorder.domain.imports import Reject
from nextorder.domain.messages import Command, Noted
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop
from nextorder.domain.unit_costs import by_sku
from nextorder.use_cases.import_facts import History, Importer

_PATIENCE_SECONDS: Final = 3600.0
"""Of waiting for Shopify in all, for a file of some hundred thousand refunds."""


def add_to(commands: Any) -> None:
    """Add `import`."""
    parser = commands.add_parser("import", help="import a history, fit the store, score everyone")
    parser.add_argument(
        "file",
        type=Path,
        nargs="?",
        help='Shopify\'s order-export CSV, the JSONL of a bulk operation, or lines of {"topic": ..., '
        '"payload": {...}} (default: ask Shopify for all of it, in the cloud)',
    )
    parser.add_argument(
        "--customers",
        type=Path,
        metavar="FILE.csv",
        help="of an order export: Shopify's customer export, which says whose the e-mails are",
    )
    parser.add_argument(
        "--offline", action="store_true", help="of a file: do not ask Shopify for what it leaves out"
    )
    parser.add_argument(
        "--rejects",
        type=Path,
        metavar="FILE",
        help="of a file: where unusable lines go (default: FILE.rejects.jsonl)",
    )
    add_as_of(parser, "of a file: the moment of the first verdicts")
    parser.add_argument(
        "--again",
        action="store_true",
        help="import from Shopify once more, though the last import just ended",
    )
    add_shop(parser)
    parser.set_defaults(run=import_history)


def import_history(options: argparse.Namespace) -> int:
    """
    Store a history's facts, fit the store's model and numbers, reach everyone's first verdict.

    Returns:
        1 when an import in the cloud failed.
    """
    if options.file is None:
        from nextorder.cli import follow_import  # noqa: PLC0415  # Step Functions only where it is asked

        return follow_import.run(options)
    shop = chosen_shop(options)
    as_of = read_as_of(options.as_of, shop.zone, datetime.now(UTC))
    import_file(options, shop)
    as_of = as_of if options.as_of else datetime.now(UTC)
    fit_and_score(shop, as_of, run=f"import-{as_of:%Y%m%dT%H%M%S}")
    return 0


def import_file(options: argparse.Namespace, shop: Shop) -> None:
    """
    Store a file's facts, part by part: memory does not grow with the file.

    Whoever stops may begin again: what is stored already is found not to be newer.
    """
    began, as_of = time.monotonic(), datetime.now(UTC)
    path = options.rejects or options.file.with_suffix(".rejects.jsonl")
    file = told_by_content(
        options.file,
        customers=options.customers,
        variants=cache(lambda: by_sku(unit_costs().goods(shop.id).values())),
        **_shopify(shop, offline=options.offline),
    )
    with TemporaryDirectory(prefix="nextorder-") as folder, Rejects(path) as rejects, no_collection():
        spill = Spill(Path(folder), options.file.stat().st_size)
        _cut(file, spill, rejects)
        progress = Progress("stored", 0, "facts")
        importer = Importer(
            shop=shop,
            books=books(),
            bulk=DynamoBulk(env.dynamodb(), env.variable("TABLE_NAME"), customers()),
            each=in_threads,
        )
        taken = _Taken(file, spill, rejects, importer, progress, as_of)
        taken.take_all()
        progress.done()
    seconds = time.monotonic() - began
    orders = counted(taken.orders, "order")
    print(f"  read      {orders} in {seconds:.1f} s, {taken.orders / seconds:.0f} a second")
    ahead = {"orders with a date to come, not counted before it": taken.ahead}
    for note, count in sorted({**file.notes, **ahead}.items()):
        if count:
            print(f"  note      {note}: {count}")


@dataclass(slots=True)
class _Taken:
    """What has been taken out of a file."""

    file: HistoryFile
    spill: Spill
    rejects: Rejects
    importer: Importer
    progress: Progress
    as_of: datetime
    orders: int = 0
    ahead: int = 0
    _commands: list[Command] = field(default_factory=list)

    def take_all(self) -> None:
        """Store goods before what is made of them, and obey merges and deletions last."""
        for kind in (GOODS, HISTORY):
            for part in range(self.spill.parts):
                self._take(kind, part)
        self.importer.store(History(commands=self._commands))
        self.importer.take_waiting()

    def _take(self, kind: str, part: int) -> None:
        history = History()
        for said in self.file.read(kind, lambda kind: self.spill.lines(kind, part), self.importer.shop):
            if isinstance(said, Reject):
                self.rejects.add(said)
            else:
                history.add(said)
        self.orders += len(history.orders)
        self.ahead += sum(is_after(order, self.as_of + CLOCKS_DIFFER) for order in history.orders.values())
        self._commands += (command for command in history.commands if not isinstance(command, Noted))
        history.commands = []
        self.importer.store(history)
        facts = sum(map(len, history.by_customer.values())) + len(history.others)
        self.progress.step(facts + len(history.shop_facts))


def _cut(file: HistoryFile, spill: Spill, rejects: Rejects) -> None:
    progress = Progress("cut", 0, "lines")
    for slip in file.slips():
        if isinstance(slip, Reject):
            rejects.add(slip)
        else:
            spill.add(slip.kind, slip.key, slip.line)
            progress.step()
    spill.close()
    progress.done()


def _shopify(shop: Shop, *, offline: bool) -> dict[str, Callable[[Any], Any]]:
    """Return what asks Shopify for what a file leaves out."""
    if offline:
        return {"with_refunds": list, "find": lambda _: {}}
    from nextorder.adapters.shopify.customer_finder import CustomerFinder  # noqa: PLC0415  # requests
    from nextorder.adapters.shopify.order_nodes import OrderNodes  # noqa: PLC0415  # requests
    from nextorder.bootstrap.publish import shopify_client  # noqa: PLC0415  # requests

    client = shopify_client(patient=True)
    return {
        "with_refunds": partial(OrderNodes(client, patience_seconds=_PATIENCE_SECONDS).with_refunds, shop.id),
        "find": partial(CustomerFinder(client, patience_seconds=_PATIENCE_SECONDS).find, shop.id),
    }
