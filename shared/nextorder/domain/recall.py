"""What a state keeps of the past, so that the next one can respect it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from nextorder.domain.features import Features
from nextorder.domain.placing import Placing, Standing
from nextorder.domain.published import segment_name
from nextorder.domain.segments_course import DAY, SECOND
from nextorder.domain.verdict import Cause, Memory, Segment, State

MOVES_DAYS: Final = 30
"""So long it counts that new numbers have moved a customer."""
EPISODES: Final = frozenset({"cart", "buy", "replenish"})
"""Families that are entered and left once between two facts."""
_BY_CHECKOUTS: Final = frozenset({"cart", "buy"})
_ONE_CHECKOUT: Final = frozenset({"cart", "buy:now"})
"""Episodes that another checkout begins anew."""


def recall(
    state: State | None,
    *,
    basis: str,
    fit: str,
    model: str,
    fitted_at: datetime | None,
    as_of: datetime,
) -> Standing | None:
    """
    Return where a customer stood if numbers have changed since the last fact; None = place afresh.

    New numbers, settings and catalogues hold from now on. Where the old ones had a change due by
    now, from the second before it: a step that both take at that moment is time's.
    """
    looked_at = state.verdict.scored_at if state else None
    if state is None or looked_at is None or _orders(state.basis) != _orders(basis):
        return None
    memory, at = state.verdict.memory, looked_at
    if state.fit != fit:
        is_due = state.due_at is not None and state.due_at <= as_of
        at = max(
            looked_at, state.due_at - SECOND if is_due and state.due_at else as_of.replace(microsecond=0)
        )
        is_refit = state.verdict.model != model or (fitted_at or looked_at) > looked_at
        cause = Cause.REFIT if is_refit else Cause.CATALOGUE
        memory = replace(memory, at=at, cause=cause) if memory else Memory(at=at, cause=cause)
    if memory is None:
        return None
    return Standing(
        at=at,
        segments={key: one for key, one in state.verdict.segments.items() if key != "hold"},
        memory=memory,
        left=frozenset(left_since(state, basis, state.verdict.segments)),
        void=frozenset() if state.basis == basis else _BY_CHECKOUTS,
    )


def remembered(placing: Placing, standing: Standing) -> Memory:
    """Return the memory after a verdict; moves that count no more are forgotten."""
    oldest = placing.features.as_of - MOVES_DAYS * DAY
    moved = {
        key: tuple(at for at in moments if at > oldest)
        for key, moments in {**standing.memory.moved, **placing.moved}.items()
    }
    return replace(
        standing.memory,
        moved={key: moments for key, moments in moved.items() if moments},
        lifted=tuple(sorted({*standing.memory.lifted, *placing.lifted})),
    )


def left_since(state: State | None, basis: str, segments: Mapping[str, Segment]) -> tuple[str, ...]:
    """Name the episodes that were shown since the last fact and are over, as of a state after this one."""
    if state is None or _orders(state.basis) != _orders(basis):
        return ()
    shown = {*state.left, *(episode_of(key, one) for key, one in state.verdict.segments.items())}
    over = shown - {episode_of(key, one) for key, one in segments.items()} - {""}
    return tuple(sorted(over - (_ONE_CHECKOUT if state.basis != basis else frozenset())))


def episode_of(key: str, segment: Segment) -> str:
    """Name the episode that a segment belongs to, however often its value changes; empty = to none."""
    family = key.partition(":")[0]
    if family not in EPISODES:
        return ""
    return segment_name(key, segment) if family == "buy" else key


def basis_of(features: Features) -> str:
    """
    Name the facts that place a customer: orders, refunds and renewals, then checkouts.

    Not what they cost: a change of costs is a change of the shop's terms.
    """
    orders = (
        [(day.at, day.revenue) for day in features.order_days],
        features.ordered_at,
        features.refunded_at,
        features.purchases,
        features.subscription_since,
        features.subscription_until,
        features.missing_orders,
        features.withheld,
    )
    return f"{_short(orders)}.{_short(features.checkouts)}"


def _orders(basis: str) -> str:
    return basis.partition(".")[0]


def _short(facts: object) -> str:
    return sha256(repr(facts).encode()).hexdigest()[:8]
