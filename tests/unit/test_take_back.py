"""What we wrote is taken back: of a redacted customer, of a shop that stops, of a shop that leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from nextorder.domain.errors import NeedsHuman, OutcomeUnknown
from nextorder.domain.messages import Contact
from nextorder.domain.shop import Shop
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.fakes.board import Fuse
from tests.fakes.in_memory import InMemoryContacts
from tests.unit.bulk_cases import Town
from tests.unit.publish_cases import ANNA, PROFILE, SHOP, SINCE, World, a_verdict

STOPPED = replace(SHOP, applied=False)
LEFT = replace(SHOP, uninstalled_at=SINCE)


@dataclass
class DeadToken(InMemoryContacts):
    """A shop that took the app out answers nothing any more."""

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:  # noqa: ARG002 - the port's
        raise NeedsHuman("shopify answered 401")


def test_a_shop_that_took_the_app_out_gets_everything_taken_back_and_is_asked_nothing() -> None:
    town = Town(missing=frozenset({3}))
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = replace(LEFT, applied=False)
    town.contacts = DeadToken()
    town.place(5, a_verdict("repeat", days=9))
    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert all(town.shown(n) == ({}, set()) for n in range(12))
    assert counts[Published.LATER] == 0
    assert not town.customers.accepted
    calls = town.board.calls
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    assert town.board.calls == calls


def test_each_customer_of_a_shop_that_left_is_written_to_once() -> None:
    town = Town()
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = LEFT
    calls = town.board.calls
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert town.board.calls == calls + 12


def test_where_publishing_is_stopped_a_redaction_is_still_carried_out() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.shops.save(STOPPED)
    world.place(a_verdict("repeat", days=9))
    assert world.publish() is Published.NOT_APPLIED
    assert world.board.audiences[PROFILE] == {"next:life:new"}

    world.place(None)
    assert world.publish() is Published.SENT
    assert world.shown == ({}, set())
    assert world.customers.accepted == {}


def test_many_of_a_stopped_shop_are_left_alone_but_for_those_who_are_gone() -> None:
    town = Town(count=3)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = STOPPED
    del town.customers.states[SHOP.id, "1"]
    town.customers.facts[SHOP.id, "1"] = {}
    counts = publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)

    assert (counts[Published.NOT_APPLIED], counts[Published.SENT]) == (2, 1)
    tags = [town.board.audiences[f"01C{n}"] for n in range(3)]
    assert tags == [{"next:life:new"}, set(), {"next:life:new"}]


def test_everything_is_taken_back_on_demand_while_the_shop_still_has_the_app() -> None:
    town = Town(count=3)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = STOPPED
    counts = publish_bulk(SHOP.id, publisher=replace(town.publisher, takes_back=True), as_of=SINCE)

    assert counts[Published.SENT] == 3
    assert all(town.shown(n) == ({}, set()) for n in range(3))
    assert town.customers.accepted == {}


@pytest.mark.parametrize("shop", [SHOP, LEFT])
def test_a_destination_without_a_key_is_not_asked_and_nobody_is_looked_up(shop: Shop) -> None:
    town = Town(count=3, shop=shop)
    town.contacts = DeadToken()
    without_key = replace(town.publisher, connected=lambda _: False)

    assert publish(SHOP.id, "1", publisher=without_key, as_of=SINCE) is Published.NOT_APPLIED
    assert publish_bulk(SHOP.id, publisher=without_key, as_of=SINCE) == {}
    assert town.board.calls == 0


def test_a_destination_that_ends_with_the_app_is_asked_nothing_once_it_is_out() -> None:
    town = Town(count=2)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.shop = LEFT
    ends = replace(town.publisher, ends_with_app=True)
    calls = town.board.calls
    del town.customers.states[SHOP.id, "1"]

    assert publish(SHOP.id, "0", publisher=ends, as_of=SINCE) is Published.NOT_APPLIED
    assert publish(SHOP.id, "1", publisher=ends, as_of=SINCE) is Published.NOT_APPLIED
    assert publish_bulk(SHOP.id, publisher=ends, as_of=SINCE) == {}
    assert town.board.calls == calls
    assert town.accepted.load(SHOP.id, "1", "board") is None


def test_what_may_not_be_taken_back_is_recorded_and_told_to_a_human() -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.board.refusals[ANNA] = "locked"
    world.place(None)

    with pytest.raises(NeedsHuman, match="locked"):
        world.publish()
    held = world.accepted.load(SHOP.id, ANNA, "board")
    assert held
    assert held.is_lost

    world.board.refusals.clear()
    assert world.publish(again=True) is Published.SENT
    assert world.customers.accepted == {}


def test_a_contact_is_let_go_once_the_destination_has_named_the_person() -> None:
    world = World()
    held = InMemoryContacts(contacts={(SHOP.id, ANNA): Contact(customer=ANNA, email="anna@example.com")})
    publisher = replace(world.publisher, held_contacts=held, contacts=DeadToken())
    world.board.profiles.clear()
    world.place(a_verdict())
    assert publish(SHOP.id, ANNA, publisher=publisher, as_of=SINCE) is Published.REFUSED
    assert held.contacts

    world.board.profiles["anna@example.com"] = PROFILE
    world.place(a_verdict("repeat", days=9))
    assert publish(SHOP.id, ANNA, publisher=publisher, as_of=SINCE) is Published.SENT
    assert not held.contacts


def test_whoever_has_to_wait_does_not_end_the_run_of_the_others() -> None:
    town = Town(count=3)

    class Moving:
        """States that move on while a batch is sent, at a destination that then is busy."""

        def __getattr__(self, name: str) -> object:
            return getattr(town.customers, name)

        def versions(self, shop: str, customers: Sequence[str]) -> Mapping[str, int]:
            town.place(1, a_verdict("repeat", days=9))
            town.board.fuse.at, town.board.fuse.failure = town.board.fuse.steps, OutcomeUnknown("timeout")
            return town.customers.versions(shop, customers)

    counts = publish_bulk(SHOP.id, publisher=replace(town.publisher, customers=Moving()), as_of=SINCE)  # type: ignore[arg-type]

    assert (counts[Published.SENT], counts[Published.LATER]) == (2, 1)


def test_what_may_have_been_written_is_found_again_without_the_shop() -> None:
    """The answer to the first request never came; then the app was taken out, and with it the e-mail."""
    world = World(Fuse(at=6, failure=OutcomeUnknown("timeout", remote_id=PROFILE)))
    world.place(a_verdict())
    with pytest.raises(OutcomeUnknown):
        world.publish()
    assert world.board.audiences[PROFILE]

    world.shops.save(LEFT)
    world.contacts.contacts.clear()
    assert world.publish(again=True) is Published.SENT
    assert world.shown == ({}, set())
    assert world.customers.accepted == {}
