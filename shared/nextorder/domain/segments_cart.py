"""The cart family: an open checkout, by the chance that it is completed unaided."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from math import nextafter
from typing import Final

from nextorder.domain.checkouts import OpenedCheckout
from nextorder.domain.features import Features
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_course import Course, tell
from nextorder.domain.segments_families import FACTS_LOOKED_AT, is_given
from nextorder.domain.shop import Numbers, Tally
from nextorder.scoring.cart import HISTORIES, LAPSE_HOURS, CartRates, cart_rates

HOUR_SECONDS: Final = 3_600
HOURS_A_DAY: Final = 24


def cart(placing: Placing) -> Mapping[str, Told]:
    """Place the latest checkout: hot, then warm, then out, until an order or its 72 hours."""
    if not placing.features.checkouts or not is_given("cart", placing.shop.numbers):
        return {}
    return {"cart": tell(islice(_courses(placing), FACTS_LOOKED_AT), placing.features.as_of, "")}


def open_checkout(features: Features) -> OpenedCheckout | None:
    """Return the checkout that decides: the latest, unless an order came or its 72 hours are over."""
    if not features.checkouts:
        return None
    latest = features.checkouts[-1]
    bought = bought_after(latest.at, bought_at(features))
    return None if bought or _age_hours(latest, features.as_of) >= LAPSE_HOURS else latest


def p_unaided(features: Features, numbers: Numbers) -> float | None:
    """Return P(the open checkout is completed unaided) now; None where there is none."""
    opened = open_checkout(features)
    if opened is None:
        return None
    age_hours = _age_hours(opened, features.as_of)
    return rates_of(numbers).completes(history_at(features, opened.at), age_hours)


def rates_of(numbers: Numbers) -> CartRates:
    """Return the rates to go by: the shop's own, or the prior."""
    return cart_rates(as_pairs(numbers.carts))


def as_pairs(tallies: Mapping[str, Tally]) -> Mapping[str, tuple[int, int]]:
    """Return tallies as the scoring layer counts them."""
    return {cell: (tally.cases, tally.successes) for cell, tally in tallies.items()}


def bought_at(features: Features) -> list[datetime]:
    """Return when something was bought: counted orders; completed checkouts, whose order may still come."""
    completed = (one.completed_at for one in features.checkouts if one.completed_at)
    return sorted({*features.ordered_at, *completed})


def bought_after(moment: datetime, bought: Sequence[datetime]) -> datetime | None:
    """Return the first purchase at or after a moment."""
    place = bisect_left(bought, moment)
    return bought[place] if place < len(bought) else None


def history_at(features: Features, moment: datetime) -> str:
    """Return whether there were no, one or several order days before a moment."""
    days = bisect_left(features.order_days, moment, key=lambda day: day.at) + features.missing_orders
    return HISTORIES[min(days, 2)]


def _courses(placing: Placing) -> Iterator[Course]:
    """One a checkout and one a purchase, the latest first; of one moment the purchase is the later."""
    features, rates = placing.features, rates_of(placing.shop.numbers)
    bought = (at for at in bought_at(features) if at >= features.checkouts[0].at)
    happened: list[tuple[datetime, OpenedCheckout | None]] = [(at, None) for at in bought]
    happened += [(one.at, one) for one in features.checkouts]
    for at, opened in sorted(happened, key=lambda one: (one[0], one[1] is None), reverse=True):
        yield _course(opened, placing, rates) if opened else Course(start=at, origin=at, rest="")


def _course(opened: OpenedCheckout, placing: Placing, rates: CartRates) -> Course:
    """Return a checkout's way; `hours` of the catalogue may end a value before its chance does."""
    history = history_at(placing.features, opened.at)
    (hot, hot_hours), (warm, warm_hours) = (
        (placing.catalogue.threshold(name, "p"), placing.catalogue.threshold(name, "hours"))
        for name in ("cart:hot", "cart:warm")
    )

    def chance(age_days: float) -> float:
        hours = round(age_days * HOURS_A_DAY * HOUR_SECONDS, 3) / HOUR_SECONDS
        if hours >= warm_hours:
            return 0.0
        p = rates.completes(history, hours)
        return p if hours < hot_hours else min(p, nextafter(hot, 0.0))

    rungs = (("hot", hot), ("warm", warm))
    return Course(start=opened.at, origin=opened.at, rungs=rungs, rest="", curve=chance)


def _age_hours(opened: OpenedCheckout, now: datetime) -> float:
    return (now - opened.at).total_seconds() / HOUR_SECONDS
