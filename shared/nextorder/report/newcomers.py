"""Customers won within a year: by what they came, and what their first year brings."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import numpy as np

from nextorder.domain.counting import is_counted
from nextorder.domain.currency import why_unranked
from nextorder.domain.facts import NO_ORIGIN, Order, Refund, StoredFact
from nextorder.domain.hosts import is_own
from nextorder.domain.shop import Shop
from nextorder.domain.spend_file import DIMENSIONS
from nextorder.report.beginners import Beginner, beginners
from nextorder.report.store import Store
from nextorder.scoring.interval import Z80
from nextorder.scoring.predict import YEAR_DAYS
from nextorder.training.table import Floats

NOT_KNOWN: Final = "not known"
NO_CODE, ONE_OFF, NO_CAMPAIGN, DIRECT = "no code", "one-off codes", "no campaign", "direct"
_WEB: Final = "web"
_CHANNELS: Final = {"pos": "point of sale", "shopify_draft_order": "draft orders"}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Newcomers:
    """Who ordered for the first time within the last year; one place a customer, amounts in minor units."""

    first_days: Sequence[date]
    """Shop-local days of the first orders."""
    first_profit: Floats
    """Gross profit 2 of the first order day."""
    year_profit: Floats
    """Of the first 365 days: what has come by now, and what is expected of the days that are left."""
    unsure: Floats
    """Standard deviation of `year_profit` that customers alike share: the model's, not their own luck."""
    names: Mapping[str, Sequence[str]]
    """Dimension -> by what each one came."""


def newcomers(store: Store) -> Newcomers:
    """Describe those of whom money can be told, and whose first order is surely the first."""
    found = [one for one in _priced(store) if _age_days(one, store) < YEAR_DAYS]
    place = {str(name): at for at, name in enumerate(store.told.names)}
    rows = [place[one.features.customer] for one in found]
    rest, unsure = expected_rest(store, rows, np.array([_age_days(one, store) for one in found]))
    codes, since = _uses(store), _told_since(store)
    named = [_names(first_order(one, store), codes, store, since) for one in found]
    return Newcomers(
        first_days=[one.first_day for one in found],
        first_profit=np.array([one.features.order_days[0].profit for one in found], dtype=float),
        year_profit=np.array([one.features.gp2_to_date for one in found], dtype=float) + rest,
        unsure=unsure,
        names={dimension: [names[dimension] for names in named] for dimension in DIMENSIONS},
    )


def _priced(store: Store) -> Iterator[Beginner]:
    if not why_unranked(store.shop):
        yield from (one for one in beginners(store) if not one.features.unpriced)


def _age_days(one: Beginner, store: Store) -> float:
    return (store.as_of - one.features.order_days[0].at) / _DAY


def expected_rest(store: Store, rows: Sequence[int], ages: Floats) -> tuple[Floats, Floats]:
    """Return the profit of the days of the first year that are left, straight between horizons."""
    told, year = store.told, store.told.days.index(YEAR_DAYS)
    days = (0.0, *told.days)
    rest = np.array(
        [
            np.interp(YEAR_DAYS - age, days, (0.0, *told.worth[row]))
            for row, age in zip(rows, ages, strict=True)
        ],
        dtype=float,
    )
    chance = np.maximum(told.chance[rows, year], np.finfo(float).tiny)
    share = (told.hi[rows, year] - told.lo[rows, year]) / (2 * Z80 * chance)
    return rest, np.abs(rest) * share


def _uses(store: Store) -> Counter[str]:
    """Count the orders that named a code."""
    return Counter(
        fact.origin.code
        for held in store.facts.values()
        for fact in held
        if isinstance(fact, Order) and not fact.deleted
    )


def first_order(one: Beginner, store: Store) -> Order | None:
    """Return the order that the first order day begins with."""
    held, at = store.facts[one.features.customer], one.features.order_days[0].at
    here = (fact for fact in held if isinstance(fact, Order) and fact.placed_at == at and not fact.deleted)
    counted = (order for order in here if is_counted(order, _refunds(held, order), store.shop))
    return min(counted, key=lambda order: order.id, default=None)


def _refunds(held: Iterable[StoredFact], order: Order) -> Sequence[Refund]:
    return [fact for fact in held if isinstance(fact, Refund) and fact.order == order.id]


def _told_since(store: Store) -> datetime | None:
    """Return when orders began to be kept with where they came from; None = none was."""
    orders = (fact for held in store.facts.values() for fact in held if isinstance(fact, Order))
    return min((one.placed_at for one in orders if one.origin != NO_ORIGIN), default=None)


def _names(
    first: Order | None, codes: Mapping[str, int], store: Store, since: datetime | None
) -> Mapping[str, str]:
    if first is None:
        return dict.fromkeys(DIMENSIONS, NOT_KNOWN)
    origin = first.origin
    # an order that was kept before origins were says nothing of a code, either
    is_told = first.source != _WEB or (since is not None and first.placed_at >= since)
    code = ONE_OFF if codes[origin.code] == 1 else origin.code
    return {
        "source": _source(first, store.shop),
        "landing": origin.landing or NOT_KNOWN,
        "product": _product(first, store.titles),
        "code": (code if origin.code else NO_CODE) if is_told else NOT_KNOWN,
        "campaign": origin.campaign or (NO_CAMPAIGN if origin.landing else NOT_KNOWN),
        "country": first.country or NOT_KNOWN,
    }


def _source(first: Order, shop: Shop) -> str:
    """Name who sent the first visit, as `google / cpc`; of orders that no visit led to, their channel."""
    origin = first.origin
    # whoever comes from the shop's own pages was sent by nobody: a visit began anew there
    was_here = is_own(origin.source, shop)
    if origin.source and not was_here:
        return f"{origin.source} / {origin.medium}" if origin.medium else origin.source
    if first.source != _WEB:
        return _CHANNELS.get(first.source, f"app {first.source}")
    return DIRECT if origin.landing or was_here else NOT_KNOWN


def _product(first: Order, titles: Mapping[str, str]) -> str:
    goods = [line for line in first.lines if not line.gift_card]
    lead = max(goods, key=lambda line: (line.revenue, line.id), default=None)
    return titles.get(lead.product, lead.product) if lead and lead.product else NOT_KNOWN
