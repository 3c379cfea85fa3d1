"""Two customers who match one profile: it shows the one with the later order, and nothing of the other."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.lists import Lists
from nextorder.domain.changes import PERSON_TAKEN, PROFILE_MISSING, Accepted
from nextorder.domain.messages import Contact
from nextorder.domain.refusals import refusal_in_words
from nextorder.domain.verdict import State, Verdict
from nextorder.use_cases.holding import Contest
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.adapters.klaviyo_destination.cases import VERDICT, profile
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.holders import InMemoryHolders
from tests.fakes.in_memory import InMemoryAccepted, InMemoryContacts, InMemoryCustomers, InMemoryShops
from tests.fakes.klaviyo import FakeKlaviyo
from tests.unit.publish_cases import SHOP, SINCE, a_verdict
from tests.unit.shop_cases import CATALOGUE, MODEL, an_order

MOTHER, SON = "7", "8"
"""She has the address that Klaviyo knows, he has none and her phone."""


@dataclass
class House:
    """Customers, and a publisher that serves the fake account."""

    client: KlaviyoClient
    clock: StillClock
    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    holders: InMemoryHolders = field(default_factory=InMemoryHolders)
    contacts: dict[str, Contact] = field(default_factory=dict)
    lists: Lists | None = None

    def __post_init__(self) -> None:
        self.accepted = InMemoryAccepted(customers=self.customers)
        self.versions = dict.fromkeys((MOTHER, SON), 0)

    def place(self, customer: str, verdict: Verdict | None, *ordered_on: float) -> None:
        """Give a customer a state and orders so many days after the first."""
        self.versions[customer] = version = self.versions.get(customer, 0) + 1
        self.customers.states.pop((SHOP.id, customer), None)
        if verdict:
            state = State(verdict=verdict, digest="", version=version)
            self.customers.states[SHOP.id, customer] = state
        for day in ordered_on:
            self.customers.store(SHOP.id, customer, an_order(day, name=f"{customer}-{day:g}"))

    @property
    def publisher(self) -> Publisher:
        claims = Contest(
            destination="klaviyo", holders=self.holders, customers=self.customers, accepted=self.accepted
        )
        destination = KlaviyoDestination(
            self.client,
            lambda _: CATALOGUE,
            imports=ImportJobs(self.client, InMemoryBulkJobs()),
            claims=claims,
            lists=self.lists,
            sleep=self.clock.sleep,
        )
        contacts = {(SHOP.id, customer): contact for customer, contact in self.contacts.items()}
        return Publisher(
            destination=destination,
            customers=self.customers,
            accepted=self.accepted,
            shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
            contacts=InMemoryContacts(contacts=contacts),
        )

    def publish(self, *customers: str) -> Sequence[Published]:
        return [publish(SHOP.id, one, publisher=self.publisher, as_of=SINCE) for one in customers]

    def publish_all(self) -> None:
        publish_bulk(SHOP.id, publisher=replace(self.publisher, agreed=True), as_of=SINCE)

    def held(self, customer: str) -> Accepted:
        held = self.accepted.load(SHOP.id, customer, "klaviyo")
        assert held
        return held


@pytest.fixture
def house(klaviyo: FakeKlaviyo, client: KlaviyoClient, clock: StillClock) -> House:
    klaviyo.seed(
        {"profiles": [{"id": "01KIN", "email": "kin@example.com", "phone": "+46701234567"}]},
    )
    contacts = {
        MOTHER: Contact(customer=MOTHER, email="kin@example.com", phone="+46701234567"),
        SON: Contact(customer=SON, phone="+46701234567"),
    }
    return House(client=client, clock=clock, contacts=contacts)


def shown(klaviyo: FakeKlaviyo) -> dict[str, object]:
    properties: dict[str, object] = profile(klaviyo, "01KIN")["properties"]
    return properties


@pytest.mark.parametrize("order", [(MOTHER, SON), (SON, MOTHER)])
def test_the_one_with_the_later_order_is_shown_whoever_comes_first(
    order: tuple[str, str], house: House, klaviyo: FakeKlaviyo
) -> None:
    house.place(MOTHER, a_verdict("repeat"), 1, 50)
    house.place(SON, VERDICT, 40)

    came_to = dict(zip(order, house.publish(*order), strict=True))

    assert shown(klaviyo)["nextorder_stage"] == "repeat"
    assert "nextorder_p_5d" not in shown(klaviyo)
    assert came_to[MOTHER] is Published.SENT
    assert (house.held(SON).refused, house.held(SON).remote_id) == (PERSON_TAKEN, "")
    assert "later order" in refusal_in_words(PERSON_TAKEN)


def test_all_at_once_comes_to_the_same(house: House, klaviyo: FakeKlaviyo) -> None:
    house.place(SON, VERDICT, 40)
    house.place(MOTHER, a_verdict("repeat"), 1, 50)
    for n in range(30):
        klaviyo.seed({"profiles": [{"id": f"01C{n}", "email": f"c{n}@example.com"}]})
        house.contacts[f"c{n}"] = Contact(customer=f"c{n}", email=f"c{n}@example.com")
        house.place(f"c{n}", a_verdict("new"), 3)

    house.publish_all()
    house.publish_all()

    assert shown(klaviyo)["nextorder_stage"] == "repeat"
    assert "nextorder_p_5d" not in shown(klaviyo)
    assert house.held(SON).refused == PERSON_TAKEN
    assert profile(klaviyo, "01C5")["properties"]["nextorder_stage"] == "new"


def test_the_profile_changes_hands_with_the_next_order_and_keeps_nothing_of_the_former(
    house: House, klaviyo: FakeKlaviyo
) -> None:
    house.place(SON, VERDICT, 40)
    house.place(MOTHER, a_verdict("repeat"), 50)
    house.publish(SON, MOTHER)

    house.place(SON, a_verdict("loyal"), 60)
    house.publish(SON)
    house.place(MOTHER, a_verdict("champion"))
    assert house.publish(MOTHER) == [Published.REFUSED]

    assert shown(klaviyo)["nextorder_stage"] == "loyal"
    assert house.held(SON).remote_id == "01KIN"
    assert house.publish(MOTHER, SON) == [Published.UNCHANGED] * 2


def test_the_former_ones_lists_are_left_with_the_profile(house: House, klaviyo: FakeKlaviyo) -> None:
    klaviyo.seed({"lists": [{"name": "closing"}, {"name": "theirs", "members": ["01KIN"]}]})
    records = HeldRecords(lists={"life:closing": klaviyo.account.standing("list")[0].id})
    house.lists = Lists(house.client, records)
    house.place(SON, VERDICT, 40)
    house.publish(SON)
    assert klaviyo.state()["members"] == {"closing": ["01KIN"], "theirs": ["01KIN"]}

    house.place(MOTHER, a_verdict("repeat"), 50)
    house.publish(MOTHER)

    assert klaviyo.state()["members"] == {"closing": [], "theirs": ["01KIN"]}
    assert not house.held(SON).audiences


def test_who_is_taken_back_leaves_the_profile_to_the_other(house: House, klaviyo: FakeKlaviyo) -> None:
    house.place(MOTHER, a_verdict("repeat"), 50)
    house.place(SON, a_verdict("new"), 40)
    house.publish(MOTHER, SON)

    house.place(MOTHER, None)
    house.publish(MOTHER)
    assert shown(klaviyo) == {}
    assert house.holders.held == {}

    house.place(SON, a_verdict("second-window"))
    assert house.publish(SON) == [Published.SENT]
    assert shown(klaviyo)["nextorder_stage"] == "second-window"


def test_forgetting_who_lost_takes_nothing_from_who_is_shown(house: House, klaviyo: FakeKlaviyo) -> None:
    house.place(MOTHER, a_verdict("repeat"), 50)
    house.place(SON, a_verdict("new"), 40)
    house.publish(MOTHER, SON)

    house.place(SON, None)
    house.customers.facts.clear()
    house.publish(SON)

    assert shown(klaviyo)["nextorder_stage"] == "repeat"
    assert house.accepted.load(SHOP.id, SON, "klaviyo") is None


def test_an_order_that_is_cancelled_or_a_test_counts_for_nothing(house: House, klaviyo: FakeKlaviyo) -> None:
    house.place(MOTHER, a_verdict("repeat"), 50)
    house.place(SON, a_verdict("new"), 40)
    late = an_order(90, name="late")
    house.customers.store(SHOP.id, SON, replace(late, cancelled_at=late.placed_at))
    house.customers.store(SHOP.id, SON, replace(late, id="test", test=True))
    house.publish(MOTHER, SON)

    assert shown(klaviyo)["nextorder_stage"] == "repeat"


def test_who_has_no_profile_is_missing_there_counted_and_tried_again_when_they_change(
    house: House, klaviyo: FakeKlaviyo
) -> None:
    house.contacts["9"] = Contact(customer="9", email="late@example.com")
    house.place("9", a_verdict("new"), 10)
    heads = len(klaviyo.state()["profiles"])

    assert house.publish("9") == [Published.REFUSED]
    assert house.held("9").refused == PROFILE_MISSING
    assert house.publish("9") == [Published.UNCHANGED]
    assert len(klaviyo.state()["profiles"]) == heads

    klaviyo.seed({"profiles": [{"id": "01LATE", "email": "late@example.com"}]})
    house.place("9", a_verdict("second-window"))
    assert house.publish("9") == [Published.SENT]
    assert profile(klaviyo, "01LATE")["properties"]["nextorder_stage"] == "second-window"


@pytest.mark.parametrize("crowd", [0, 30])
def test_nothing_is_kept_of_a_profile_that_is_gone(crowd: int, house: House, klaviyo: FakeKlaviyo) -> None:
    for n in range(crowd):
        klaviyo.seed({"profiles": [{"id": f"01C{n}", "email": f"c{n}@example.com"}]})
        house.contacts[f"c{n}"] = Contact(customer=f"c{n}", email=f"c{n}@example.com")
        house.place(f"c{n}", a_verdict("new"), 3)
    house.place(MOTHER, a_verdict("new"), 10)
    house.publish_all()
    klaviyo.account.delete(klaviyo.account.profiles["01KIN"])

    for customer in (MOTHER, *(f"c{n}" for n in range(crowd))):
        house.place(customer, a_verdict("new", model="m2", days=1))
    house.publish_all()

    assert house.held(MOTHER).refused == PROFILE_MISSING
    assert MOTHER not in house.holders.held.values()
    assert len(house.holders.held) == crowd
