"""Freeze the numbers by which a shop's customers are told apart until the next fit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import fmean

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import TIERS, Catalogue
from nextorder.domain.features import Features
from nextorder.domain.segments_families import ENOUGH_SECOND_ORDERS
from nextorder.domain.shop import Numbers, Shop, Window
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import (
    HORIZONS,
    BuyingHistory,
    chance_kept,
    chance_of_order,
    expected_order_days,
    profit_clv,
)

LEAST_MEMBERS, LEAST_SHARE = 30, 0.0025
LEAST_EXPECTED_ORDERS = 10.0
STAYS_ON = 0.8
"""A tier that was given is kept down to this share of the floor."""
ACTIVE_KEPT = 0.5
CATEGORY_ORDER_DAYS = 20.0
"""So many average order days at the store's margin are added to a category's own."""


@dataclass(frozen=True, slots=True)
class _Ranked:
    clv: float
    history: BuyingHistory


def freeze_numbers(
    everyone: Iterable[Features],
    shop: Shop,
    model: StoreModel,
    *,
    window: Window,
    catalogue: Catalogue,
    as_of: datetime,
) -> Numbers:
    """
    Take a shop's bases, ranks, margins and tiers from its customers and its fitted model.

    Withheld customers and those without a counted order are left out; `shop` gives the
    numbers in force, whose value tiers are given up only well below the floor.
    """
    buyers = [features for features in everyone if features.order_days and not features.withheld]
    rate, by_category = _margins(buyers, shop, model)
    numbers = replace(
        shop.numbers,
        window=window,
        customers=len(buyers),
        second_orders=sum(len(features.order_days) > 1 for features in buyers),
        model=model.name,
        fitted_at=as_of,
        return_share_top_decile=_upper_decile([features.return_share for features in buyers]),
        margin_rate=rate,
        margin_by_category=by_category,
    )
    frozen = replace(shop, numbers=numbers)
    histories = [Buyer(features=f, shop=frozen, model=model).history(as_of) for f in buyers]
    active = _ranked(histories, model, window)
    return replace(
        numbers,
        base=_bases(histories, model),
        clv_ranks={f"{share:g}": _at_share(active, share) for share in catalogue.clv_shares if active},
        value_tiers=_tiers(active, model, numbers, catalogue),
    )


def is_active(model: StoreModel, history: BuyingHistory, window_days: float) -> bool:
    """Whether a repeat buyer has kept half of her chance, or a one-time buyer's window is open."""
    if history.repeat_days == 0:
        return history.tenure_days <= window_days
    return chance_kept(model, history, window_days) >= ACTIVE_KEPT


def _margins(buyers: Sequence[Features], shop: Shop, model: StoreModel) -> tuple[float, dict[str, float]]:
    """Return the store's margin rate and each first category's, shrunk to it."""
    profit = sum(features.gp2_to_date for features in buyers)
    revenue = sum(features.net_revenue for features in buyers)
    rate = profit / revenue if revenue > 0 else shop.numbers.margin_rate
    added = CATEGORY_ORDER_DAYS * model.p * model.v / (model.q - 1)
    sums: dict[str, list[float]] = defaultdict(lambda: [added * rate, added])
    for features in buyers:
        own = sums[features.first_category]
        own[0] += features.gp2_to_date
        own[1] += max(features.net_revenue, 0)
    by_category = {category: own[0] / own[1] for category, own in sorted(sums.items()) if category}
    return rate, by_category


def _bases(histories: Sequence[BuyingHistory], model: StoreModel) -> dict[str, float]:
    if not histories:
        return {}
    return {key: fmean(chance_of_order(model, h, float(key)) for h in histories) for key in HORIZONS}


def _ranked(histories: Iterable[BuyingHistory], model: StoreModel, window: Window) -> list[_Ranked]:
    """Return the active customers, the most profitable first."""
    active = (h for h in histories if is_active(model, h, window.days))
    return sorted((_Ranked(profit_clv(model, h), h) for h in active), key=lambda one: -one.clv)


def _at_share(active: Sequence[_Ranked], share: float) -> int:
    return round(active[_count(active, share) - 1].clv)


def _count(active: Sequence[_Ranked], share: float) -> int:
    return max(math.ceil(share * len(active) - 1e-9), 1)


def _tiers(
    active: Sequence[_Ranked], model: StoreModel, numbers: Numbers, catalogue: Catalogue
) -> tuple[str, ...]:
    """Return the tiers that reach their floor; a smaller one's customers count in the next."""
    if numbers.second_orders < ENOUGH_SECOND_ORDERS:
        return ()
    given: list[str] = []
    start = 0
    for tier in TIERS:
        entry = catalogue.entries[f"value:{tier}"]
        end = _count(active, entry.thresholds["clv_rank"])
        ease = STAYS_ON if tier in numbers.value_tiers else 1.0
        if _reaches_floor(active[start:end], model, entry.measured_days, numbers.customers, ease):
            given.append(tier)
            start = end
    return tuple(given)


def _reaches_floor(
    members: Sequence[_Ranked], model: StoreModel, days: float, customers: int, ease: float
) -> bool:
    if len(members) < ease * max(LEAST_MEMBERS, LEAST_SHARE * customers):
        return False
    orders = sum(expected_order_days(model, member.history, days) for member in members)
    return orders >= ease * LEAST_EXPECTED_ORDERS


def _upper_decile(shares: Sequence[float]) -> float:
    """Return the value that nine of ten do not exceed; 1 when there are none."""
    return sorted(shares)[math.ceil(0.9 * len(shares)) - 1] if shares else 1.0
