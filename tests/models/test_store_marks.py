"""First orders teach in the stack as they do from a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from nextorder.domain.buyer import Buyer
from nextorder.domain.features import Features, OrderDay
from nextorder.domain.shop import Numbers
from nextorder.scoring.model import StoreModel
from nextorder.training.retrain import judge
from nextorder.training.store import fit_store
from tests.unit.shop_cases import CATALOGUE, SHOP

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@cache
def everyone() -> tuple[Features, ...]:
    """Draw 500 customers of 20 months: who begins with tea comes back, others seldom do."""
    random = np.random.default_rng(11)
    return tuple(drawn(number, random) for number in range(500))


def drawn(number: int, random: np.random.Generator) -> Features:
    tea = number % 2 == 1
    at, days = NOW - 600 * DAY + DAY * float(random.uniform(0, 600)), []
    while at < NOW:
        days.append(OrderDay(at=at, revenue=int(random.gamma(6, 800)), profit=1_000))
        if random.random() > (0.75 if tea else 0.15):
            break
        at += (1 + float(random.exponential(25))) * DAY
    marks = ("category=tea" if tea else "category=mugs", "channel=web", f"product=P{number}")
    return Features(
        customer=f"{number}",
        as_of=NOW,
        order_days=tuple(days),
        ordered_at=tuple(day.at for day in days),
        first_marks=marks,
    )


@cache
def fitted() -> tuple[StoreModel, Numbers]:
    return fit_store(everyone(), SHOP, CATALOGUE, NOW)


def test_a_store_learns_from_the_marks_that_many_bear_and_uses_them_online() -> None:
    model, numbers = fitted()

    assert model.correction
    assert model.correction.marks == ("category=mugs", "category=tea", "channel=web")
    buyer = Buyer(features=everyone()[0], shop=replace(SHOP, numbers=numbers), model=model)
    assert set(everyone()[0].first_marks) == buyer.history(NOW).marks


def test_a_model_with_marks_is_judged_with_them() -> None:
    since = NOW - 31 * DAY
    model = fitted()[0]
    shop = replace(SHOP, numbers=replace(SHOP.numbers, fitted_at=since))

    found = judge(everyone(), shop, model, NOW)

    assert model.correction
    assert model.correction.marks
    assert found
    assert len(found.origins) == 1
