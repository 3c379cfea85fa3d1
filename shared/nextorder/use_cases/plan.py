"""What going live to a rung would send to every destination, without sending anything."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.changes import PERSON_MISSING
from nextorder.domain.going_live import GoingLive
from nextorder.domain.plan import Plan, Tally
from nextorder.domain.published import published_segments
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord
from nextorder.use_cases.planned import Publication
from nextorder.use_cases.publication import Publisher, publication


@dataclass(slots=True, kw_only=True)
class Foreseen:
    """A plan, and what was seen on the way to it."""

    plan: Plan
    strangers: Mapping[str, list[str]]
    """By destination the customers who would be sent to and whom it has not named to us yet."""
    members: dict[str, set[str]] = field(default_factory=dict)
    """Segment -> the customers who would be shown in it, reached or not."""
    everyone: int = 0
    scored_at: datetime | None = None
    """When somebody was scored last; None = nobody is."""


def plan(
    shop: Shop,
    target: GoingLive,
    *,
    publishers: Sequence[Publisher],
    everyone: Iterable[tuple[str, CustomerRecord]],
    as_of: datetime,
    newcomer: str = "",
    progress: Callable[[int], None] = lambda _: None,
) -> Foreseen:
    """
    Reckon what the bulk publisher would send to bring a shop to `target`; reads only.

    It goes the bulk publisher's own way, customer by customer, so that the plan's hash names
    exactly that. `shop` is the shop as it is; with `newcomer` that one destination goes to `target`.
    """
    then = shop.going_to(target, newcomer)
    names = [publisher.destination.name for publisher in publishers]
    tallies = {name: Tally(destination=name) for name in names}
    seen = Foreseen(
        plan=Plan(shop=shop.id, target=target, tallies=tallies),
        strangers={name: [] for name in names},
    )
    for customer, found in everyone:
        for publisher in publishers:
            _foresee(then, customer, found, publisher, seen, as_of)
        if found.state:
            seen.everyone += 1
            seen.scored_at = _later(seen.scored_at, found.state.verdict.scored_at)
            for segment in _segments(then, found.state, publishers):
                seen.members.setdefault(segment, set()).add(customer)
        progress(1)
    return seen


def _foresee(
    then: Shop,
    customer: str,
    found: CustomerRecord,
    publisher: Publisher,
    seen: Foreseen,
    as_of: datetime,
) -> None:
    name = publisher.destination.name
    tally = seen.plan.tallies[name]
    state, held = found.state, found.accepted.get(name)
    if state is None and held is None:
        return
    tally.customers += 1
    if publisher.withholds(then, customer, state):
        tally.outside += 1
        return
    sent = publication(then, customer, found, publisher, as_of=as_of)
    if sent.state:
        tally.news.update(event.kind for event in sent.desired.events)
    tally.missing += state is not None and held is not None and held.refused in PERSON_MISSING
    if sent.idle:
        return
    if sent.waits_for_its_event:
        tally.left_to_stream += 1
        return
    _note(tally, sent, _segments(then, sent.state, [publisher]))
    if not sent.change.person.remote_id:
        finds = publisher.destination.capabilities.finds_by_contact
        tally.unmet += finds and (held is None or held.refused not in PERSON_MISSING)
        seen.strangers[name].append(customer)


def _note(tally: Tally, sent: Publication, shown_in: tuple[str, ...]) -> None:
    verdict = sent.state.verdict if sent.state else None
    tally.held_out += bool(verdict and verdict.held_out)
    tally.note(sent.in_bulk.change, shown_in=shown_in, reasons=verdict.reasons if verdict else ())


def _segments(shop: Shop, state: State | None, publishers: Sequence[Publisher]) -> tuple[str, ...]:
    if state is None:
        return ()
    catalogue = publishers[0].shops.catalogue(shop)
    return published_segments(state.verdict, catalogue, shop.numbers.shown_as)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
