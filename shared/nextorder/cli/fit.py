"""`nextorder fit`: the store's own model and frozen numbers, then a fresh verdict for everyone."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.update import customers, judge, packaged, shops
from nextorder.cli.moments import add_as_of, read_as_of
from nextorder.cli.progress import Progress, during
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.terms import add_yes, put_in_force
from nextorder.domain.ahead import known_by
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.features import Features, compute_features
from nextorder.domain.shop import Numbers, Shop
from nextorder.use_cases.rescore import rescore


def add_to(commands: Any) -> None:
    """Add `fit`."""
    parser = commands.add_parser(
        "fit", help="take the shop's numbers from its orders anew, and score everyone"
    )
    add_as_of(parser, "the moment of the fit")
    add_yes(parser)
    add_shop(parser)
    parser.set_defaults(run=run_fit)


def run_fit(options: argparse.Namespace) -> int:
    """
    Fit and score: the first time at once, for the bulk publisher; later spread over a day.

    Returns:
        1 when the fit was not put in force.

    Raises:
        BadSettings: There is nobody to fit it to.
    """
    shop = chosen_shop(options)
    if next(customers().everyone(shop.id), None) is None:
        raise BadSettings("there is no history yet: `nextorder import` brings it, and fits the shop to it")
    as_of = read_as_of(options.as_of, shop.zone, datetime.now(UTC))
    if not shop.applied or shop.numbers.fitted_at is None:
        fit_and_score(shop, as_of, run=f"fit-{as_of:%Y%m%dT%H%M%S}")
        return 0
    return int(not put_in_force(shop, as_of, yes=options.yes, numbers=_fit(shop, as_of)))


def fit_and_score(shop: Shop, as_of: datetime, *, run: str) -> Shop:
    """
    Fit the store's model, freeze its numbers, pin its catalogue, reach everyone's verdict with them.

    Everyone is scored with the shop as it is held now: what others changed during the fit holds,
    and a threshold is the very number that the next webhook is judged by. The states carry `run`:
    nothing is published before `nextorder publish`, and no event is sent.
    """
    # from here on a new release does not change what the merchant has seen
    pinned = shop.catalogue or shops().save_catalogue(shop.id, packaged())
    fitted = change_shop(shop.id, numbers=_fit(shop, as_of), catalogue=pinned)
    progress = Progress("scored", fitted.numbers.customers, "customers")
    bulk = DynamoBulk(env.dynamodb(), env.variable("TABLE_NAME"), customers())
    everyone = bulk.segment(shop.id, 0, 1)
    rescore(fitted, judge=judge(), bulk=bulk, as_of=as_of, run=run, everyone=everyone, progress=progress.step)
    progress.done()
    return fitted


def frozen_anew(shop: Shop, catalogue: Catalogue, as_of: datetime) -> Numbers:
    """Freeze a shop's numbers for another catalogue, with the model and the window that it has."""
    from nextorder.training.numbers import freeze_numbers  # noqa: PLC0415  # numpy only where it is used

    features, model = _everyone(shop, as_of), shops().model(shop)
    window = shop.numbers.window
    numbers = freeze_numbers(features, shop, model, window=window, catalogue=catalogue, as_of=as_of)
    return replace(numbers, model=shop.numbers.model)


def _fit(shop: Shop, as_of: datetime) -> Numbers:
    """Fit the store's model and save it, not yet in force; return the numbers that name it."""
    from nextorder.training.store import fit_store  # noqa: PLC0415  # numpy and scipy only where they are used

    everyone = _everyone(shop, as_of)
    with during("fitting", "the store's model"):
        model, numbers = fit_store(everyone, shop, shops().catalogue(shop), as_of)
    shops().save_model(shop.id, model)
    window = numbers.window
    print(
        f"  fitted    model {model.name}; second-order window {window.days} days "
        f"[{window.lo}-{window.hi}], {window.method} on {window.second_orders} second orders"
    )
    return numbers


def _everyone(shop: Shop, as_of: datetime) -> Sequence[Features]:
    progress = Progress("read", 0, "customers")
    features = []
    for customer, record in customers().everyone(shop.id):
        if record.facts:
            features.append(compute_features(customer, known_by(record.facts, as_of), shop, as_of))
            progress.step()
    progress.done()
    return features
