"""`nextorder fit`: the store's own model and frozen numbers, then a fresh verdict for everyone."""

import argparse
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.update import customers, judge, shops
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.domain.features import compute_features
from nextorder.domain.shop import Shop
from nextorder.use_cases.rescore import rescore


def add_to(commands: Any) -> None:
    """Add `fit`."""
    parser = commands.add_parser("fit", help="fit the store's model to its orders and score everyone")
    parser.add_argument("--as-of", default="", help="the moment of the fit (default: now)")
    add_shop(parser)
    parser.set_defaults(run=run_fit)


def run_fit(options: argparse.Namespace) -> None:
    """Fit and score."""
    as_of = datetime.fromisoformat(options.as_of) if options.as_of else datetime.now(UTC)
    fit_and_score(chosen_shop(options), as_of, run=f"fit-{as_of:%Y%m%dT%H%M%S}")


def fit_and_score(shop: Shop, as_of: datetime, *, run: str) -> Shop:
    """
    Fit the store's model, freeze its numbers, reach everyone's verdict with them.

    Everyone is scored with the shop as it is held now: what others changed during the fit holds,
    and a threshold is the very number that the next webhook is judged by. The states carry `run`:
    nothing is published before `nextorder publish`, and no event is sent.
    """
    from nextorder.training.store import fit_store  # noqa: PLC0415  # numpy and scipy only where they are used

    progress = Progress("features", 0, "customers")
    features = []
    for customer, record in customers().everyone(shop.id):
        if record.facts:
            features.append(compute_features(customer, record.facts, shop, as_of))
            progress.step()
    progress.done()
    model, numbers = fit_store(features, shop, shops().catalogue(shop), as_of)
    shops().save_model(shop.id, model)
    fitted = change_shop(shop.id, numbers=numbers)
    window = numbers.window
    print(
        f"  fitted    model {model.name}; second-order window {window.days} days "
        f"[{window.lo}-{window.hi}], {window.method} on {window.second_orders} second orders"
    )
    progress = Progress("scored", len(features), "customers")
    bulk = DynamoBulk(env.dynamodb(), env.variable("TABLE_NAME"), customers())
    rescore(fitted, judge=judge(), bulk=bulk, as_of=as_of, run=run, progress=progress.step)
    progress.done()
    return fitted
