"""Show a destination what is known of one customer, by the difference to what it took last."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from nextorder.domain.changes import PERSON_MISSING, Event
from nextorder.domain.errors import AccessDenied, NeedsHuman, NextorderError, Refused, RetryLater
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord, Outcome
from nextorder.use_cases.planned import Publication
from nextorder.use_cases.publication import Published, Publisher, merged_since, publication


def publish(
    shop_id: str,
    customer: str,
    *,
    publisher: Publisher,
    as_of: datetime,
    again: bool = False,
    overtaken: bool = False,
    never_told: Callable[[Sequence[Event]], None] = lambda _: None,
) -> Published:
    """
    Bring one customer's state to the destination; safe to repeat after any step.

    Level-triggered: what is true now is sent, whatever the message was about. `again` says that
    the message was delivered before, so that an earlier try may have died half-way: then all is
    sent, and whatever else of ours could be there is taken away. What someone took away by hand
    stays away; `overtaken` says that this hand may have been another process of ours just now.
    Where publishing is stopped, ours is still taken back from whoever has no state any more.
    `never_told` hears of events that are dropped for good, once that is recorded.

    Raises:
        RetryLater: Also as OutcomeUnknown; then `accepted` is marked unsure.
        AccessDenied: A permission is missing there; recorded of the customer, not to be tried again.
        NeedsHuman: The key is refused, or what is ours may not be taken back.
    """
    shop = publisher.shops.get(shop_id)
    if shop is None:
        return Published.NOT_APPLIED

    destination = publisher.destination
    state = publisher.customers.state(shop_id, customer)
    if not publisher.reaches(shop):
        return _give_up(shop, customer, state, publisher)
    if publisher.withholds(shop, customer, state):
        return Published.NOT_APPLIED
    found = _find(shop, customer, state, publisher, again=again, overtaken=overtaken)
    sent = publication(shop, customer, found, publisher, again=again, as_of=as_of)
    if sent.idle:
        _settle(shop, sent, publisher)
        if sent.noted:
            never_told(sent.choice.dropped)
        return Published.UNCHANGED

    outcome = _deliver(shop, sent, publisher)
    if sent.is_lost(outcome) and (lost := sent.after(outcome)):
        found = replace(found, accepted={destination.name: lost})
        sent = publication(shop, customer, found, publisher, again=again, as_of=as_of)
        outcome = _deliver(shop, sent, publisher)

    published = publisher.record(shop, sent, outcome)
    if sent.state is None and _is_kept(outcome):
        raise NeedsHuman(f"{destination.name} does not let us take ours back: {outcome}")
    if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
        raise outcome
    if published is Published.SENT:
        never_told(sent.choice.dropped)
    return published


def _find(
    shop: Shop, customer: str, state: State | None, publisher: Publisher, *, again: bool, overtaken: bool
) -> CustomerRecord:
    """Read what was taken last, and facts where all is said afresh and a hand may have taken some away."""
    name = publisher.destination.name
    held = publisher.accepted.load(shop.id, customer, name)
    if held is None:
        return CustomerRecord(state=state)
    if overtaken:
        held = replace(held, joined={})
    is_in_doubt = again or held.unsure or merged_since(publisher.shown(shop, customer, state), held)
    facts = publisher.customers.read(shop.id, customer).facts if held.joined and is_in_doubt else ()
    return CustomerRecord(facts=facts, state=state, accepted={name: held})


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


def _is_kept(outcome: Outcome) -> bool:
    """Whether what is ours may not be taken back."""
    return isinstance(outcome, AccessDenied) or (
        isinstance(outcome, Refused) and outcome.code not in PERSON_MISSING
    )
