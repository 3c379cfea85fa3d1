"""Accounts of very many orders are merged and deleted like anybody; a deleted person leaves sums alone."""

from dataclasses import replace

import pytest

from nextorder.domain.features import MAX_ORDERS
from nextorder.domain.verdict import State
from tests.fakes.house import House
from tests.unit.delivery_cases import ANNA, BERTA, LIVE, MERGE, a_history, a_house, placed
from tests.unit.payloads import a_customer

DELETE = ("customers/delete", {"id": 7001, "admin_graphql_api_id": "gid://shopify/Customer/7001"})


def grown(house: House, customer: str) -> State:
    """Let the customer's state be one of an account of very many orders."""
    state = house.held.states[LIVE.id, customer]
    house.held.states[LIVE.id, customer] = replace(state, orders=MAX_ORDERS + 1)
    return state


@pytest.fixture
def house() -> House:
    found = a_house()
    found.receive(*a_history())
    return found


def test_a_till_that_is_merged_into_somebody_hands_over_its_orders_at_once(house: House) -> None:
    grown(house, BERTA)

    house.receive(MERGE)

    assert house.state(BERTA) is None
    assert {"5004", "5005"} <= {fact.id for fact in house.held.read(LIVE.id, ANNA).facts}


def test_a_till_into_which_somebody_is_merged_knows_of_the_tags_that_came_along(house: House) -> None:
    grown(house, ANNA)

    house.receive(MERGE)

    state = house.state(ANNA)
    assert state is not None
    assert state.verdict.absorbed == 1


def test_a_till_that_is_deleted_shows_nothing_any_more(house: House) -> None:
    grown(house, ANNA)

    house.receive(DELETE)

    assert house.state(ANNA) is None


def test_a_till_that_stays_is_not_read_again(house: House) -> None:
    grown(house, ANNA)
    before = house.state(ANNA)

    house.receive(("orders/create", placed(5099, "05-30", a_customer())))

    assert house.state(ANNA) == before


def test_a_deleted_persons_orders_stay_for_the_sums_and_name_nobody(house: House) -> None:
    held = [
        fact for fact in house.held.read(LIVE.id, ANNA).facts if fact.prefix in ("order", "refund", "payment")
    ]

    house.receive(DELETE)

    places = [house.held.place_of_order(LIVE.id, order) for order in ("5001", "5002", "5003")]
    left = [fact for place in places for fact in place.parked]
    assert sorted(fact.id for fact in left) == sorted(fact.id for fact in held)
    assert house.held.read(LIVE.id, ANNA).facts == ()
    assert ANNA not in repr(places)
