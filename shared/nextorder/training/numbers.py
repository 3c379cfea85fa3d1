"""Freeze the numbers by which a shop's customers are told apart until the next fit."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from statistics import fmean

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.own_window import window_of_customer
from nextorder.domain.shop import Numbers, Shop, Window
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import HORIZONS, BuyingHistory, chance_kept, chance_of_order, profit_clv
from nextorder.training.floors import frozen_floors
from nextorder.training.habits import category_shares, gaps_of, return_rate, withheld_families
from nextorder.training.outcomes import cart_tally, mean_order_profit, sign_up_tally
from nextorder.training.window import RECENT_DAYS

ACTIVE_KEPT = 0.5
CATEGORY_ORDER_DAYS = 20.0
"""So many average order days at the store's margin are added to a category's own."""
SOON_DAYS = 5.0
MUCH_BROUGHT = 0.10
"""The top share by profit to date, of all with an order of late: missed by a person when they drift away."""


def freeze_numbers(
    everyone: Sequence[Features],
    shop: Shop,
    model: StoreModel,
    *,
    window: Window,
    windows: Mapping[str, Window] | None = None,
    catalogue: Catalogue,
    as_of: datetime,
) -> Numbers:
    """
    Take a shop's bases, ranks, margins and floors from its customers and its fitted model.

    Withheld customers are left out, and buyers whose first order is later; `shop` gives the
    numbers in force: a segment that was large enough is given up only well below its floor.
    """
    known = [features for features in everyone if not features.withheld]
    buyers = [one for one in known if one.order_days and one.order_days[0].at <= as_of]
    rate, by_category = margins(buyers, shop, model)
    numbers = replace(
        shop.numbers,
        window=window,
        windows=windows or {},
        customers=len(buyers),
        second_orders=sum(len(features.order_days) > 1 for features in buyers),
        model=model.name,
        fitted_at=as_of,
        currency=shop.currency,
        return_share_top_decile=_upper_decile([features.return_share for features in buyers]),
        margin_rate=rate,
        margin_by_category=by_category,
    )
    numbers = _counted(numbers, known, shop, as_of)
    numbers = _ranked(numbers, buyers, replace(shop, numbers=numbers), model, catalogue, as_of)
    before = shop.numbers.shown_as if shop.numbers.fitted_at else None
    return frozen_floors(known, replace(shop, numbers=numbers), model, catalogue, as_of, before)


def is_active(model: StoreModel, history: BuyingHistory, window_days: float) -> bool:
    """Whether a repeat buyer has kept half of her chance, or a one-time buyer's window is open."""
    if history.repeat_days == 0:
        return history.tenure_days <= window_days
    return chance_kept(model, history, window_days) >= ACTIVE_KEPT


def _counted(numbers: Numbers, everyone: Sequence[Features], shop: Shop, as_of: datetime) -> Numbers:
    """Add what is counted of habits and outcomes, and which families they cannot carry."""
    counted = replace(
        numbers,
        gaps=gaps_of(everyone),
        category_shares=category_shares(everyone),
        return_rate=return_rate(everyone),
        carts=cart_tally(everyone, as_of),
        sign_ups=sign_up_tally(everyone, as_of),
        order_profit=mean_order_profit(everyone),
    )
    return replace(counted, withheld=withheld_families(everyone, counted, shop))


def margins(everyone: Sequence[Features], shop: Shop, model: StoreModel) -> tuple[float, dict[str, float]]:
    """Return the store's margin rate and each first category's, shrunk to it."""
    buyers = [features for features in everyone if not features.unpriced]
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


def _ranked(
    numbers: Numbers,
    buyers: Sequence[Features],
    shop: Shop,
    model: StoreModel,
    catalogue: Catalogue,
    as_of: datetime,
) -> Numbers:
    """Add the bases, over all buyers; the ranks, over those with an order of late who are active."""
    histories = [Buyer(features=f, shop=shop, model=model).history(as_of) for f in buyers]
    since = as_of - timedelta(days=RECENT_DAYS)
    recent = [pair for pair in zip(buyers, histories, strict=True) if pair[0].order_days[-1].at >= since]
    at_work = [
        (features, history)
        for features, history in recent
        if is_active(model, history, window_of_customer(features, numbers).days)
    ]
    priced = [history for features, history in at_work if not features.unpriced]
    clv = _at_shares([profit_clv(model, history) for history in priced], catalogue.clv_shares)
    chances = [chance_of_order(model, history, SOON_DAYS) for _, history in at_work]
    brought = _at_shares([one.gp2_to_date for one, _ in recent if not one.unpriced], [MUCH_BROUGHT])
    return replace(
        numbers,
        base={h: fmean(chance_of_order(model, one, float(h)) for one in histories) for h in HORIZONS}
        if histories
        else {},
        clv_ranks={share: round(worth) for share, worth in clv.items()},
        chance_ranks=_at_shares(chances, catalogue.chance_shares),
        profit_rank=round(next(iter(brought.values()), 0)),
    )


def _at_shares(figures: Iterable[float], shares: Iterable[float]) -> dict[str, float]:
    """Return the figure that each top share of customers reaches; nothing without customers."""
    falling = sorted(figures, reverse=True)
    return {f"{share:g}": falling[_count(len(falling), share) - 1] for share in shares if falling}


def _count(customers: int, share: float) -> int:
    return max(math.ceil(share * customers - 1e-9), 1)


def _upper_decile(shares: Sequence[float]) -> float:
    """Return the value that nine of ten do not exceed; 1 when there are none."""
    return sorted(shares)[math.ceil(0.9 * len(shares)) - 1] if shares else 1.0
