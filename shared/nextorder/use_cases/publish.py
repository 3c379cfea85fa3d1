"""Show a destination what is known of one customer, by the difference to what it took last."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from nextorder.domain.changes import PERSON_MISSING, Event
from nextorder.domain.errors import NeedsHuman, NextorderError, Refused, RetryLater
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import Outcome
from nextorder.use_cases.planned import Publication
from nextorder.use_cases.publication import Published, Publisher, publication


def publish(
    shop_id: str,
    customer: str,
    *,
    publisher: Publisher,
    as_of: datetime,
    again: bool = False,
    over_cap: Callable[[Sequence[Event]], None] = lambda _: None,
) -> Published:
    """
    Bring one customer's state to the destination; safe to repeat after any step.

    Level-triggered: what is true now is sent, whatever the message was about. `again` says that
    the message was delivered before, so that an earlier try may have died half-way: then all is
    sent, and whatever else of ours could be there is taken away. Where publishing is stopped,
    ours is still taken back from whoever has no state any more. `over_cap` hears of events that
    are dropped for good, once that is recorded.

    Raises:
        RetryLater: Also as OutcomeUnknown; then `accepted` is marked unsure.
        NeedsHuman: A key or a permission is missing there, or what is ours may not be taken back.
    """
    shop = publisher.shops.get(shop_id)
    if shop is None:
        return Published.NOT_APPLIED

    destination = publisher.destination
    state = publisher.customers.state(shop_id, customer)
    if not publisher.reaches(shop):
        return _give_up(shop, customer, state, publisher)
    if publisher.withholds(shop, state):
        return Published.NOT_APPLIED
    held = publisher.accepted.load(shop_id, customer, destination.name)
    sent = publication(shop, customer, publisher, state=state, held=held, again=again, as_of=as_of)
    if sent.idle:
        _settle(shop, sent, publisher)
        if sent.noted:
            over_cap(sent.choice.dropped)
        return Published.UNCHANGED

    outcome = _deliver(shop, sent, publisher)
    if held and held.remote_id and _person_missing(outcome):
        # Profiles merge and vanish: look for the person afresh, and send everything.
        held = replace(held, remote_id="", unsure=True)
        sent = publication(shop, customer, publisher, state=state, held=held, again=again, as_of=as_of)
        outcome = _deliver(shop, sent, publisher)

    published = publisher.record(shop, sent, outcome)
    if isinstance(outcome, Refused) and sent.state is None and outcome.code not in PERSON_MISSING:
        raise NeedsHuman(f"{destination.name} does not let us take ours back: {outcome.code}")
    if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
        raise outcome
    if published is Published.SENT:
        over_cap(sent.choice.dropped)
    return published


def _settle(shop: Shop, idle: Publication, publisher: Publisher) -> None:
    if publisher.settle_all(shop, [idle]):
        raise RetryLater(f"{publisher.destination.name}: the record of what it shows has moved on")


def _give_up(shop: Shop, customer: str, state: State | None, publisher: Publisher) -> Published:
    """Without a key nothing can be taken back either: of whom nothing is held, no record stays."""
    if state is None:
        publisher.accepted.delete(shop.id, customer, publisher.destination.name)
    return Published.NOT_APPLIED


def _deliver(shop: Shop, sent: Publication, publisher: Publisher) -> Outcome:
    [change] = publisher.with_contacts(shop, [sent.change])
    publisher.announce(shop, sent)
    try:
        return publisher.destination.deliver(shop, change)
    except NextorderError as failure:
        return failure


def _person_missing(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.code in PERSON_MISSING
