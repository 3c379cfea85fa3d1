"""Nothing lost, nothing doubled: shuffles, repeats and crashes all end in the same place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import Absorbed, Order, Refund
from tests.fakes.board import Fuse
from tests.fakes.house import Webhook
from tests.unit.delivery_cases import (
    ANNA,
    AS_OF,
    BERTA,
    LIVE,
    MERGE,
    a_history,
    a_house,
    a_restless_history,
    clean_pass,
    in_any_order,
    placed,
    shown,
)
from tests.unit.payloads import a_customer


@given(in_any_order(a_history()))
def test_any_order_with_any_repeats_ends_in_the_same_state_and_shows_the_same(
    webhooks: list[Webhook],
) -> None:
    """Webhooks may come late, twice and out of order: states, facts, owners and destinations agree."""
    clean = clean_pass(a_history())
    house = a_house()

    house.receive(*webhooks)
    house.settle()

    assert house.essence() == clean.essence()
    assert shown(house) == shown(clean)
    assert {e.id for _, e in house.board.events} == {e.id for _, e in clean.board.events}


@given(in_any_order([*a_history(), MERGE]))
def test_a_merge_may_come_at_any_moment(webhooks: list[Webhook]) -> None:
    """History and tags move to the record that stays, the other one is gone, whenever the merge is told."""
    clean = clean_pass([*a_history(), MERGE])
    house = a_house()

    house.receive(*webhooks)
    house.settle()

    assert house.essence() == clean.essence()
    assert house.state(BERTA) is None
    assert not house.board.audiences.get("P2")
    assert shown(house) == shown(clean)


@given(in_any_order(a_restless_history()))
def test_orders_that_change_hands_or_end_do_so_in_any_order(webhooks: list[Webhook]) -> None:
    """An order goes to the customer of its newest version; a deleted one stays deleted; a deleted
    customer's orders stay as a guest's.
    """
    clean = clean_pass(a_restless_history())
    house = a_house()

    house.receive(*webhooks)
    house.settle()

    assert house.essence() == clean.essence()
    assert shown(house) == shown(clean)
    assert house.state("7003") is None
    berta = house.held.read(LIVE.id, BERTA).facts
    assert {fact.id for fact in berta if isinstance(fact, Order)} == {"5010", "5011"}


@given(in_any_order(a_history()), st.lists(st.booleans(), min_size=30, max_size=30))
def test_no_event_is_told_twice_whenever_the_publisher_runs(
    webhooks: list[Webhook], pauses: list[bool]
) -> None:
    """However deliveries and publishing interleave, one event is told once and the end is the same."""
    house = a_house()

    for webhook, pause in zip(webhooks, pauses, strict=False):
        house.receive(webhook)
        if pause:
            house.settle()
    house.settle()

    told = [event.id for _, event in house.board.events]
    assert len(told) == len(set(told))
    assert shown(house) == shown(clean_pass(a_history()))


def test_the_same_history_a_second_time_publishes_nothing() -> None:
    """A replay is not news."""
    house = clean_pass(a_history())
    calls = house.board.calls

    house.receive(*a_history())

    assert house.settle() == 0
    assert house.board.calls == calls


HISTORIES = {"merge": [*a_history(), MERGE], "restless": a_restless_history()}
CLEAN = {name: clean_pass(history) for name, history in HISTORIES.items()}
STEPS = [(name, step) for name, house in CLEAN.items() for step in range(house.fuse.steps)]


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("name", "step"), STEPS)
def test_a_crash_at_any_write_is_mended_by_the_redelivery(name: str, step: int, *, late: bool) -> None:
    """The process may die before or after each single write; the queue delivers the message again."""
    house = a_house(Fuse(at=step, late=late))

    house.receive(*HISTORIES[name])
    house.settle()

    assert house.fuse.steps > step
    assert house.essence() == CLEAN[name].essence()
    assert shown(house) == shown(CLEAN[name])


def test_one_batch_ends_like_one_by_one() -> None:
    """A batch takes all facts first and refreshes each customer once."""
    house = a_house()

    house.receive_together(a_history())
    house.settle()

    assert house.essence() == clean_pass(a_history()).essence()
    assert {customer: state.version for (_, customer), state in house.held.states.items()} == {
        ANNA: 1,
        BERTA: 1,
    }


def test_a_refund_that_comes_first_waits_at_its_order() -> None:
    """A refund names no customer: it is parked under the order and moves when the order comes."""
    order, refund = a_history()[1], a_history()[3]
    house = a_house()

    house.receive(refund)
    assert house.state(ANNA) is None

    house.receive(order)
    facts = house.held.read(LIVE.id, ANNA).facts
    assert {type(fact) for fact in facts} >= {Order, Refund}
    assert not house.held.parked[LIVE.id, "5001"]


def test_a_guest_order_is_kept_without_a_customer() -> None:
    """A guest's order counts for the shop and makes no customer."""
    house = a_house()

    house.receive(("orders/create", placed(5003, "05-11", None)))

    assert not house.held.states
    assert [fact.prefix for fact in house.held.parked[LIVE.id, "5003"].values()] == ["order"]


def test_a_deleted_order_stays_deleted() -> None:
    """A late update does not bring an order back."""
    house = a_house()
    order = placed(5001, "03-02", a_customer())

    house.receive(("orders/create", order), ("orders/delete", {"id": 5001}), ("orders/updated", order))

    state = house.state(ANNA)
    assert state is not None
    assert state.verdict.scores
    assert not state.verdict.scores.p_active


def test_a_redacted_customer_cannot_come_back() -> None:
    """Nothing is stored of a customer who was redacted, whatever is delivered later."""
    house = a_house()
    house.forgotten.mark(LIVE.id, ANNA, AS_OF)

    house.receive(*a_history())

    assert house.state(ANNA) is None
    assert not house.held.facts[LIVE.id, ANNA]


def test_a_merge_leaves_a_mark_on_the_record_that_stays() -> None:
    """Shopify moves the tags of the record that is gone, so the publisher must look at everything."""
    house = clean_pass([*a_history(), MERGE])

    facts = house.held.read(LIVE.id, ANNA).facts

    assert [fact.id for fact in facts if isinstance(fact, Absorbed)] == [BERTA]
    assert house.board.audiences["P1"] == {"next:life:champion"}


def test_a_merge_of_a_merge_remembers_every_record_that_is_gone() -> None:
    """A redaction of the last one must find them all."""
    third = {**MERGE[1], "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7009"}
    third["admin_graphql_api_customer_deleted_id"] = "gid://shopify/Customer/7001"
    house = clean_pass([*a_history(), MERGE, ("customers/merge", third)])

    facts = house.held.read(LIVE.id, "7009").facts

    assert {fact.id for fact in facts if isinstance(fact, Absorbed)} == {ANNA, BERTA}


def test_a_contact_is_held_only_until_the_destination_knows_the_person() -> None:
    """An e-mail address is kept for the publisher, and no longer needed once it has found the profile."""
    house = a_house()
    house.receive(("orders/create", placed(5001, "03-02", a_customer())))
    assert house.contacts.contacts

    house.settle()
    house.contacts.contacts.clear()
    house.receive(("orders/create", placed(5002, "04-20", a_customer())))

    assert not house.contacts.contacts


def test_an_order_older_than_a_week_starts_no_flow() -> None:
    """A backdated import is history, not news."""
    house = clean_pass(a_history()[:2])

    assert house.board.events == []
