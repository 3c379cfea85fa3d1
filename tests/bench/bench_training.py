"""A training's time and memory by the size of the store, and what a sample in its place tells less."""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

import numpy as np

from nextorder.domain.facts import Order, OrderLine
from nextorder.domain.features import Features, compute_features
from nextorder.domain.sampling import Sample
from nextorder.domain.shop import Numbers, Shop
from nextorder.training.champion import APART, said_at
from nextorder.training.fit import fit_table
from nextorder.training.retrain import fit, judge
from nextorder.training.store import table_of_shop
from nextorder.use_cases.train import SAMPLED_ABOVE
from tests.bench.measuring import say
from tests.bench.model.data import cdnow
from tests.unit.shop_cases import CATALOGUE

SHOP = Shop(id="bench.myshopify.com", gid="gid://shopify/Shop/1")
ZONE = ZoneInfo("UTC")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
STORES = ((1, 10**9), (4, 10**9), (16, 10**9), (16, SAMPLED_ABOVE))
"""CDNOW so many times over, and the most customers that are looked at."""
SAMPLES = (2_500, 5_000, 10_000, 20_000, 10**9)
Answer = TypeVar("Answer")


def histories(times: int) -> Iterator[tuple[str, list[Order]]]:
    """Yield every customer of CDNOW's whole panel, each several times under other names."""
    store = cdnow()
    ends = np.flatnonzero(np.diff(store.customer)) + 1
    moments, amounts = (np.split(column, ends) for column in (store.at, store.amount))
    for copy in range(times):
        for customer, (at, amount) in enumerate(zip(moments, amounts, strict=True)):
            name = f"{customer}{copy:02}"
            yield name, [_order(name, *row) for row in zip(at.tolist(), amount.tolist(), strict=True)]


def _order(customer: str, day: float, amount: float) -> Order:
    at, cents = EPOCH + timedelta(days=day), max(round(amount * 100), 1)
    line = OrderLine(id="1", category="cd", quantity=1, revenue=cents, unit_cost=cents // 2)
    return Order(
        id=f"{customer}{day:g}",
        customer=customer,
        placed_at=at,
        updated_at=at,
        currency="USD",
        lines=(line,),
        total=cents,
    )


def look(times: int, most: int, as_of: datetime) -> list[Features]:
    """Do as a training does with what it reads."""
    sample: Sample[Features] = Sample(most)
    for customer, orders in histories(times):
        if sample.wants(customer):
            sample.note(customer, compute_features(customer, orders, SHOP, as_of))
    return list(sample.drawn().values())


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return CPU seconds, rounded, and the answer."""
    began = time.process_time()
    answer = work()
    return round(time.process_time() - began, 1), answer


def measure(times: int, most: int) -> None:
    """Train one store; print seconds by step and the peak of memory."""
    as_of = EPOCH + timedelta(days=cdnow().end)
    reading, everyone = timed(lambda: look(times, most, as_of))
    fitting, (model, numbers) = timed(lambda: fit(everyone, SHOP, CATALOGUE, as_of))
    in_force = replace(SHOP, numbers=replace(numbers, fitted_at=as_of - 3 * APART))
    judging, _ = timed(lambda: judge(everyone, in_force, model, as_of))
    say(
        "training.size",
        customers=times * 23_570,
        looked_at=len(everyone),
        seconds={"features": reading, "fit": fitting, "three contests": judging},
        peak_mib=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        window_days=numbers.window.days,
    )


def compare() -> None:
    """Judge models that were fitted to samples, on the month after, of all customers."""
    as_of = EPOCH + timedelta(days=cdnow().end)
    origin = as_of - APART
    everyone = look(1, 10**9, as_of)
    table = table_of_shop(everyone, SHOP, as_of)
    for most in SAMPLES:
        drawn: Sample[Features] = Sample(most)
        for one in everyone:
            if drawn.wants(one.customer):
                drawn.note(one.customer, one)
        some = table_of_shop(list(drawn.drawn().values()), replace(SHOP, numbers=Numbers()), as_of)
        model = fit_table(some.before(origin), origin, ZONE)
        found = said_at(model, table, origin, ZONE).figures
        say(
            "training.sample",
            fitted_to=len(np.unique(some.customer)),
            figures={name: round(figure, 4) for name, figure in found.items()},
        )


def main() -> None:
    """Measure each store in a process of its own: a peak of memory is a process's."""
    if len(sys.argv) > 1:
        measure(*json.loads(sys.argv[1]))
        return
    compare()
    for store in STORES:
        subprocess.run([sys.executable, __file__, json.dumps(store)], check=True)  # noqa: S603 - ourselves


if __name__ == "__main__":
    main()
