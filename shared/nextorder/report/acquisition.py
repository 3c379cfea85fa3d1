"""Who new customers are worth winning: what those of each source, code or campaign bring in a year."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from nextorder.domain.segments_families import has_enough_history
from nextorder.domain.spend_file import Spend
from nextorder.report.beginners import today
from nextorder.report.groups import LEAST, Group, Groups, groups_of, won_lately
from nextorder.report.newcomers import NOT_KNOWN, Newcomers, newcomers
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import estimated, number, percent

KEY: Final = "acquisition"
TITLE: Final = "Which new customers are worth winning"
STORE: Final = "the store"
YEAR: Final = timedelta(days=365)
INTERVAL: Final = (
    "the average of such customers lies within it four times out of five; even where all groups were alike, "
    "chance alone would make one look better or worse in one store of ten"
)
COLUMNS: Final = (
    Column(name="dimension", label="by", kind=Kind.TEXT),
    Column(name="name", label="which", kind=Kind.TEXT),
    Column(name="n", label="new customers in 12 months", kind=Kind.COUNT),
    Column(name="share", label="of all", kind=Kind.SHARE),
    Column(name="recent", label="in the last 90 days", kind=Kind.COUNT),
    Column(name="before", label="in the 90 days before", kind=Kind.COUNT),
    Column(name="first_profit", label="gross profit of the first order", kind=Kind.MONEY),
    Column(name="year", label="gross profit of the first year", kind=Kind.MONEY),
    Column(name="year_lo", label="first year, at least", kind=Kind.MONEY),
    Column(name="year_hi", label="first year, at most", kind=Kind.MONEY),
    Column(name="compared", label="against all others", kind=Kind.TEXT),
    Column(name="spend", label="spent to win one", kind=Kind.MONEY),
    Column(name="left", label="left of the first year", kind=Kind.MONEY),
    Column(name="left_lo", label="left, at least", kind=Kind.MONEY),
    Column(name="left_hi", label="left, at most", kind=Kind.MONEY),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Won:
    """New customers of a year by group, and why nothing is said of them; `missing` empty = it is."""

    groups: Groups
    people: Newcomers
    share: float = 1.0
    """How much of everyone these are."""
    missing: str = ""

    def in_all(self, count: float) -> int:
        """Return what a count of these makes of everyone."""
        return round(count / self.share)


def won(store: Store, spend: Iterable[Spend] = ()) -> Won:
    """Group the new customers of the last year; those on whom money was spent are told apart if few."""
    people = newcomers(store)
    named: dict[str, set[str]] = defaultdict(set)
    for one in spend:
        named[one.dimension].add(one.name)
    groups = groups_of(people, today(store), named)
    return Won(groups=groups, people=people, share=store.share, missing=_missing(store, groups))


def acquisition(store: Store, spend: Sequence[Spend] = ()) -> Picture:
    """Lay out each group's first year, against what was spent on it where that is told."""
    found = won(store, spend)
    groups = found.groups
    return Picture(
        key=KEY,
        title=TITLE,
        says=found.missing or _says(found, spend, store),
        n=groups.n,
        unit="customers won in the last 12 months",
        interval=INTERVAL if groups.found else "",
        columns=COLUMNS,
        rows=() if found.missing else tuple(_rows(found, spend, today(store))),
    )


def _missing(store: Store, groups: Groups) -> str:
    if why := store.why_unvalued:
        return why
    if not has_enough_history(store.shop.numbers):
        return "Too few second orders to tell what new customers will bring: under 50 in all."
    if groups.n < LEAST:
        return (
            f"{number(groups.n)} customers were won in the last 12 months: from {LEAST} on they are compared."
        )
    return ""


def _rows(found: Won, spend: Sequence[Spend], now: date) -> Iterator[Sequence[Value]]:
    for group in (_of_store(found, now), *found.groups.found):
        year = group.year
        cost = spent_on_one(group, spend, found, now)
        yield (
            group.dimension,
            group.name,
            found.in_all(group.n),
            group.n / found.groups.n,
            found.in_all(group.recent),
            found.in_all(group.before),
            round(group.first_profit),
            round(year.value),
            _less(year.lo, 0.0),
            _less(year.hi, 0.0),
            str(group.compared),
            None if cost is None else round(cost),
            _less(year.value, cost),
            _less(year.lo, cost),
            _less(year.hi, cost),
        )


def _of_store(found: Won, now: date) -> Group:
    """Return all newcomers as a group: what the others are beside."""
    groups = found.groups
    recent, before = won_lately(found.people, range(groups.n), now)
    return Group(
        dimension=STORE,
        name=STORE,
        n=groups.n,
        recent=recent,
        before=before,
        first_profit=float(found.people.first_profit.mean()),
        year=groups.year,
    )


def _less(value: float | None, cost: float | None) -> int | None:
    return None if value is None or cost is None else round(value - cost)


def spent_on_one(group: Group, spend: Iterable[Spend], found: Won, now: date) -> float | None:
    """
    Return what a customer of a group cost to win, minor units; None where nothing is told.

    Only days of the last year count, and only who was won on the days that are told of; an amount
    falls evenly on its days.
    """
    own = [one for one in spend if (one.dimension, one.name) == (group.dimension, group.name.casefold())]
    if not own:
        return None
    parts = [(one, *_within(one, now)) for one in own]
    won_then = sum(
        any(first <= day <= last for _, first, last in parts)
        for day, name in zip(found.people.first_days, found.people.names[group.dimension], strict=True)
        if name == group.name
    )
    if not won_then:
        return None
    spent = sum(one.amount * max((last - first).days + 1, 0) / one.days for one, first, last in parts)
    return spent / won_then * found.share


def _within(one: Spend, now: date) -> tuple[date, date]:
    """Cut a line's days to those of the last year, the day that is not over left out."""
    return max(one.first, now - YEAR), min(one.last, now - timedelta(days=1))


def in_vain(people: Newcomers, spend: Iterable[Spend], now: date) -> Sequence[Spend]:
    """Return the lines on whose days nobody was won by what they name, or who is called otherwise."""
    came = {
        (dimension, name.casefold(), day)
        for dimension, names in people.names.items()
        for name, day in zip(names, people.first_days, strict=True)
    }
    return [
        one for one in spend if not any((one.dimension, one.name, day) in came for day in _days(one, now))
    ]


def _days(one: Spend, now: date) -> Iterator[date]:
    first, last = _within(one, now)
    return (first + timedelta(days=ago) for ago in range((last - first).days + 1))


def _says(found: Won, spend: Sequence[Spend], store: Store) -> str:
    groups = found.groups

    year, range_ = estimated(groups.year, store.shop.currency)
    whole = f"{year} of gross profit in the first year ({range_})"
    said = f"A new customer brings {whole}"
    apart = [one for one in groups.found if one.compared]
    best = max(apart, key=lambda one: abs(one.year.value - groups.year.value) * one.n, default=None)
    if not groups.found:
        said += ", and the orders tell no source, code, product or country by which they could be compared"
    elif best is None:
        said += ", and no source, code, product or country clearly stands out"
    else:
        brings, _ = estimated(best.year, store.shop.currency)
        said += f"; those by {best.dimension} {best.name} bring {brings}, {best.compared}"
        said += " than the others"
    if losing := _losing(found, spend, today(store)):
        said += f"; winning one by {losing.dimension} {losing.name} costs more than the year brings"
    known = 1 - found.people.names["source"].count(NOT_KNOWN) / groups.n
    whence = f"is known of {percent(known)}" if known else "is not known of any of them"
    return f"{said}. Where they came from {whence}."


def _losing(found: Won, spend: Sequence[Spend], now: date) -> Group | None:
    """Return the largest group whose whole range lies below what a customer of it costs."""
    paid = ((one, spent_on_one(one, spend, found, now)) for one in found.groups.found)
    losing = [one for one, cost in paid if cost is not None and (one.year.hi or 0.0) < cost]
    return max(losing, key=lambda one: one.n, default=None)
