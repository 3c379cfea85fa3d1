"""ports.Customers, in the table and in memory: the fake of the unit tests keeps the same promises."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.domain.changes import Accepted
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Absorbed, Checkout, StoredFact, sort_key
from nextorder.ports import Customers, Gone, OrderPlace
from tests.adapters.dynamodb.customer_cases import ANNA, AT, BERTA, EVERY_KIND, LATER, ORDER, REFUND, STATE
from tests.fakes.in_memory import InMemoryAccepted, InMemoryCustomers
from tests.local_stack.bare import TABLE


@pytest.fixture(params=["table", "memory"])
def customers(request: pytest.FixtureRequest) -> Customers:
    if request.param == "memory":
        return InMemoryCustomers()
    return DynamoCustomers(request.getfixturevalue("dynamodb"), TABLE, new_log_key=lambda: "0" * 16)


def by_key(facts: Sequence[StoredFact]) -> list[StoredFact]:
    return sorted(facts, key=sort_key)


def test_nothing_is_held_of_a_customer_who_was_never_seen(customers: Customers, shop: str) -> None:
    record = customers.read(shop, ANNA)

    assert (record.facts, record.state, record.gone, dict(record.accepted)) == ((), None, None, {})
    assert customers.state(shop, ANNA) is None
    assert customers.place_of_order(shop, "5001") == OrderPlace()


def test_every_kind_of_fact_is_read_back_as_it_was_stored(customers: Customers, shop: str) -> None:
    customers.store_newer(shop, ANNA, EVERY_KIND)

    assert by_key(customers.read(shop, ANNA).facts) == by_key(EVERY_KIND)


def test_a_fact_is_stored_only_if_it_is_newer(customers: Customers, shop: str) -> None:
    newer = replace(ORDER, updated_at=LATER, total=1)

    assert customers.store(shop, ANNA, ORDER)
    assert not customers.store(shop, ANNA, ORDER)
    assert customers.store(shop, ANNA, newer)
    assert not customers.store(shop, ANNA, ORDER)

    assert customers.read(shop, ANNA).facts == (newer,)


def test_of_several_versions_at_once_the_newest_stays(customers: Customers, shop: str) -> None:
    newest = replace(ORDER, updated_at=LATER)
    customers.store(shop, ANNA, replace(REFUND, updated_at=LATER))

    customers.store_newer(shop, ANNA, [newest, ORDER, REFUND, ORDER])
    customers.store_newer(shop, ANNA, [])

    assert by_key(customers.read(shop, ANNA).facts) == [newest, replace(REFUND, updated_at=LATER)]


def test_a_fact_that_is_taken_away_is_gone_but_not_a_newer_one(customers: Customers, shop: str) -> None:
    customers.store_newer(shop, ANNA, [replace(ORDER, updated_at=LATER), REFUND])

    customers.remove(shop, ANNA, [ORDER, REFUND])

    assert customers.read(shop, ANNA).facts == (replace(ORDER, updated_at=LATER),)


def test_shops_and_customers_are_apart(customers: Customers, shop: str) -> None:
    customers.store(shop, ANNA, ORDER)

    assert not customers.read(shop, ANNA + "1").facts
    assert not customers.read(shop, ANNA[:-1]).facts
    assert not customers.read(f"x{shop}", ANNA).facts


def test_a_state_is_read_back_as_it_was_saved(customers: Customers, shop: str) -> None:
    customers.save_state(shop, ANNA, STATE, replaces=0)

    assert customers.state(shop, ANNA) == STATE
    assert customers.read(shop, ANNA).state == STATE


def test_a_new_state_gets_a_log_key_and_the_next_one_keeps_it(customers: Customers, shop: str) -> None:
    customers.save_state(shop, ANNA, replace(STATE, log_key=""), replaces=0)
    first = customers.state(shop, ANNA)
    assert first

    customers.save_state(shop, ANNA, replace(first, version=2), replaces=1)

    second = customers.state(shop, ANNA)
    assert second
    assert first.log_key == second.log_key != ""


@pytest.mark.parametrize("replaces", [0, 2])
def test_who_writes_second_is_told_and_changes_nothing(
    customers: Customers, shop: str, replaces: int
) -> None:
    customers.save_state(shop, ANNA, STATE, replaces=0)

    with pytest.raises(VersionConflict):
        customers.save_state(shop, ANNA, replace(STATE, version=3), replaces=replaces)
    with pytest.raises(VersionConflict):
        customers.drop_state(shop, ANNA, version=2)

    assert customers.state(shop, ANNA) == STATE


def test_a_state_that_is_dropped_is_gone_and_starts_anew(customers: Customers, shop: str) -> None:
    customers.save_state(shop, ANNA, STATE, replaces=0)

    customers.drop_state(shop, ANNA, version=1)

    assert customers.state(shop, ANNA) is None
    customers.save_state(shop, ANNA, STATE, replaces=0)
    assert customers.state(shop, ANNA) == STATE


def test_the_versions_of_many_are_read_at_once(customers: Customers, shop: str) -> None:
    everyone = [str(number) for number in range(120)]
    for number in (0, 5, 119):
        customers.save_state(shop, str(number), STATE, replaces=0)
    customers.save_state(shop, "5", replace(STATE, version=2), replaces=1)

    assert customers.versions(shop, everyone) == {"0": 1, "5": 2, "119": 1}
    assert customers.versions(shop, []) == {}


def test_a_customer_who_is_gone_carries_a_sign(customers: Customers, shop: str) -> None:
    customers.mark_gone(shop, BERTA, into=ANNA, at=AT)
    customers.mark_gone(shop, ANNA, into="", at=AT)

    assert customers.read(shop, BERTA).gone == Gone(into=ANNA, at=AT)
    assert customers.read(shop, ANNA).gone == customers.gone(shop, ANNA) == Gone(into="", at=AT)
    assert customers.gone(shop, "nobody") is None
    assert not customers.read(shop, BERTA).facts


def test_the_sign_of_a_deleted_customer_keeps_what_a_merge_would_carry_on(
    customers: Customers, shop: str
) -> None:
    left = [fact for fact in EVERY_KIND if isinstance(fact, Checkout | Absorbed)]
    customers.mark_gone(shop, ANNA, into="", at=AT)
    customers.leave(shop, ANNA, orders=["5001"], facts=left)
    customers.leave(shop, ANNA, orders=["5002"], facts=left[:1])
    customers.leave(shop, ANNA, orders=[], facts=[])

    customers.mark_gone(shop, ANNA, into=BERTA, at=LATER)

    sign = customers.gone(shop, ANNA)
    assert sign
    assert (sign.into, sign.at, sign.orders) == (BERTA, LATER, frozenset({"5001", "5002"}))
    assert by_key(sign.facts) == by_key(left)


def test_a_deletion_takes_nothing_from_the_sign_of_a_merge(customers: Customers, shop: str) -> None:
    customers.mark_gone(shop, ANNA, into=BERTA, at=AT)

    customers.mark_gone(shop, ANNA, into="", at=LATER)
    customers.leave(shop, ANNA, orders=["5001"], facts=[])

    assert customers.gone(shop, ANNA) == Gone(into=BERTA, at=AT)


def test_facts_wait_at_their_order_until_it_is_known_whose_it_is(customers: Customers, shop: str) -> None:
    customers.park(shop, "5001", REFUND)
    customers.park(shop, "5001", replace(REFUND, updated_at=LATER))
    customers.park(shop, "5001", REFUND)
    waiting = customers.place_of_order(shop, "5001")

    customers.own_order(shop, "5001", ANNA, version=version_of(ORDER), former=())
    customers.unpark(shop, "5001", [REFUND])
    owned = customers.place_of_order(shop, "5001")
    customers.unpark(shop, "5001", [replace(REFUND, updated_at=LATER)])

    assert (waiting.known, waiting.customer) == (False, None)
    assert waiting.parked == (replace(REFUND, updated_at=LATER),)
    assert (owned.known, owned.customer, owned.newest) == (True, ANNA, version_of(ORDER))
    assert owned.parked == waiting.parked, "what came meanwhile stays"
    assert customers.place_of_order(shop, "5001").parked == ()


def test_a_guests_order_is_known_and_nobodys(customers: Customers, shop: str) -> None:
    customers.own_order(shop, "5001", None, version=version_of(ORDER), former=())

    place = customers.place_of_order(shop, "5001")
    assert (place.known, place.customer, place.former) == (True, None, ())


def test_the_newest_version_says_whose_an_order_is(customers: Customers, shop: str) -> None:
    newer = version_of(replace(ORDER, updated_at=LATER))
    customers.own_order(shop, "5001", ANNA, version=version_of(ORDER), former=())
    customers.own_order(shop, "5001", BERTA, version=newer, former=(ANNA,))

    customers.own_order(shop, "5001", ANNA, version=version_of(ORDER), former=(BERTA,))
    customers.own_order(shop, "5001", None, version="", former=())

    place = customers.place_of_order(shop, "5001")
    assert (place.customer, place.newest, place.former) == (BERTA, newer, (ANNA,))


def test_only_those_who_are_due_are_found_each_with_the_moment(customers: Customers, shop: str) -> None:
    """Over all shards of the index, and of this shop alone."""
    due = STATE.due_at
    assert due
    for number in range(20):
        soon = replace(STATE, due_at=due + timedelta(seconds=number))
        customers.save_state(shop, str(number), soon, replaces=0)
    customers.save_state(shop, "never", replace(STATE, due_at=None), replaces=0)
    customers.save_state(f"x{shop}", "other", STATE, replaces=0)
    customers.save_state(shop, "3", replace(STATE, version=2, due_at=None), replaces=1)

    found = dict(customers.due(shop, due + timedelta(seconds=4)))

    assert found == {str(number): due + timedelta(seconds=number) for number in (0, 1, 2, 4)}


def test_everyone_is_whoever_something_is_held_of_or_shown_of(customers: Customers, shop: str) -> None:
    """Also who was erased and is still shown somewhere; no order's place, and nobody of another shop."""
    customers.store_newer(shop, ANNA, EVERY_KIND)
    customers.save_state(shop, ANNA, STATE, replaces=0)
    customers.save_state(shop, BERTA, STATE, replaces=0)
    shown = Accepted(attributes={"stage": "new"}, version=1)
    save_accepted(customers, shop, "7003", shown)
    customers.park(shop, "5001", REFUND)
    customers.own_order(shop, "5001", None, version="", former=())
    customers.store(f"x{shop}", "7004", ORDER)

    found = dict(customers.everyone(shop))

    assert found.keys() == {ANNA, BERTA, "7003"}
    assert by_key(found[ANNA].facts) == by_key(EVERY_KIND)
    assert (found[ANNA].state, found[BERTA].state, found["7003"].state) == (STATE, STATE, None)
    assert found["7003"].accepted == {"klaviyo": shown}


def test_everyone_can_be_read_in_parts_and_nobody_twice(customers: Customers, shop: str) -> None:
    """Also after somebody of whom nothing is held any more, in pages that end within a customer."""
    names = {str(7001 + n) for n in range(23)}
    for name in names:
        customers.store_newer(shop, name, EVERY_KIND)
        customers.save_state(shop, name, STATE, replaces=0)
        customers.store(f"x{shop}", name, ORDER)
    found: list[str] = []
    while part := list(customers.everyone(shop, after=found[-1] if found else "", most=3)):
        assert len(part) <= 3
        assert all(set(map(sort_key, record.facts)) == set(map(sort_key, EVERY_KIND)) for _, record in part)
        found += [customer for customer, _ in part]
        customers.remove(shop, found[-1], EVERY_KIND)
        customers.drop_state(shop, found[-1], version=1)

    assert sorted(found) == sorted(names)


def save_accepted(customers: Customers, shop: str, customer: str, accepted: Accepted) -> None:
    if isinstance(customers, InMemoryCustomers):
        InMemoryAccepted(customers).save(shop, customer, "klaviyo", accepted)
        return
    assert isinstance(customers, DynamoCustomers)
    DynamoAccepted(customers._client, TABLE).save(shop, customer, "klaviyo", accepted)  # noqa: SLF001 - the same table
