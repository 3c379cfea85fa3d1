"""Why a customer is where they are, what moves their chances, and what would change it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.calendar import ahead, marked
from nextorder.domain.facts import Order, OrderLine, StoredFact
from nextorder.domain.features import Features, compute_features
from nextorder.domain.published import segment_name
from nextorder.domain.states import Standards, state_after
from nextorder.domain.timeline import Happening, names_of, timeline
from nextorder.domain.verdict import State
from nextorder.scoring.estimate import Estimate
from nextorder.scoring.predict import HORIZONS, forecast
from nextorder.scoring.why import METHOD, Why, why

FARTHEST: Final = timedelta(days=365)
MOST_TURNS: Final = 3
MOST_LOOKS: Final = 50
"""Moments at which a verdict is looked at again and nothing that has a name changes."""
TOMORROW: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What changes at a moment to come."""

    at: datetime
    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    """What destinations will show then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A published chance, and what it is made of."""

    told: Estimate
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that explains one customer's verdict; numbers and words of our own, nothing personal."""

    customer: str
    at: datetime
    """When the verdict was reached, and of which everything here speaks."""
    model: str
    method: str
    segments: Mapping[str, str]
    """Name -> its reason."""
    reasons: tuple[str, ...]
    """What the metafield and the property say, the same words."""
    timeline: tuple[Happening, ...]
    chances: Mapping[str, Chance]
    """Key = horizon in days as text; empty for who has not ordered, and who is withheld."""
    by_itself: tuple[Turn, ...]
    """Without another fact, the next moments that change a segment, within a year."""
    with_an_order: Turn
    """If an order like the last one came a day after `now`."""
    shown: tuple[str, ...]


def account(
    customer: str, facts: Sequence[StoredFact], state: State, standards: Standards, *, now: datetime
) -> Account:
    """Explain the state that is held; pure, and all of it follows from facts, numbers and clock."""
    shop, model = standards.shop, standards.model()
    verdict = state.verdict
    at = verdict.scored_at or now
    features = compute_features(customer, facts, shop, at)
    order = _like_the_last(customer, facts, features, standards, now + TOMORROW)
    return Account(
        customer=customer,
        at=at,
        model=model.name,
        method=METHOD,
        segments={segment_name(key, one): one.reason for key, one in sorted(verdict.segments.items())},
        reasons=verdict.reasons,
        timeline=timeline(customer, facts, shop, model, catalogue=standards.catalogue, until=now),
        chances=chances_apart(features, standards),
        by_itself=tuple(_turns(customer, facts, state, standards, now)),
        with_an_order=_turn(
            state, _after(customer, [*facts, order], state, standards, order.placed_at), order.placed_at
        ),
        shown=state.shown_in,
    )


def chances_apart(features: Features, standards: Standards) -> Mapping[str, Chance]:
    """Take each published chance apart, as of the features' moment."""
    if not features.order_days or features.withheld:
        return {}
    shop, model = standards.shop, standards.model()
    history = Buyer(features=features, shop=shop, model=model).history(features.as_of)
    days = [marked(one, shop.zone) for one in ahead(shop.calendar, shop.zone, features.as_of)]
    told = forecast(model, history, as_of=features.as_of, zone=shop.zone, marked=days).p_order
    return {
        horizon: Chance(
            told=told[horizon],
            why=why(
                model,
                history,
                float(horizon),
                as_of=features.as_of,
                zone=shop.zone,
                marked=days,
                average=shop.numbers.base.get(horizon),
            ),
        )
        for horizon in HORIZONS
    }


def _turns(
    customer: str, facts: Sequence[StoredFact], state: State, standards: Standards, now: datetime
) -> Iterator[Turn]:
    """Yield what changes by itself; a change that is overdue comes now."""
    found = 0
    for _ in range(MOST_LOOKS):
        if found == MOST_TURNS or state.due_at is None or state.due_at > now + FARTHEST:
            return
        at = max(state.due_at, now)
        after = _after(customer, facts, state, standards, at)
        turn = _turn(state, after, at)
        if turn.joined or turn.left:
            found += 1
            yield turn
        state = after


def _after(
    customer: str, facts: Sequence[StoredFact], state: State, standards: Standards, at: datetime
) -> State:
    return state_after(state, compute_features(customer, facts, standards.shop, at), standards, as_of=at)


def _turn(before: State, after: State, at: datetime) -> Turn:
    old, new = names_of(before.verdict), names_of(after.verdict)
    return Turn(
        at=at,
        joined=tuple(sorted(new - old)),
        left=tuple(sorted(old - new)),
        shown=after.shown_in,
    )


def _like_the_last(
    customer: str, facts: Sequence[StoredFact], features: Features, standards: Standards, at: datetime
) -> Order:
    """Make an order like the last counted one; of who has none, of the shop's mean amount."""
    last = next(
        (one for one in facts if isinstance(one, Order) and one.placed_at in features.ordered_at[-1:]), None
    )
    if last:
        lines = tuple(replace(line, id=f"next-{line.id}") for line in last.lines)
        return replace(last, id="next", placed_at=at, updated_at=at, lines=lines, unsent=False)
    model = standards.model()
    amount = round(model.p * model.v / (model.q - 1))
    return Order(
        id="next",
        customer=customer,
        placed_at=at,
        updated_at=at,
        currency=standards.shop.currency,
        lines=(OrderLine(id="next", quantity=1, revenue=amount),),
        total=amount,
    )
