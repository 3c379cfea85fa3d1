"""Nothing lost, nothing doubled: shuffles, repeats and crashes all end in the same place."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.facts import Absorbed, Order, Refund
from tests.fakes.board import Fuse
from tests.fakes.house import House, Webhook
from tests.unit.payloads import Body, a_customer, a_line, a_refund, a_transaction, an_order, refunded
from tests.unit.shop_cases import CATALOGUE, MODEL, SHOP

AS_OF = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LIVE = replace(SHOP, applied=True)
ANNA, BERTA = "7001", "7002"
LINE = a_line(1, "40.00", 2)


def placed(number: int, day: str, customer: Body | None, **fields: object) -> Body:
    at = f"2026-{day}T10:15:00+01:00"
    return an_order(
        a_line(number * 10, "40.00"),
        total="45.00",
        **{
            "id": number,
            "admin_graphql_api_id": f"gid://shopify/Order/{number}",
            "processed_at": at,
            "created_at": at,
            "updated_at": at,
            "customer": customer,
            **fields,
        },
    )


def a_history() -> list[Webhook]:
    """Two customers, a guest who turns out to be one of them, refunds, consent, and a merge at the end."""
    anna = a_customer()
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com")
    first = placed(5001, "03-02", anna)
    first["line_items"] = [LINE]
    back = a_refund(refunded(LINE, 1, "40.00"))
    return [
        ("orders/create", {**first, "financial_status": "pending"}),
        ("orders/paid", first),
        ("order_transactions/create", a_transaction(8001, "45.00")),
        ("refunds/create", back),
        ("orders/updated", {**first, "refunds": [back], "updated_at": "2026-03-12T09:00:01+01:00"}),
        ("orders/create", placed(5002, "04-20", anna)),
        ("orders/create", placed(5003, "05-11", None)),
        ("orders/updated", placed(5003, "05-11", anna, updated_at="2026-05-12T08:00:00+02:00")),
        ("orders/create", placed(5004, "05-20", berta)),
        ("orders/cancelled", placed(5004, "05-20", berta, cancelled_at="2026-05-21T08:00:00+02:00")),
        ("orders/create", placed(5005, "05-25", berta)),
        (
            "customers_email_marketing_consent/update",
            {
                "customer_id": 7001,
                "email_address": "anna@example.com",
                "email_marketing_consent": {
                    "state": "subscribed",
                    "opt_in_level": "single_opt_in",
                    "consent_updated_at": "2026-03-02T10:15:00+01:00",
                },
            },
        ),
    ]


def a_restless_history() -> list[Webhook]:
    """Orders that change hands and are deleted, refunds on the way, a customer who is deleted."""
    anna = a_customer()
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com")
    cleo = a_customer(id=7003, admin_graphql_api_id="gid://shopify/Customer/7003", email=None)
    moving = placed(5010, "03-02", anna)
    moving["line_items"] = [LINE]
    return [
        ("orders/create", moving),
        ("refunds/create", a_refund(refunded(LINE, 1, "40.00"), order_id=5010)),
        ("orders/updated", {**moving, "customer": berta, "updated_at": "2026-04-01T08:00:00+02:00"}),
        ("orders/create", placed(5011, "04-20", berta)),
        ("orders/delete", {"id": 5011}),
        ("orders/create", placed(5012, "05-02", anna)),
        ("orders/updated", placed(5012, "05-02", None, updated_at="2026-05-03T08:00:00+02:00")),
        ("orders/create", placed(5013, "05-04", cleo)),
        ("refunds/create", a_refund(refunded(LINE, 1, "40.00"), number=6002, order_id=5013)),
        ("customers/delete", {"id": 7003, "admin_graphql_api_id": "gid://shopify/Customer/7003"}),
    ]


MERGE: Webhook = (
    "customers/merge",
    {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7001",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7002",
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    },
)


def a_house(fuse: Fuse | None = None) -> House:
    house = House(LIVE, MODEL, CATALOGUE.with_on("all"), AS_OF, fuse=fuse or Fuse())
    house.board.profiles = {"anna@example.com": "P1", "berta@example.com": "P2"}
    return house


def shown(house: House) -> object:
    return {profile: house.board.shown(profile) for profile in ("P1", "P2")}


def clean_pass(history: list[Webhook]) -> House:
    house = a_house()
    house.receive(*history)
    house.settle()
    return house


def in_any_order(history: list[Webhook]) -> st.SearchStrategy[list[Webhook]]:
    """Every webhook at least once, some twice, in any order."""
    repeats = st.lists(st.sampled_from(range(len(history))), max_size=6)
    numbers = repeats.flatmap(lambda extra: st.permutations([*range(len(history)), *extra]))
    return numbers.map(lambda chosen: [history[n] for n in chosen])


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
    assert {e.unique_id for _, e in house.board.events} == {e.unique_id for _, e in clean.board.events}


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

    told = [event.unique_id for _, event in house.board.events]
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
    assert state.verdict.scores is None


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
