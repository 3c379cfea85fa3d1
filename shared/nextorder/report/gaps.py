"""When categories are bought again: the days between a customer's orders of the same category."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from nextorder.domain.segments_families import has_enough_history, is_given
from nextorder.domain.shop import Gaps
from nextorder.report.page import NOT_KNOWN, Column, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import number
from nextorder.scoring.interval import wilson
from nextorder.training.habits import YEAR, Wait, days_by, waits_of

KEY: Final = "gaps"
TITLE: Final = "When categories are bought again"
MOST_CATEGORIES: Final = 6
LEAST_GAPS: Final = 30
STEP_DAYS: Final = 14
MOST_DAYS: Final = 364
HALF: Final = 0.5
POINTS: Final = (0.40, 0.75, 0.95)
"""At which somebody is due, late, and not told any more."""
COLUMNS: Final = (
    Column(name="category", label="category", kind=Kind.TEXT),
    Column(name="days_from", label="from", kind=Kind.DAYS),
    Column(name="days_until", label="until", kind=Kind.DAYS),
    Column(name="gaps", label="gaps seen", kind=Kind.COUNT),
    Column(name="middle", label="half come within", kind=Kind.DAYS),
    Column(name="middle_lo", label="half, at least", kind=Kind.DAYS),
    Column(name="middle_hi", label="half, at most", kind=Kind.DAYS),
    Column(name="due", label="due from (40 of 100 have come)", kind=Kind.DAYS),
    Column(name="due_lo", label="due, at least", kind=Kind.DAYS),
    Column(name="due_hi", label="due, at most", kind=Kind.DAYS),
    Column(name="late", label="late from (75 of 100)", kind=Kind.DAYS),
    Column(name="late_lo", label="late, at least", kind=Kind.DAYS),
    Column(name="late_hi", label="late, at most", kind=Kind.DAYS),
    Column(name="over", label="no longer told (95 of 100)", kind=Kind.DAYS),
    Column(name="over_lo", label="no longer told, at least", kind=Kind.DAYS),
    Column(name="over_hi", label="no longer told, at most", kind=Kind.DAYS),
)
INTERVAL: Final = "what so few gaps leave open of the day by which so many come, four times out of five"


def gaps(store: Store) -> Picture:
    """
    Count gaps of up to a year by fortnights, of the six categories with the most of them.

    Bars count what was seen; the points are of all who come back within a year, so that those
    who are still waiting count, too. Due, late and over are the shop's frozen numbers, by which
    customers are told apart, and stand only where there is a rhythm. The ranges are of the points.
    """
    waits = {
        category: found
        for category, found in waits_of(store.everyone).items()
        if sum(wait.came for wait in found) >= LEAST_GAPS
    }
    told = sorted(waits, key=lambda one: (-sum(wait.came for wait in waits[one]), one))[:MOST_CATEGORIES]
    return Picture(
        key=KEY,
        title=TITLE,
        says=_says(store, {category: waits[category] for category in told}),
        n=sum(wait.came for category in told for wait in waits[category]),
        unit="gaps between orders",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(row for category in told for row in _rows(category, waits[category], store)),
    )


def _rows(category: str, waits: Sequence[Wait], store: Store) -> Iterator[Sequence[Value]]:
    counts = Counter(int(wait.days // STEP_DAYS) * STEP_DAYS for wait in waits if wait.came)
    frozen = _frozen(store).get(category)
    middle = days_by(waits, HALF, *share_range(HALF, waits)) if frozen or _is_followed(waits) else NOT_KNOWN
    points = *middle, *_points(waits, frozen)
    for start in range(0, MOST_DAYS, STEP_DAYS):
        yield category, start, start + STEP_DAYS, counts[start], *points


def _is_followed(waits: Sequence[Wait]) -> bool:
    """Whether enough have been watched for a year: a young shop has seen its short gaps alone."""
    return sum(wait.began_days >= YEAR for wait in waits) >= LEAST_GAPS


def _points(waits: Sequence[Wait], frozen: Gaps | None) -> Iterator[Value]:
    """Yield due, late and over as they are frozen, each with the range of today's gaps around it."""
    if frozen is None:
        yield from NOT_KNOWN * len(POINTS)
        return
    ends = iter(days_by(waits, *(end for point in POINTS for end in share_range(point, waits))))
    for day, low, high in zip((frozen.day_40, frozen.day_75, frozen.day_95), ends, ends, strict=True):
        yield from (day, min(low, day), max(high, day))


def share_range(point: float, waits: Sequence[Wait]) -> tuple[float, float]:
    """
    Return the shares whose days are the ends of the range of a point's day.

    By inverting the range of the share (Woodruff, "Confidence Intervals for Medians and Other
    Position Measures", JASA 47(260), 1952), of the gaps of up to a year that were seen to their end.
    """
    return wilson(point, sum(wait.came and wait.days <= YEAR for wait in waits))


def _says(store: Store, waits: Mapping[str, Sequence[Wait]]) -> str:
    if not waits:
        return (
            f"No category has been bought again {LEAST_GAPS} times yet; from then on its days between orders "
            "stand here."
        )
    frozen = _frozen(store)
    steady = next((category for category in waits if category in frozen), None)
    if steady is not None:
        due, late = frozen[steady].day_40, frozen[steady].day_75
        return (
            f"Who buys {steady} again usually does so {number(due)} to {number(late)} days later: "
            "that is when they are said to be due."
        )
    category = next((category for category in waits if _is_followed(waits[category])), "")
    if not category:
        category = next(iter(waits))
        times = number(sum(wait.came for wait in waits[category]))
        return (
            f"Customers have bought {category} again {times} times; how long that usually takes is told once "
            "it has been watched for a year."
        )
    middle = number(*days_by(waits[category], HALF))
    half = f"Half of those who buy {category} again within a year do so within {middle} days"
    if not has_enough_history(store.shop.numbers):
        return f"{half}; of too few customers yet to say who is due."
    return f"{half}, but not at a rhythm that a date could rest on: nobody is said to be due."


def _frozen(store: Store) -> Mapping[str, Gaps]:
    """Return the days by which customers are said to be due; none where nobody is."""
    numbers = store.shop.numbers
    return numbers.gaps if is_given("replenish", numbers) else {}
