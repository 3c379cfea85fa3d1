"""Show a destination what is known of one customer, by the difference to what it took last."""

from dataclasses import replace

from nextorder.domain.changes import PERSON_MISSING
from nextorder.domain.errors import NextorderError, Refused
from nextorder.domain.shop import Shop
from nextorder.use_cases.publication import Outcome, Publication, Published, Publisher, publication


def publish(shop_id: str, customer: str, *, publisher: Publisher, again: bool = False) -> Published:
    """
    Bring one customer's state to the destination; safe to repeat after any step.

    Level-triggered: what is true now is sent, whatever the message was about. `again` says that
    the message was delivered before, so that an earlier try may have died half-way: then all is
    sent, and whatever else of ours could be there is taken away.

    Raises:
        RetryLater: Also as OutcomeUnknown; then `accepted` is marked unsure.
        NeedsHuman: A key or a permission is missing there.
    """
    shop = publisher.shop(shop_id)
    if shop is None:
        return Published.NOT_APPLIED

    destination = publisher.destination
    state = publisher.state(shop, customer)
    held = publisher.accepted.load(shop_id, customer, destination.name)
    sent = publication(shop, customer, destination, state=state, held=held, again=again)
    if sent.idle:
        if held and state is None:
            publisher.accepted.delete(shop_id, customer, destination.name)
        return Published.UNCHANGED

    outcome = _deliver(shop, sent, publisher)
    if held and held.remote_id and _person_missing(outcome):
        # Profiles merge and vanish: look for the person afresh, and send everything.
        held = replace(held, remote_id="", unsure=True)
        sent = publication(shop, customer, destination, state=state, held=held, again=again)
        outcome = _deliver(shop, sent, publisher)

    published = publisher.record(shop, sent, outcome)
    if isinstance(outcome, Exception) and not isinstance(outcome, Refused):
        raise outcome
    return published


def _deliver(shop: Shop, sent: Publication, publisher: Publisher) -> Outcome:
    [change] = publisher.with_contacts(shop, [sent.change])
    try:
        return publisher.destination.deliver(shop, change)
    except NextorderError as failure:
        return failure


def _person_missing(outcome: Outcome) -> bool:
    return isinstance(outcome, Refused) and outcome.code in PERSON_MISSING
