"""A merchant's own segments: all conditions hold, since when, and when that ends by time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from nextorder.domain.affinity import affinities
from nextorder.domain.catalogue import OWN
from nextorder.domain.money import minor_digits
from nextorder.domain.own_words import NONE, Condition, Kind
from nextorder.domain.placing import Placing, Told
from nextorder.domain.published import segment_name
from nextorder.domain.segments_course import SECOND, Course, whole_second
from nextorder.domain.segments_families import has_enough_history, rank
from nextorder.domain.verdict import Segment
from nextorder.domain.withholding import withheld_segments
from nextorder.scoring.counts import chance_of_order

UNSPOKEN: Final = frozenset({"value:negative"})
"""To an own segment it is no value: see VOCABULARY."""


class Answer(NamedTuple):
    """
    Whether a condition holds, since when it stands as it does, and when that turns by time alone.

    Between two facts a condition turns once at most: curves only fall, ages only grow. A
    condition on a family gives no moment, since the family is due at its own.
    """

    holds: bool
    since: datetime
    turns: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """One customer with the other families' answers."""

    placing: Placing
    told: Mapping[str, Told]
    placed_at: datetime
    """The last order or refund, else when the customer became known."""

    @property
    def as_of(self) -> datetime:
        return self.placing.features.as_of


def own_segments(placing: Placing, told: Mapping[str, Told]) -> Mapping[str, Told]:
    """Answer for each own segment of the catalogue, from the other families' answers."""
    own = placing.catalogue.own
    if not own or not has_enough_history(placing.shop.numbers) or OWN in placing.shop.numbers.withheld:
        return {}
    features = placing.features
    moments = (*features.ordered_at[-1:], *features.refunded_at[-1:])
    placed_at = max(moments, default=features.known_since or features.as_of)
    case = _Case(placing=placing, told=told, placed_at=placed_at)
    withheld = withheld_segments(placing.shop, placing.catalogue)
    return {
        name: _joined([_WEIGHED[c.kind](c, case) for c in conditions], case.as_of)
        for name, conditions in own.items()
        if name not in withheld
    }


def _joined(answers: Sequence[Answer], as_of: datetime) -> Told:
    """All must hold; what is not yet so begins when the last condition turns, if the others last."""
    ends = min((one.turns for one in answers if one.holds and one.turns), default=None)
    missing = [one.turns for one in answers if not one.holds]
    if not missing:
        return Segment(value="", since=min(as_of, max(one.since for one in answers))), ends
    known = [moment for moment in missing if moment]
    if len(known) < len(missing):
        return None, None
    begins = max(known)
    return None, begins if ends is None or begins < ends else None


def _family(condition: Condition, case: _Case) -> Answer:
    """Since when a value stands is its own; that none does is dated back to the last order or refund."""
    held = [(segment_name(key, segment), segment) for key, (segment, _) in case.told.items() if segment]
    mine = [(n, one) for n, one in held if n.partition(":")[0] == condition.word and n not in UNSPOKEN]
    values = {name.partition(":")[2] or "on" for name, _ in mine} or {NONE, "off"}
    since = max((segment.since for _, segment in mine), default=case.placed_at)
    return Answer(bool(values & condition.among) is not condition.negated, since)


def _affinity(condition: Condition, case: _Case) -> Answer:
    liked = affinities(case.placing.features.purchases, case.placing.shop.numbers)
    return Answer(bool(condition.among.intersection(liked)) is not condition.negated, case.placed_at)


def _consent(condition: Condition, case: _Case) -> Answer:
    features = case.placing.features
    state = dict(features.consents).get(condition.word, NONE)
    told_at = features.email_told_at if condition.word == "email" else features.consent_known_at
    return Answer((state in condition.among) is not condition.negated, told_at or case.placed_at)


def _count(condition: Condition, case: _Case) -> Answer:
    """Order days, since the order day that made the number pass."""
    features = case.placing.features
    older, days = features.missing_orders, features.order_days
    verdicts = [_compares(condition, older + n) for n in range(len(days) + 1)]
    turned = max((n for n, holds in enumerate(verdicts) if holds is not verdicts[-1]), default=-1)
    since = days[turned].at if turned >= 0 else features.known_since or case.placed_at
    return Answer(verdicts[-1], since)


def _age(condition: Condition, case: _Case) -> Answer:
    """Days since a moment: they pass the number in one second, found exactly."""
    features = case.placing.features
    start = {
        "days_since_last_order": features.ordered_at[-1] if features.ordered_at else None,
        "days_since_first_order": features.ordered_at[0] if features.ordered_at else None,
        "days_since_sign_up": features.signed_up_at,
    }[condition.word]
    if start is None:
        return Answer(False, case.placed_at)  # noqa: FBT003 - holds
    reached = start + timedelta(days=condition.amount)
    edge = whole_second(reached)
    if condition.comparison in (">", "<=") and edge == reached:
        edge += SECOND
    is_older = case.as_of >= edge
    holds = is_older is condition.comparison.startswith(">")
    return Answer(holds, edge, None) if is_older else Answer(holds, start, edge)


def _money(condition: Condition, case: _Case) -> Answer:
    if case.placing.features.unpriced:
        return Answer(False, case.placed_at)  # noqa: FBT003 - holds
    minor: int = getattr(case.placing.features, condition.word)
    amount = minor / 10 ** minor_digits(case.placing.shop.currency)
    return Answer(_compares(condition, amount), case.placed_at)


def _share(condition: Condition, case: _Case) -> Answer:
    return Answer(_compares(condition, case.placing.features.return_share), case.placed_at)


def _chance(condition: Condition, case: _Case) -> Answer:
    """A chance against the store's base: the base model with the clock averaged, so that it only falls."""
    horizon = condition.word.removeprefix("p_").removesuffix("d")
    level = condition.amount * case.placing.shop.numbers.base.get(horizon, 0.0)
    buyer = case.placing.buyer
    if buyer is None or level <= 0:
        return Answer(False, case.placed_at)  # noqa: FBT003 - holds
    model, history = buyer.model, buyer.history(case.placed_at)
    return _falling(
        condition, case, level, lambda age: chance_of_order(model, history.at(age), float(horizon))
    )


def _kept(condition: Condition, case: _Case) -> Answer:
    buyer = case.placing.buyer
    if buyer is None:
        return Answer(False, case.placed_at)  # noqa: FBT003 - holds
    return _falling(condition, case, condition.amount, buyer.kept(case.placed_at))


def _worth(condition: Condition, case: _Case) -> Answer:
    buyer = case.placing.buyer
    level = rank(case.placing.shop.numbers, condition.amount)
    if buyer is None or buyer.unpriced or level is None or level <= 0:
        return Answer(False, case.placed_at)  # noqa: FBT003 - holds
    return _falling(condition, case, level, buyer.worth(case.placed_at))


def _falling(condition: Condition, case: _Case, level: float, curve: Callable[[float], float]) -> Answer:
    """A number that only falls between facts is above a level until one solved second."""
    buyer = case.placing.buyer
    assert buyer is not None  # noqa: S101 - the callers have looked
    start = max(case.placed_at, buyer.first_at)
    course = Course(start=start, origin=buyer.first_at, rungs=(("above", level),), rest="below", curve=curve)
    value = course.at(case.as_of)
    holds = (value == "above") is condition.comparison.startswith(">")
    return Answer(holds, course.began(value, case.as_of), course.ends(value, case.as_of))


def _compares(condition: Condition, number: float) -> bool:
    return {
        ">": number > condition.amount,
        ">=": number >= condition.amount,
        "<": number < condition.amount,
        "<=": number <= condition.amount,
    }[condition.comparison]


_WEIGHED: Final[Mapping[Kind, Callable[[Condition, _Case], Answer]]] = {
    Kind.FAMILY: _family,
    Kind.AFFINITY: _affinity,
    Kind.CONSENT: _consent,
    Kind.COUNT: _count,
    Kind.AGE: _age,
    Kind.MONEY: _money,
    Kind.SHARE: _share,
    Kind.CHANCE: _chance,
    Kind.KEPT: _kept,
    Kind.WORTH: _worth,
}
