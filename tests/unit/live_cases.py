"""Customers with checkouts, in a shop that knows its ranks and bases."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import strategies as st

from nextorder.domain.facts import Checkout, StoredFact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment, Verdict
from tests.unit.shop_cases import NUMBERS, SECOND, SHOP, START, an_order, verdict_at

HOUR = timedelta(hours=1)
LIVE_NUMBERS = replace(
    NUMBERS,
    base={"0.5": 0.004, "5": 0.03},
    chance_ranks={"0.1": 0.08, "0.15": 0.06},
)
LIVE = replace(SHOP, numbers=LIVE_NUMBERS)


def at(days: float) -> datetime:
    return START + timedelta(seconds=round(days * 86_400))


def a_checkout(days: float, *, completed: float | None = None, name: str = "", total: int = 100) -> Checkout:
    """Make a checkout opened, and perhaps completed, so many days after START."""
    return Checkout(
        id=name or f"C{days:g}",
        customer="7",
        placed_at=at(days),
        updated_at=at(completed or days),
        total=total,
        completed_at=at(completed) if completed is not None else None,
    )


def segment_at(family: str, *facts: StoredFact, days: float, shop: Shop = LIVE) -> Segment | None:
    return verdict_at(*facts, as_of=at(days), shop=shop)[0].segments.get(family)


def value_at(family: str, *facts: StoredFact, days: float, shop: Shop = LIVE) -> str:
    found = segment_at(family, *facts, days=days, shop=shop)
    return found.value if found else ""


def steps(
    *facts: StoredFact, as_of: datetime, until: datetime, shop: Shop = LIVE
) -> Iterator[tuple[datetime, Verdict]]:
    """Yield each moment at which something changes by time alone, solved one after the other."""
    verdict, due_at = verdict_at(*facts, as_of=as_of, shop=shop)
    yield as_of, verdict
    while due_at and due_at < until:
        before = verdict_at(*facts, as_of=due_at - SECOND, shop=shop)[0]
        assert _told(before) == _told(verdict)
        later, next_due_at = verdict_at(*facts, as_of=due_at, shop=shop)
        assert _told(later) != _told(verdict)
        assert next_due_at is None or next_due_at > due_at
        yield due_at, later
        verdict, due_at = later, next_due_at


def _told(verdict: Verdict) -> dict[str, tuple[str, datetime, str]]:
    return {
        family: (segment.value, segment.since, segment.previous)
        for family, segment in verdict.segments.items()
    }


@st.composite
def shoppers(draw: st.DrawFn) -> tuple[Sequence[StoredFact], float]:
    """Draw orders and checkouts over some weeks, with the day of the last."""
    gaps = st.sampled_from([0.01, 0.05, 0.3, 1.0, 2.9, 4.5, 5.0, 8.0, 20.0])
    facts: list[StoredFact] = []
    day = 0.0
    for number in range(draw(st.integers(1, 8))):
        day += draw(gaps)
        kind = draw(st.sampled_from(["order", "checkout", "checkout", "completed"]))
        if kind == "order":
            facts.append(an_order(day, name=str(number)))
        else:
            completed = day + 0.007 if kind == "completed" else None
            facts.append(a_checkout(day, completed=completed, name=str(number)))
    return facts, day + 0.01
