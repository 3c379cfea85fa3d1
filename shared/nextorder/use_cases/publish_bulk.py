"""Show a destination what is known of everyone, many at a time: a first scoring, a refit, a repair."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice

from nextorder.domain.caps import Choice
from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord, Outcome
from nextorder.use_cases.publication import Publication, Published, Publisher, came_to, publication
from nextorder.use_cases.publish import publish

BATCH = 500
"""Changes handed to the destination at once."""

Counts = Mapping[Published, int]


def publish_bulk(
    shop_id: str,
    *,
    publisher: Publisher,
    as_of: datetime,
    again: bool = False,
    progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """
    Bring everyone's state to the destination, without events; safe to repeat.

    A change that the stream has under way with an event is left to it.

    Whoever's state or record moves on meanwhile is published once more, so that a newer verdict
    which the stream's publisher sent is never left overwritten. `again` repairs: everything is sent, and
    whatever else of ours could be there is taken away. `progress` is told the counts so far
    after each batch.

    Returns:
        How many came to what; LATER are taken up by the stream or the next run.

    Raises:
        NeedsHuman: A key or a permission is missing there; what was sent before is recorded.
    """
    shop = publisher.shops.get(shop_id)
    counts: Counter[Published] = Counter()
    if shop is None or not publisher.reaches(shop):
        return counts

    everyone = publisher.customers.everyone(shop.id)
    while batch := list(islice(everyone, BATCH)):
        open_to = [(one, found) for one, found in batch if not publisher.withholds(shop, found.state)]
        plans = [
            _plan(shop, customer, found, publisher, again=again, as_of=as_of) for customer, found in open_to
        ]
        changed = [plan for plan in plans if not plan.idle]
        overtaken = publisher.settle_all(shop, [plan for plan in plans if plan.idle])
        sending = [_without_events(plan) for plan in changed if not plan.waits_for_its_event]
        counts[Published.NOT_APPLIED] += len(batch) - len(plans)
        counts[Published.UNCHANGED] += len(plans) - len(changed)
        counts[Published.LATER] += len(changed) - len(sending)
        counts.update(_send(shop, sending, publisher, as_of))
        for customer in overtaken:
            counts[Published.LATER] += _left_over(shop, customer, publisher, as_of)
        progress(counts)
    return counts


def _plan(
    shop: Shop, customer: str, found: CustomerRecord, publisher: Publisher, *, again: bool, as_of: datetime
) -> Publication:
    held = found.accepted.get(publisher.destination.name)
    return publication(shop, customer, publisher, state=found.state, held=held, again=again, as_of=as_of)


def _without_events(plan: Publication) -> Publication:
    return replace(plan, change=replace(plan.change, events=()), choice=Choice())


def _send(shop: Shop, plans: Sequence[Publication], publisher: Publisher, as_of: datetime) -> Counts:
    changes = publisher.with_contacts(shop, [plan.change for plan in plans])
    outcomes = publisher.destination.deliver_many(shop, changes)
    overtaken = set(publisher.record_all(shop, list(zip(plans, outcomes, strict=True))))
    counts = Counter(map(came_to, outcomes))

    now = publisher.customers.versions(shop.id, [plan.customer for plan in plans])
    for plan in plans:
        if plan.customer in overtaken or now.get(plan.customer, 0) != plan.version:
            counts[Published.LATER] += _left_over(shop, plan.customer, publisher, as_of)
    # last, so that nobody who was overtaken is left with what is old
    _raise_needs_human(outcomes)
    return counts


def _left_over(shop: Shop, customer: str, publisher: Publisher, as_of: datetime) -> int:
    """Say once more what is true now; return 1 when that has to wait."""
    try:
        publish(shop.id, customer, publisher=publisher, again=True, as_of=as_of)
    except RetryLater:
        return 1
    return 0


def _raise_needs_human(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, NeedsHuman):
            raise outcome
