"""A merge also deletes a record: whichever is told first, the history goes to the one that stays."""

import pytest
from hypothesis import given, settings

from nextorder.domain.facts import Absorbed, Checkout, Order
from tests.fakes.board import Fuse
from tests.fakes.house import House, Webhook
from tests.unit.delivery_cases import (
    ANNA,
    BERTA,
    LIVE,
    MERGE,
    a_history,
    a_house,
    clean_pass,
    in_any_order,
    placed,
    shown,
)
from tests.unit.payloads import a_customer, a_refund, refunded

BERTAS = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002", email="berta@example.com")
DELETE: Webhook = ("customers/delete", {"id": 7002, "admin_graphql_api_id": "gid://shopify/Customer/7002"})
CHECKOUT: Webhook = (
    "checkouts/create",
    {
        "id": 9501,
        "created_at": "2026-05-31T10:00:00+02:00",
        "updated_at": "2026-05-31T10:00:00+02:00",
        "completed_at": None,
        "total_price": "40.00",
        "customer": BERTAS,
    },
)
EARLIER_MERGE: Webhook = (
    "customers/merge",
    {
        **MERGE[1],
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7002",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7003",
    },
)
BACK = (
    "refunds/create",
    a_refund(
        refunded(placed(5005, "05-25", BERTAS)["line_items"][0], 1, "40.00"), number=6005, order_id=5005
    ),
)
HISTORY = [*a_history(), CHECKOUT, BACK, EARLIER_MERGE]


def end_of(*webhooks: Webhook) -> House:
    house = a_house()
    house.receive(*webhooks)
    house.settle()
    return house


def test_told_in_either_order_both_end_in_the_same_state() -> None:
    merged_first = end_of(*HISTORY, MERGE, DELETE)
    deleted_first = end_of(*HISTORY, DELETE, MERGE)

    assert deleted_first.essence() == merged_first.essence()
    assert shown(deleted_first) == shown(merged_first)
    held = deleted_first.held.read(LIVE.id, ANNA).facts
    assert {"5004", "5005"} <= {fact.id for fact in held if isinstance(fact, Order)}
    assert [fact.id for fact in held if isinstance(fact, Checkout)] == ["9501"]
    assert {fact.id for fact in held if isinstance(fact, Absorbed)} == {BERTA, "7003"}
    assert deleted_first.state(BERTA) is None


@settings(max_examples=100)
@given(in_any_order([*HISTORY, MERGE, DELETE]))
def test_both_may_come_at_any_moment(webhooks: list[Webhook]) -> None:
    clean = clean_pass([*HISTORY, MERGE, DELETE])
    house = end_of(*webhooks)

    assert house.essence() == clean.essence()
    assert shown(house) == shown(clean)


BOTH = [*HISTORY, DELETE, MERGE]
STEPS = clean_pass(BOTH).fuse.steps


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(STEPS))
def test_a_crash_at_any_write_is_mended_by_the_redelivery(step: int, *, late: bool) -> None:
    house = a_house(Fuse(at=step, late=late))

    house.receive(*BOTH)
    house.settle()

    assert house.fuse.steps > step
    assert house.essence() == clean_pass(BOTH).essence()


def test_an_order_that_became_a_guests_since_the_deletion_stays_one() -> None:
    """Only what the deletion took away comes back with the merge."""
    nobodys = placed(5005, "05-25", None, updated_at="2026-05-31T08:00:00+02:00")
    both = [("orders/updated", nobodys), DELETE, MERGE]

    for told in (both, [DELETE, both[0], MERGE], [DELETE, MERGE, both[0]], [MERGE, DELETE, both[0]]):
        house = end_of(*HISTORY, *told)
        assert house.held.place_of_order(LIVE.id, "5005").customer is None
        assert house.essence() == end_of(*HISTORY, *both).essence()


def test_a_deletion_that_saw_no_merge_is_overtaken_by_none() -> None:
    """The merge may be told while a deletion is being carried out: whoever is second sees the other."""
    house = end_of(*HISTORY)
    own = house.held.own_order
    merge = iter([MERGE])

    def told_meanwhile(*args: object, **kwargs: object) -> None:
        house.held.own_order = own  # type: ignore[method-assign]
        house.receive(*merge)
        own(*args, **kwargs)  # type: ignore[arg-type]

    house.held.own_order = told_meanwhile  # type: ignore[method-assign]
    house.receive(DELETE)
    house.settle()

    assert house.essence() == end_of(*HISTORY, MERGE, DELETE).essence()
