"""`nextorder import`: a store's history from a file of Shopify payloads."""

import argparse
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.shopify.deliveries import payload_of, read_payload, triggered_at
from nextorder.adapters.shopify.read import TOPICS
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.update import books, customers
from nextorder.cli.fit import fit_and_score
from nextorder.cli.progress import Progress, in_threads
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadPayload, BadSettings
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop
from nextorder.use_cases.import_facts import History, Importer


def add_to(commands: Any) -> None:
    """Add `import`."""
    parser = commands.add_parser("import", help="import a history from a file, fit the store, score everyone")
    parser.add_argument("file", type=Path, help='lines of {"topic": ..., "payload": {...}}, as webhooks send')
    parser.add_argument("--rejects", type=Path, help="where unusable lines go (default: FILE.rejects.jsonl)")
    parser.add_argument("--as-of", default="", help="the moment of the first verdicts (default: now)")
    add_shop(parser)
    parser.set_defaults(run=import_history)


def import_history(options: argparse.Namespace) -> None:
    """Read the file, store its facts, fit the store's model and numbers, reach everyone's first verdict."""
    shop = chosen_shop(options)
    rejects = options.rejects or options.file.with_suffix(".rejects.jsonl")
    history = _read_file(options.file, rejects, shop)
    print(f"  read      {len(history.orders)} orders of {len(history.by_customer)} customers")

    progress = Progress("stored", len(history.by_customer), "customers")
    Importer(
        shop=shop,
        books=books(),
        bulk=DynamoBulk(env.dynamodb(), env.variable("TABLE_NAME"), customers()),
        each=lambda store, ids: in_threads(store, ids, progress),
    ).import_facts(history)
    progress.done()
    as_of = datetime.fromisoformat(options.as_of) if options.as_of else datetime.now(UTC)
    fit_and_score(shop, as_of, run=f"import-{as_of:%Y%m%dT%H%M%S}")


def _read_file(path: Path, rejects: Path, shop: Shop) -> History:
    """Take in every usable line; the others are kept with line number and reason."""
    history = History()
    refused = []
    for number, line in enumerate(_lines(path), start=1):
        try:
            history.add(_reading(line, shop))
        except BadPayload as error:
            refused.append({"line": number, "reason": str(error), "text": line})
    if refused:
        rejects.write_text("".join(json.dumps(row) + "\n" for row in refused))
        print(f"  refused   {len(refused)} lines, kept with their reasons in {rejects}")
    return history


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8") as lines:
            yield from (line for line in lines if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}") from error


def _reading(line: str, shop: Shop) -> Reading:
    delivery = payload_of(line.encode())
    topic, payload = delivery.get("topic"), delivery.get("payload")
    if topic not in TOPICS or not isinstance(payload, dict):
        raise BadPayload('a line is {"topic": ..., "payload": {...}} with a topic that webhooks use')
    return read_payload(topic, payload, triggered_at(str(delivery.get("triggered_at", ""))), shop)
