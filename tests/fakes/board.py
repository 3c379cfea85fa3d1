"""A destination in memory that may fail or die at any single step, and one fuse for all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.capabilities import Capabilities, Identifier
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.changes import PROFILE_MISSING, Accepted, Change, Desired, Event, Handed, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import Refused
from nextorder.domain.events import events_of, subjects_of
from nextorder.domain.health import Health
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State, Verdict
from nextorder.ports import Delivered, Outcome
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts, InMemoryCustomers

Answer = TypeVar("Answer")
CAPABILITIES = Capabilities(identifiers=(Identifier.EMAIL,), most_rows=500, tells_events=True)
CATALOGUE = parse_catalogue(packaged_catalogue()).with_on("all")


class Crash(BaseException):
    """The process is gone; nothing of ours can catch it."""


@dataclass
class Fuse:
    """Raises `failure` at step number `at`, before or after the step is done, and then never again."""

    at: int = -1
    failure: BaseException = field(default_factory=Crash)
    late: bool = False
    steps: int = 0

    def step(self, work: Callable[[], Answer]) -> Answer:
        """Do one step of a use case."""
        burns = self.steps == self.at
        self.steps += 1
        if burns and not self.late:
            raise self.failure
        done = work()
        if burns:
            raise self.failure
        return done


@dataclass
class Board:
    """
    ports.Destination: stage and reason are attributes, life and hold audiences, e-mails find people.

    Every event is kept that was ever sent; a reader has to see that a repeated id is the same.
    """

    fuse: Fuse = field(default_factory=Fuse)
    profiles: dict[str, str] = field(default_factory=dict)
    """E-mail -> id."""
    attributes: dict[str, dict[str, object]] = field(default_factory=dict)
    audiences: dict[str, set[str]] = field(default_factory=dict)
    events: list[tuple[str, Event]] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    """Customer -> code."""
    calls: int = 0
    deleted: list[str] = field(default_factory=list)
    """Ids of whoever was to go with all that others know of them."""
    name: str = "board"
    riders: frozenset[str] = frozenset({"model"})
    capabilities: Capabilities = field(default_factory=lambda: CAPABILITIES)
    under_way: list[tuple[Handed, Outcome]] = field(default_factory=list)
    """What `take_up` tells, until it is settled."""

    def everything(self, shop: Shop) -> Desired:
        names = ("life:new", "life:repeat", "life:loyal", "hold")
        return Desired(
            attributes=dict.fromkeys(("stage", "reason", "holdout", "model"), ""),
            audiences=frozenset(shop.tag_prefix + name for name in names),
        )

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        if verdict is None:
            return Desired()
        if verdict.held_out:
            return Desired(attributes={"holdout": True}, audiences=frozenset({shop.tag_prefix + "hold"}))
        life = verdict.segments.get("life")
        if life is None:
            return Desired(attributes={"model": verdict.model})
        return Desired(
            attributes={
                "stage": life.value,
                "model": verdict.model,
                **({"reason": verdict.reasons[0]} if verdict.reasons else {}),
            },
            audiences=frozenset({f"{shop.tag_prefix}life:{life.value}"}),
            subjects=subjects_of(verdict, CATALOGUE, shop.numbers),
            events=events_of(verdict, CATALOGUE, shop.numbers, shop.in_force_since),
        )

    def check(self, shop: Shop) -> Health:
        return Health(account="board")

    def weigh(self, shop: Shop, change: Change) -> int:
        return len(change.set) + len(change.unset) + len(change.join) + len(change.leave)

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        self.calls += 1
        there = self.fuse.step(lambda: self._find(change.person))
        if code := self.refusals.get(change.person.customer):
            raise Refused(code)
        for work in self._work(there, change):
            self.fuse.step(work)
        return Delivered(remote_id=there)

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Delivered | Exception]:
        outcomes: list[Delivered | Exception] = []
        for change in changes:
            try:
                outcomes.append(self.deliver(shop, change))
            except Exception as failure:  # noqa: BLE001 - an outcome of one
                outcomes.append(failure)
        return outcomes

    def take_up(self, shop: Shop, is_meant: Callable[[Handed], bool]) -> Sequence[tuple[Handed, Outcome]]:
        return tuple(self.under_way)

    def settled(self, shop: Shop) -> None:
        self.under_way.clear()

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        there = self.deliver(shop, removal(person, self.everything(shop))).remote_id
        if delete:
            self.deleted.append(there)

    def shown(self, profile: str) -> tuple[Mapping[str, object], set[str]]:
        """Return what a profile shows, riders aside."""
        attributes = self.attributes.get(profile, {})
        return {k: v for k, v in attributes.items() if k not in self.riders}, self.audiences.get(
            profile, set()
        )

    def _find(self, person: Person) -> str:
        known = set(self.profiles.values())
        there = person.remote_id if person.remote_id in known else self.profiles.get(person.email, "")
        if not there or (person.remote_id and person.remote_id != there):
            raise Refused(PROFILE_MISSING)
        return there

    def _work(self, there: str, change: Change) -> Iterator[Callable[[], None]]:
        audiences = self.audiences.setdefault(there, set())
        attributes = self.attributes.setdefault(there, {})
        yield lambda: audiences.update(change.join)
        yield lambda: audiences.difference_update(change.leave)
        yield lambda: attributes.update(change.set)
        yield lambda: unset(attributes, change)
        for event in change.events:
            yield lambda event=event: self.events.append((there, event))  # type: ignore[misc]


def unset(attributes: dict[str, object], change: Change) -> None:
    """Take attributes away; one that is not there is no error."""
    for key in change.unset:
        attributes.pop(key, None)


@dataclass
class FusedCustomers(InMemoryCustomers):
    """Customers whose every read is a step."""

    fuse: Fuse = field(default_factory=Fuse)

    def state(self, shop: str, customer: str) -> State | None:
        return self.fuse.step(lambda: InMemoryCustomers.state(self, shop, customer))


@dataclass
class FusedAccepted(InMemoryAccepted):
    """What was accepted, every read and write a step."""

    fuse: Fuse = field(default_factory=Fuse)
    writes: int = 0

    def load(self, shop: str, customer: str, destination: str) -> Accepted | None:
        return self.fuse.step(lambda: InMemoryAccepted.load(self, shop, customer, destination))

    def save(self, shop: str, customer: str, destination: str, accepted: Accepted) -> None:
        self.writes += 1
        self.fuse.step(lambda: InMemoryAccepted.save(self, shop, customer, destination, accepted))

    def delete(self, shop: str, customer: str, destination: str) -> None:
        self.writes += 1
        self.fuse.step(lambda: InMemoryAccepted.delete(self, shop, customer, destination))


@dataclass
class FusedContacts(InMemoryContacts):
    """Contacts, every question a step."""

    fuse: Fuse = field(default_factory=Fuse)

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        return self.fuse.step(lambda: InMemoryContacts.find(self, shop, customers))
