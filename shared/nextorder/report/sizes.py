"""How many customers stood where, month by month: told again by the rules and numbers of now."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.catalogue import LIFE_BY_AGE, RISKS
from nextorder.domain.holdout import held_out
from nextorder.domain.phrases import day_in_words
from nextorder.domain.published import shop_day
from nextorder.domain.stages import stages
from nextorder.report.life import LIFE
from nextorder.report.page import Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import counted, number

KEY: Final = "sizes"
TITLE: Final = "How many are where"
MONTHS: Final = 24
A_YEAR: Final = 12
AGAIN: Final = ("repeat", "loyal", "champion", "subscriber")
COLUMNS: Final = (
    Column(name="day", label="at the end of", kind=Kind.DATE),
    Column(name="family", label="family", kind=Kind.TEXT),
    Column(name="segment", label="segment", kind=Kind.TEXT),
    Column(name="customers", label="customers", kind=Kind.COUNT),
)

Sizes = tuple[Counter[str], Counter[str]]
"""Of life and of risk at one moment."""


def sizes(store: Store) -> Picture:
    """Count life and risk at the ends of the last 24 months and now; every customer has one life at most."""
    moments = month_ends(store)
    told = sizes_at(store, moments)
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(store, moments, told),
        n=told[0][0].total(),
        unit=unit_of(told[0][0].total(), store),
        columns=COLUMNS,
        rows=tuple(_rows(store, moments, told)),
    )


def unit_of(count: int, store: Store) -> str:
    """Say of whom so many have a stage of life: buyers have one, and others may."""
    others = ", with subscribers and contacts who have not ordered yet"
    return f"customers{others if count > len(store.buyers) else ''}"


def month_ends(store: Store) -> Sequence[datetime]:
    """Return now and the last seconds of the shop's last months in which anybody was known, falling."""
    zone, known = store.shop.zone, [one.known_since for one in store.everyone if one.known_since]
    found, moment = [store.as_of], store.as_of
    for _ in range(MONTHS):
        first = moment.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        moment = first.astimezone(store.as_of.tzinfo) - timedelta(seconds=1)
        if not known or moment < min(known):
            break
        found.append(moment)
    return found


def sizes_at(store: Store, moments: Sequence[datetime]) -> Sequence[Sizes]:
    """Count who stood where at falling moments."""
    model = store.told.model
    told = [stages(one, store.shop, model, store.catalogue, moments) for one in store.everyone]
    return [
        (
            Counter(life[place] for life, _ in told if life[place]),
            Counter(risk[place] for _, risk in told if risk[place]),
        )
        for place in range(len(moments))
    ]


def _rows(store: Store, moments: Sequence[datetime], told: Sequence[Sizes]) -> Iterator[Sequence[Value]]:
    """Tell of every segment that anybody was in, the oldest moment first."""
    for moment, counts in reversed(list(zip(moments, told, strict=True))):
        day = shop_day(moment, store.shop.zone).isoformat()
        for place, (family, values) in enumerate((("life", LIFE), ("risk", RISKS))):
            seen = [value for value in values if any(one[place][value] for one in told)]
            yield from ((day, family, value, store.in_all(counts[place][value])) for value in seen)


def _says(store: Store, moments: Sequence[datetime], told: Sequence[Sizes]) -> str:
    now, *earlier = [_in_short(life, store) for life, _ in told]
    rules = f"by today's rules and today's window of {store.shop.numbers.window.days} days"
    said = (
        f"{counted(now[0], 'customer')} with one order can still come back in the window, {_some(now[1])} "
        f"missed it and {_some(now[2])} ordered again"
    )
    if not earlier:
        return f"{said}, {rules}.{_tags(store)}"
    then = min(A_YEAR, len(earlier))
    day = day_in_words(moments[then], store.shop)
    were = " and ".join((", ".join(map(number, earlier[then - 1][:2])), number(earlier[then - 1][2])))
    return f"{said}; on {day} these were {were}, {rules}.{_tags(store)}"


def _some(count: int) -> str:
    return number(count) if count else "none"


def _tags(store: Store) -> str:
    """Say why as many customers are not in the segments of Shopify and Klaviyo."""
    gid, share = store.shop.gid, store.shop.holdout_share
    held = store.in_all(sum(held_out(gid, one.customer, share) for one in store.everyone))
    are = "is held out and has none" if held == 1 else "are held out and have none"
    without = f"{number(held)} of all these {are}, " if held else ""
    return (
        f" Tags and segments count otherwise: {without}a stage that is too small is shown as its neighbour, "
        "and who is in a segment may stay a little longer."
    )


def _in_short(life: Counter[str], store: Store) -> tuple[int, int, int]:
    """Count who is in the window, who missed it, and who came back."""
    return (
        store.in_all(sum(life[value] for value in LIFE_BY_AGE)),
        store.in_all(life["missed"]),
        store.in_all(sum(life[value] for value in AGAIN)),
    )
