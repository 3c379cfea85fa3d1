"""Serving a destination: whom it may show, each customer's difference, the records of what it took."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from nextorder.domain import diff
from nextorder.domain.caps import choose
from nextorder.domain.changes import Accepted, Change, Desired, Person
from nextorder.domain.errors import AccessDenied, NeedsHuman, Refused, RetryLater, Untried
from nextorder.domain.facts import TagRemoval
from nextorder.domain.going_live import STEPS, Step, let_out
from nextorder.domain.messages import Contact
from nextorder.domain.published import to_show
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import (
    AcceptedStore,
    Contacts,
    CustomerRecord,
    Customers,
    Delivered,
    Denials,
    Destination,
    HeldContacts,
    Outcome,
    Shops,
)
from nextorder.use_cases.news import events_for, joined_anew
from nextorder.use_cases.planned import Publication


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """A destination with what is needed to serve it."""

    destination: Destination
    customers: Customers
    accepted: AcceptedStore
    shops: Shops
    held_contacts: HeldContacts | None = None
    """For a destination that finds people by e-mail or phone: what webhooks brought."""
    contacts: Contacts | None = None
    """The same, by asking the shop."""
    denials: Denials | None = None
    """Where it is noted that access was denied."""
    connected: Callable[[str], bool] = lambda _: True
    """Whether a shop has given us a key to this destination."""
    has_queue: bool = True
    """Whether each change brings it word; else it is reached with everyone only, and told no event."""
    ends_with_app: bool = False
    """Whether we lose this destination when the app is taken out of the shop."""
    takes_back: bool = False
    """Whether everything of ours is to go, whatever the states say."""
    takes_off: bool = False
    """Whether what is not let out, or not any more, is to go."""
    agreed: bool = False
    """Whether the merchant has agreed to a change of many who are shown already."""

    def reaches(self, shop: Shop) -> bool:
        """Whether this destination can still be asked for anything of this shop."""
        return self.connected(shop.id) and not (self.ends_with_app and shop.uninstalled_at)

    def withholds(self, shop: Shop, customer: str, state: State | None) -> bool:
        """Whether a state must not be shown, though ours may be taken back; what stands there stays."""
        if self.shown(shop, customer, state) is None:
            return False
        return not (shop.applied and self._reaches(shop, customer))

    def shown(self, shop: Shop, customer: str, state: State | None) -> State | None:
        """Return what is to be shown; of a shop that took the app out nothing any more."""
        is_taken_off = self.takes_off and not self._reaches(shop, customer)
        return None if self.takes_back or shop.uninstalled_at or is_taken_off else state

    def let_out(self, shop: Shop, customer: str, state: State | None, held: Accepted | None) -> Desired:
        """Return what of a state the destination should show as far as the shop has gone live."""
        if state is None:
            return self.destination.project(shop, None)
        desired = self.destination.project(shop, to_show(state.verdict, shop))
        if not self.destination.capabilities.tells_events:
            desired = replace(desired, subjects=frozenset(), events=())
        return let_out(
            desired,
            held,
            [step for step in STEPS if self._reaches(shop, customer, step)],
            held_out=state.verdict.held_out,
            takes_off=self.takes_off,
        )

    def announce(self, shop: Shop, sent: Publication) -> None:
        """Write down events before they are told: a death on the way must not make room for more."""
        if sent.announced and sent.announced != sent.held:
            self.accepted.save(shop.id, sent.customer, self.destination.name, sent.announced)

    def record(self, shop: Shop, sent: Publication, outcome: Outcome) -> "Published":
        """Write down what the destination has after an outcome, if that says anything new."""
        after = sent.after(outcome)
        if after and after != sent.announced:
            self.accepted.save(shop.id, sent.customer, self.destination.name, after)
        elif after is None and sent.announced:
            self.accepted.delete(shop.id, sent.customer, self.destination.name)
        self._note_denied(shop, [(sent, outcome)])
        self._drop_contacts(shop, [(sent, outcome)])
        return came_to(outcome)

    def intend_all(self, shop: Shop, plans: Sequence[Publication]) -> Sequence[str]:
        """
        Write down that many are about to be sent: a death on the way leaves them unsure.

        Returns whom someone else wrote down meanwhile: nothing may be sent of them.
        """
        news = {plan.customer: (plan.held, plan.intended) for plan in plans if plan.held != plan.intended}
        return self.accepted.save_all(shop.id, self.destination.name, news)

    def record_all(self, shop: Shop, pairs: Sequence[tuple[Publication, Outcome]]) -> Sequence[str]:
        """Write down what became of what was intended; return whom someone else wrote down meanwhile."""
        after = {sent.customer: (sent, sent.after(outcome) or _untouched(outcome)) for sent, outcome in pairs}
        news = {
            customer: (sent.intended, now)
            for customer, (sent, now) in after.items()
            if now and now != sent.intended
        }
        overtaken = self.accepted.save_all(shop.id, self.destination.name, news)
        for sent, outcome in pairs:
            if isinstance(outcome, Delivered | Refused) and after[sent.customer][1] is None:
                self.accepted.delete(shop.id, sent.customer, self.destination.name)
        self._note_denied(shop, pairs)
        self._drop_contacts(shop, pairs)
        return overtaken

    def settle_all(self, shop: Shop, idle: Sequence[Publication]) -> Sequence[str]:
        """
        Forget of whom nothing is left there; note of others what came to stand, and was never told.

        Returns whom someone else wrote down meanwhile: of them it is not noted.
        """
        for gone in (one for one in idle if one.held and one.state is None):
            self.accepted.delete(shop.id, gone.customer, self.destination.name)
        noted = {one.customer: (one.held, note) for one in idle if (note := one.noted)}
        return self.accepted.save_all(shop.id, self.destination.name, noted)

    def with_contacts(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Change]:
        """
        Add e-mail and phone of people whose id at the destination is not known.

        Raises:
            NeedsHuman: Also where the shop denies access: that is no outcome at the destination.
        """
        found: dict[str, Contact] = {}
        for source in (self.held_contacts, None if shop.uninstalled_at else self.contacts):
            people = (change.person for change in changes)
            unknown = [one.customer for one in people if not one.remote_id and one.customer not in found]
            try:
                found |= source.find(shop.id, unknown) if source and unknown else {}
            except AccessDenied as denied:
                raise NeedsHuman(str(denied)) from denied
        return [replace(change, person=_with_contact(change.person, found)) for change in changes]

    def _reaches(self, shop: Shop, customer: str, step: Step = Step.PROPERTIES) -> bool:
        return shop.live(self.destination.name).reaches(step, shop.gid, customer)

    def _note_denied(self, shop: Shop, pairs: Sequence[tuple[Publication, Outcome]]) -> None:
        """After the records, so that whoever reads the note finds on record whom it is about."""
        denied = [sent.as_of for sent, outcome in pairs if isinstance(outcome, AccessDenied)]
        if self.denials and denied:
            self.denials.note(shop.id, self.destination.name, max(denied))

    def _drop_contacts(self, shop: Shop, pairs: Sequence[tuple[Publication, Outcome]]) -> None:
        """Once the destination has told its own id of a person, nobody needs the e-mail."""
        found = [sent.customer for sent, outcome in pairs if _is_first_meeting(sent, outcome)]
        if self.held_contacts and found:
            self.held_contacts.drop(shop.id, found)


class Published(StrEnum):
    """What came of publishing one customer."""

    NOT_APPLIED = "not-applied"
    """Nothing may go out, or the shop has no such destination."""
    NOT_TOLD = "not-told"
    """Had news that a pause held for more than a day; counted beside what else came of them."""
    UNCHANGED = "unchanged"
    SENT = "sent"
    REFUSED = "refused"
    LATER = "later"
    NEEDS_HUMAN = "needs-human"


def publication(
    shop: Shop,
    customer: str,
    found: CustomerRecord,
    publisher: Publisher,
    *,
    as_of: datetime,
    again: bool = False,
) -> Publication:
    """
    Compare what the destination should show with what it took last.

    With `again`, more of ours could be there than is recorded: everything is said afresh. `as_of`
    is the clock's: news gets old, and the caps count from when something is told. Of the facts
    matters what someone took away by hand, and only where all is said afresh.
    """
    destination = publisher.destination
    held = found.accepted.get(destination.name)
    version = found.state.version if found.state else 0
    state = publisher.shown(shop, customer, found.state)
    before = held
    if again or merged_since(state, held):
        before = _doubted(held, destination.everything(shop))
    desired = publisher.let_out(shop, customer, state, held)
    live_since = shop.live(destination.name).since
    choice = choose(
        events_for(desired, state, held, live_since), before or Accepted(), as_of, shop.resumed_at
    )
    person = Person(customer=customer, remote_id=before.remote_id if before else "")
    removed = {fact.id: fact.updated_at for fact in found.facts if isinstance(fact, TagRemoval)}
    change = replace(
        diff.change(person, desired, before, choice.told, removed),
        stamp=diff.stamp(desired, version),
        version=version,
    )
    if change.join:
        change = replace(change, news=change.join & joined_anew(shop, state, held, destination, as_of))
    return Publication(
        customer=customer,
        version=version,
        state=state,
        held=held,
        before=before,
        desired=desired,
        change=_without_lone_riders(change, destination.riders),
        choice=choice,
        as_of=as_of,
        resumed_at=shop.resumed_at,
        live_since=live_since,
        has_queue=publisher.has_queue,
    )


def came_to(outcome: Outcome) -> Published:
    """Name an outcome; what is no outcome of a delivery is raised."""
    match outcome:
        case Delivered():
            return Published.SENT
        case Refused():
            return Published.REFUSED
        case RetryLater():
            return Published.LATER
        case NeedsHuman():
            return Published.NEEDS_HUMAN
    raise outcome


def _untouched(outcome: Outcome) -> Accepted | None:
    """Return the record of somebody who was not on record: the intention is not left standing."""
    return Accepted() if isinstance(outcome, Untried) else None


def _is_first_meeting(sent: Publication, outcome: Outcome) -> bool:
    known = sent.held.remote_id if sent.held else ""
    return isinstance(outcome, Delivered) and bool(outcome.remote_id) and not known


def _with_contact(person: Person, found: Mapping[str, Contact]) -> Person:
    contact = found.get(person.customer)
    return replace(person, email=contact.email, phone=contact.phone) if contact else person


def _doubted(held: Accepted | None, everything: Desired) -> Accepted:
    known = held or Accepted()
    return replace(
        known,
        attributes={**everything.attributes, **known.attributes},
        audiences=everything.audiences | known.audiences,
        unsure=True,
    )


def merged_since(state: State | None, held: Accepted | None) -> bool:
    """Shopify moves the tags of the customer who is gone to the one who is kept."""
    return bool(state and state.verdict.absorbed > (held.absorbed if held else 0))


def _without_lone_riders(change: Change, riders: frozenset[str]) -> Change:
    alone = replace(change, set={})
    return alone if change.set.keys() <= riders and alone.empty else change
