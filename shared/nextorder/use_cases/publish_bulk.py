"""Show a destination what is known of everyone, many at a time: a first scoring, a refit, a repair."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from nextorder.domain.errors import NeedsHuman
from nextorder.domain.shop import Shop
from nextorder.use_cases.publication import Outcome, Publication, Published, Publisher, publication
from nextorder.use_cases.publish import publish

BATCH = 500
"""Changes handed to the destination at once."""

Counts = Mapping[Published, int]


def publish_bulk(
    shop_id: str,
    *,
    publisher: Publisher,
    again: bool = False,
    progress: Callable[[Counts], None] = lambda _: None,
) -> Counts:
    """
    Bring everyone's state to the destination, without events; safe to repeat.

    A change that the stream has under way with an event is left to it.

    Whoever's state moves on meanwhile is published once more, so that a newer verdict which the
    stream's publisher sent is never left overwritten. `again` repairs: everything is sent, and
    whatever else of ours could be there is taken away. `progress` is told the counts so far
    after each batch.

    Returns:
        How many came to what; LATER are taken up by the stream or the next run.

    Raises:
        NeedsHuman: A key or a permission is missing there; what was sent before is recorded.
    """
    shop = publisher.shop(shop_id)
    counts: Counter[Published] = Counter()
    if shop is None:
        return counts

    plans = _plans(shop, publisher, again=again)
    while batch := list(islice(plans, BATCH)):
        changed = [plan for plan in batch if not plan.idle]
        sending = [_without_events(plan) for plan in changed if not plan.waits_for_its_event]
        counts[Published.UNCHANGED] += len(batch) - len(changed)
        counts[Published.LATER] += len(changed) - len(sending)
        counts.update(_send(shop, sending, publisher))
        progress(counts)
    return counts


def _plans(shop: Shop, publisher: Publisher, *, again: bool) -> Iterator[Publication]:
    destination = publisher.destination
    for customer, found in publisher.customers.everyone(shop.id):
        held = found.accepted.get(destination.name)
        yield publication(shop, customer, destination, state=found.state, held=held, again=again)


def _without_events(plan: Publication) -> Publication:
    return replace(plan, change=replace(plan.change, events=()))


def _send(shop: Shop, plans: Sequence[Publication], publisher: Publisher) -> Counts:
    changes = publisher.with_contacts(shop, [plan.change for plan in plans])
    outcomes = publisher.destination.deliver_many(shop, changes)
    pairs = list(zip(plans, outcomes, strict=True))
    counts = Counter(publisher.record_all(shop, pairs))
    _raise_needs_human(outcomes)

    now = publisher.customers.versions(shop.id, [plan.customer for plan in plans])
    for plan in plans:
        if now.get(plan.customer) != (plan.state and plan.state.version):
            publish(shop.id, plan.customer, publisher=publisher, again=True)
    return counts


def _raise_needs_human(outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        if isinstance(outcome, NeedsHuman):
            raise outcome
