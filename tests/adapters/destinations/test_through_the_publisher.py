"""Every destination behind the publisher: whatever fails once, it ends up the same."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from nextorder.domain.capabilities import Clears
from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.messages import Contact
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, State, Verdict
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import LATER, SINCE, VERDICT, Case
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts, InMemoryCustomers, InMemoryShops
from tests.unit.shop_cases import MODEL

FAULTS: list[dict[str, Any]] = [
    {"status": 429, "retry_after": 0},
    {"status": 500},
    {"status": 401, "times": 2},
    {"timeout_after": True},
    {"drop_connection": "after"},
    {"drop_connection": "half"},
]


@dataclass
class Life:
    """One customer whose verdict is shown, changed and taken back."""

    case: Case
    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    version: int = 0
    began: int = 0
    """How many flows had started when it began to live."""

    def __post_init__(self) -> None:
        self.anna, self.other = self.case.people(2)
        self.accepted = InMemoryAccepted(customers=self.customers)
        contact = Contact(customer=self.anna.customer, email=self.anna.email, phone=self.anna.phone)
        self.contacts = InMemoryContacts(contacts={(SHOP.id, self.anna.customer): contact})

    @property
    def publisher(self) -> Publisher:
        """Another process each time."""
        return Publisher(
            destination=self.case.connect(),
            customers=self.customers,
            accepted=self.accepted,
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
            contacts=self.contacts,
        )

    def say(self, verdict: Verdict | None) -> None:
        """Deliver the message of a new verdict as a queue would, until it is worked off."""
        self.version += 1
        self.customers.states.pop((SHOP.id, self.anna.customer), None)
        if verdict:
            self.customers.states[SHOP.id, self.anna.customer] = self.state(verdict)
        for delivery in range(8):
            try:
                publish(
                    SHOP.id, self.anna.customer, publisher=self.publisher, as_of=SINCE, again=delivery > 0
                )
            except (RetryLater, NeedsHuman):
                continue
            return
        raise AssertionError("never done")

    def state(self, verdict: Verdict) -> State:
        return State(verdict=verdict, digest="", version=self.version)

    def shown(self) -> Any:
        told = self.case.told(self.anna)
        once = self.case.destination.capabilities.repeats_events_safely
        news = sorted(told) if once else sorted(set(told))
        return self.case.shown(self.anna), news, self.case.started(self.anna)[self.began :]

    def live(self) -> Iterator[Any]:
        self.began = len(self.case.started(self.anna))
        for verdict in (replace(VERDICT, cause=Cause.ORDER), LATER, None):
            self.say(verdict)
            yield self.shown()


@pytest.mark.parametrize("skip", [0, 1])
@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_any_failure_ends_where_a_clean_pass_ends(fault: dict[str, Any], skip: int, case: Case) -> None:
    life = Life(case)
    others, strangers = case.others(life.anna), case.shown(life.other)
    clean = list(life.live())

    case.fake.faults.add({"match": case.writes, "skip": skip, **fault})
    faulty = list(life.live())

    assert [shown for shown, *_ in faulty] == [shown for shown, *_ in clean]
    assert clean[-1][0] in ({}, [], None, ()) or case.destination.capabilities.clears is Clears.NEVER
    assert faulty[-1][1:] == clean[-1][1:]
    assert bool(clean[-1][2]) is case.joins_quietly
    assert (case.others(life.anna), case.shown(life.other)) == (others, strangers)


@pytest.mark.parametrize("again", [False, True])
def test_an_older_message_that_comes_after_a_newer_one_leaves_what_is_newer(
    case: Case, *, again: bool
) -> None:
    life = Life(case)
    for verdict in (VERDICT, LATER):
        life.say(verdict)
    newer, requests = life.shown(), len(case.requests)

    published = publish(SHOP.id, life.anna.customer, publisher=life.publisher, as_of=SINCE, again=again)

    assert life.shown() == newer
    assert again or (published, len(case.requests)) == (Published.UNCHANGED, requests)


def test_what_new_numbers_or_records_move_starts_nothing(case: Case) -> None:
    life = Life(case)
    life.say(VERDICT)

    for cause, moved in zip(sorted(set(Cause) - MAY_START_FLOWS), (LATER, VERDICT) * 3, strict=False):
        life.say(replace(moved, cause=cause))

    assert life.shown()[1:] == ([], [])


def test_who_is_held_out_is_marked_and_told_nothing(case: Case) -> None:
    life = Life(case)
    life.say(VERDICT)
    told = life.shown()[1]
    life.say(replace(VERDICT, held_out=True))

    wanted = case.destination.project(SHOP, replace(VERDICT, held_out=True))
    assert not wanted.events
    assert life.shown()[1] == told
    assert len(wanted.attributes) + len(wanted.audiences) <= 2


def test_news_is_on_record_as_told_only_where_it_is_told(case: Case) -> None:
    life = Life(case)
    life.say(VERDICT)
    life.say(LATER)

    held = life.accepted.load(SHOP.id, life.anna.customer, case.destination.name)
    assert held is not None
    assert bool(held.told) is case.destination.capabilities.tells_events
    assert bool(held.subjects) is case.destination.capabilities.tells_events
