"""
The buy family: who is likely to order within 5 days, and who within hours.

Both are compared with the crowd (a rank, a multiple of the base), and a marked day's factor is
the crowd's too: it cancels. What does not cancel is a closed day, on which nobody enters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.calendar import marked
from nextorder.domain.live_signals import Signal, signals
from nextorder.domain.placing import Placing, Told
from nextorder.domain.segments_cart import bought_after, bought_at
from nextorder.domain.segments_course import DAY, FARTHEST, SECOND, Course, whole_second
from nextorder.domain.segments_families import is_given
from nextorder.domain.verdict import Segment
from nextorder.domain.withholding import SOON_RESTS_ON
from nextorder.scoring.predict import chance_of_order, p_within

HORIZON_DAYS: Final = 5
NOW, SOON = "now", "5d"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A value from a second on, until another."""

    value: str
    since: datetime
    until: datetime

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in it; its end does not."""
        return self.since <= moment < self.until


def buy(placing: Placing) -> Mapping[str, Told]:
    """Place a customer in buy:now, which goes before, or buy:5d."""
    if not is_given("buy", placing.shop.numbers):
        return {}
    stretches = [*_now(placing), *_soon(placing)]
    return {"buy": _tell(stretches, placing.features.as_of)} if stretches else {}


def _now(placing: Placing) -> Iterator[Stretch]:
    """
    Follow the signals by their own times: some hours each, an order ends it, one in some days.

    A signal that comes too soon after the last is taken up if it is still live when it may be.
    """
    threshold, numbers = placing.catalogue.threshold, placing.shop.numbers
    least = threshold("buy:now", "over_base") * numbers.base.get("0.5", 0.0)
    if least <= 0 or "buy:now" in numbers.withheld:
        return
    lasts, lives = (timedelta(hours=threshold("buy:now", key)) for key in ("hours", "signal_hours"))
    pause = timedelta(days=threshold("buy:now", "once_in_days"))
    bought = bought_at(placing.features)
    free_at: datetime | None = None
    for signal in signals(placing):
        since = _first_open(placing, whole_second(max(signal.at, free_at or signal.at)))
        until = _ends(signal, since + lasts, bought)
        if signal.chance >= least and since <= signal.at + lives and since < until:
            yield Stretch(value=NOW, since=since, until=until)
            free_at = since + pause


def _ends(signal: Signal, at_the_latest: datetime, bought: Sequence[datetime]) -> datetime:
    order = bought_after(signal.at, bought)
    return min(whole_second(order), at_the_latest) if order else at_the_latest


def _soon(placing: Placing) -> Iterator[Stretch]:
    """
    Solve the one stretch since the last order in which 5 days are enough.

    Without an order the chance only falls: whoever is not in once the parcel has arrived never will be.
    """
    buyer, ranks = placing.buyer, _ranks(placing)
    if buyer is None or ranks is None or SOON_RESTS_ON in placing.shop.withheld:
        return
    way_in, way_out = ranks
    since = _enters(placing, buyer)
    history = buyer.history(since)
    likely = p_within(buyer.model, history, HORIZON_DAYS, key=f"{HORIZON_DAYS}")
    base = placing.shop.numbers.base.get(f"{HORIZON_DAYS}", 0.0)
    if likely.value < way_in or likely.lo <= placing.catalogue.threshold("buy:5d", "lo_over_base") * base:
        return
    entry = placing.catalogue.entry("buy:5d")
    shortest = timedelta(days=entry.flow_days if entry else 0)
    course = Course(
        start=since,
        origin=buyer.first_at,
        rungs=((SOON, way_out),),
        rest="",
        curve=lambda age_days: chance_of_order(buyer.model, history.at(age_days), HORIZON_DAYS),
    )
    falls_at = course.ends(SOON, since) or since + FARTHEST
    yield Stretch(value=SOON, since=since, until=max(falls_at, since + shortest))


def _ranks(placing: Placing) -> tuple[float, float] | None:
    """Return P(5 d) at the ways in and out, frozen at the fit; None where there is none."""
    frozen = {float(share): chance for share, chance in placing.shop.numbers.chance_ranks.items()}
    way_in, way_out = (frozen.get(placing.catalogue.threshold("buy:5d", key)) for key in ("rank", "rank_out"))
    return (way_in, way_out) if way_in and way_out else None


def _enters(placing: Placing, buyer: Buyer) -> datetime:
    """Return when the last order's parcel has arrived, 5 days at least, and no subscription orders."""
    patience = max(HORIZON_DAYS, placing.shop.delivery_days) * DAY
    parcel_at = buyer.features.ordered_at[-1] + patience
    return _first_open(placing, whole_second(max(parcel_at, buyer.features.subscription_until or parcel_at)))


def _first_open(placing: Placing, moment: datetime) -> datetime:
    """Return the first second from a moment on at which the shop is open and no subscription runs."""
    since, until = placing.features.subscription_since, placing.features.subscription_until
    if since and until and since <= moment < until:
        moment = whole_second(until)
    marks = (marked(days, placing.shop.zone) for days in placing.shop.calendar)
    for mark in sorted(marks, key=lambda mark: mark.start):
        if mark.factor == 0 and mark.start <= moment < mark.end:
            moment = mark.end
    return moment


def _tell(stretches: Sequence[Stretch], as_of: datetime) -> Told:
    """Tell what holds of stretches, the first before the others, since when, and until when."""

    def value_at(moment: datetime) -> str:
        return next((one.value for one in stretches if one.holds(moment)), "")

    ends = sorted({moment for one in stretches for moment in (one.since, one.until)})
    value = value_at(as_of)
    due_at = next((moment for moment in ends if moment > as_of and value_at(moment) != value), None)
    if not value:
        return None, due_at
    past = (moment for moment in reversed(ends) if moment <= as_of)
    since = next(moment for moment in past if value_at(moment - SECOND) != value)
    return Segment(value=value, since=since, previous=value_at(since - SECOND)), due_at
