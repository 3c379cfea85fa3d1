"""One customer's life: what they did, which segments it led to, and the chance of an order week by week."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain import timeline as lives
from nextorder.domain.buyer import Buyer
from nextorder.domain.features import Features
from nextorder.domain.own_window import with_own_window
from nextorder.domain.phrases import counted, day_in_words
from nextorder.domain.published import shop_day
from nextorder.domain.stages import stages
from nextorder.domain.timeline import TIME_PASSED, Happening
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import percent
from nextorder.scoring.predict import p_within

KEY: Final = "timeline"
TITLE: Final = "One customer's story"
INTERVAL: Final = "the average of customers like this one lies within it four times out of five"
TELLING_ORDER_DAYS: Final = 3
TELLING_RISKS: Final = frozenset({"at-risk", "cooling"})
WEEK: Final = timedelta(days=7)
COLUMNS: Final = (
    Column(name="what", label="what", kind=Kind.TEXT),
    Column(name="day", label="day", kind=Kind.DATE),
    Column(name="chance", label="chance of an order within the window", kind=Kind.SHARE),
    Column(name="chance_lo", label="chance, at least", kind=Kind.SHARE),
    Column(name="chance_hi", label="chance, at most", kind=Kind.SHARE),
    Column(name="amount", label="amount", kind=Kind.MONEY),
    Column(name="stage", label="stage", kind=Kind.TEXT),
    Column(name="joined", label="came in", kind=Kind.TEXT),
    Column(name="left", label="went out", kind=Kind.TEXT),
)


def timeline(store: Store) -> Picture:
    """Tell the life of whoever shows the most of what is looked at here."""
    one = telling(store)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(one, store) if one else "Nobody has ordered yet.",
        n=len(one.order_days) if one else 0,
        unit="days with an order",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=(*_chances(one, store), *_happenings(one, store)) if one else (),
    )


def telling(store: Store) -> Features | None:
    """
    Choose the customer who has brought the most of those who come to drift away, by at least 3 order days.

    Where nobody drifts, or too little is known to say so, the one with the most order days.
    """
    often = [one for one in store.buyers if len(one.order_days) >= TELLING_ORDER_DAYS]
    often.sort(key=lambda one: (-one.gp2_to_date, one.customer))
    drifting = (one for one in often if _risk(one, store) in TELLING_RISKS)
    most = min(store.buyers, key=lambda one: (-len(one.order_days), one.customer), default=None)
    return next(drifting, most)


def _risk(one: Features, store: Store) -> str:
    return stages(one, store.shop, store.told.model, store.catalogue, [store.as_of])[1][0]


def _chances(one: Features, store: Store) -> Iterator[Sequence[Value]]:
    """Tell the chance within the window each week from the first order on, and right after each order."""
    shop = with_own_window(one, store.shop)
    buyer = Buyer(features=one, shop=shop, model=store.told.model)
    moments = _moments(one, store)
    life, _ = stages(one, store.shop, store.told.model, store.catalogue, moments[::-1])
    for moment, stage in zip(moments, reversed(life), strict=True):
        told = p_within(store.told.model, buyer.history(moment), shop.numbers.window.days)
        day = shop_day(moment, shop.zone).isoformat()
        yield "chance", day, told.value, told.lo, told.hi, None, stage, "", ""


def _moments(one: Features, store: Store) -> Sequence[datetime]:
    """Return a moment a day at most, an order's rather than the one before it."""
    first, as_of = one.order_days[0].at, store.as_of
    weeks = [first + number * WEEK for number in range((as_of - first) // WEEK + 1)]
    by_day = {shop_day(at, store.shop.zone): at for at in sorted([*weeks, as_of])}
    by_day |= {shop_day(day.at, store.shop.zone): day.at for day in one.order_days}
    return sorted(by_day.values())


def _happenings(one: Features, store: Store) -> Iterator[Sequence[Value]]:
    """Tell what happened and what it did, but for names that would hurt if seen: the page is passed on."""
    for told in happenings(one, store):
        joined, left = (", ".join(_to_show(names, store)) for names in (told.joined, told.left))
        if told.what == TIME_PASSED and not joined and not left:
            continue
        day = shop_day(told.at, store.shop.zone).isoformat()
        money = told.amount if told.currency == store.shop.currency else None
        yield told.what, day, None, None, None, money, "", joined, left


def _to_show(names: Sequence[str], store: Store) -> Sequence[str]:
    """Leave out what is internal and not switched on."""
    entries = ((name, store.catalogue.entry(name)) for name in names)
    return [name for name, entry in entries if entry and (entry.on or not entry.internal)]


def happenings(one: Features, store: Store) -> Sequence[Happening]:
    """Return what `nextorder why` tells of the customer's life."""
    return lives.timeline(
        one.customer,
        store.facts[one.customer],
        store.shop,
        store.told.model,
        catalogue=store.catalogue,
        until=store.as_of,
    )


def _says(one: Features, store: Store) -> str:
    shop = with_own_window(one, store.shop)
    buyer = Buyer(features=one, shop=shop, model=store.told.model)
    days, last_at = shop.numbers.window.days, one.order_days[-1].at
    then, now = (
        p_within(store.told.model, buyer.history(moment), days).value for moment in (last_at, store.as_of)
    )
    return (
        f"Customer {one.customer} has ordered on {counted(len(one.order_days), 'day')}, the last time on "
        f"{day_in_words(last_at, shop)}: the chance of another order within {days} days was {percent(then)} "
        f"then and is {percent(now)} now."
    )
