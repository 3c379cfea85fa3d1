"""What a training reads and keeps, in the table and in memory."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.model_records import DynamoModelRecords
from nextorder.domain.contest import Contest, Pair
from nextorder.domain.facts import sort_key
from nextorder.domain.model_card import Decision, Former, ModelCard, Proposal
from nextorder.domain.shop import Numbers, Window
from nextorder.ports import CustomerRecord, ModelRecords
from tests.fakes.training import InMemoryModelRecords
from tests.local_stack.bare import TABLE
from tests.unit.crowd_cases import a_crowd

AT = datetime(2026, 11, 22, 3, 15, 0, 5, tzinfo=UTC)
CARD = ModelCard(
    at=AT,
    decision=Decision.PROPOSED,
    customers=1_200,
    second_orders=300,
    first_order_at=AT,
    model="abc",
    champion="old",
    contest=Contest(origins=(AT,), figures={"loss_5": Pair(champion=0.123456789012345, challenger=1 / 3)}),
    window=Window(days=80),
    changed_share=0.2,
)
NUMBERS = Numbers(model="abc", fitted_at=AT, base={"30": 1 / 3}, clv_ranks={"0.05": 12_345})
KEPT = replace(CARD, decision=Decision.KEPT, model="", contest=None)


@pytest.fixture(params=["table", "memory"])
def records(request: pytest.FixtureRequest) -> ModelRecords:
    if request.param == "memory":
        return InMemoryModelRecords()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoModelRecords(client, TABLE)


def test_nothing_is_kept_before_the_first_training(records: ModelRecords, shop: str) -> None:
    assert (records.card(shop), records.former(shop), records.proposal(shop)) == (None, None, None)


def test_a_models_card_stays_when_a_later_training_fits_none(records: ModelRecords, shop: str) -> None:
    records.save_card(shop, CARD)
    records.save_card(shop, KEPT)

    assert records.card(shop) == KEPT
    assert records.card(shop, "abc") == CARD


def test_numbers_are_read_back_with_every_digit(records: ModelRecords, shop: str) -> None:
    former = Former(numbers=NUMBERS, catalogue="starter")

    records.keep_former(shop, former)

    assert records.former(shop) == former


def test_a_proposal_waits_until_it_is_withdrawn(records: ModelRecords, shop: str) -> None:
    proposal = Proposal(card=CARD, numbers=NUMBERS, catalogue="starter", replaces=None)

    records.propose(shop, proposal)

    assert records.proposal(shop) == proposal
    records.withdraw(shop)
    records.withdraw(shop)
    assert records.proposal(shop) is None


def test_a_census_meets_guests_and_what_waits_for_an_order_on_request(dynamodb: Any, shop: str) -> None:
    customers = DynamoCustomers(dynamodb, TABLE, new_log_key=lambda: "0" * 16)
    known, guest = (orders[0] for orders in a_crowd(2, AT).values())
    customers.store(shop, "7000", known)
    customers.own_order(shop, known.id, "7000", version="", former=())
    customers.own_order(shop, guest.id, None, version="", former=())
    customers.park(shop, guest.id, guest)
    noted: dict[str, CustomerRecord] = {}
    met: list[list[str]] = []

    DynamoCensus(dynamodb, TABLE).take(
        shop,
        wanted=lambda _: True,
        note=noted.__setitem__,
        place=lambda facts: met.append([sort_key(fact) for fact in facts]),
    )

    assert list(noted) == ["7000"]
    assert met == [[sort_key(guest)]]


def test_a_census_reads_everyone_whole_and_once_and_only_whom_it_wants(dynamodb: Any, shop: str) -> None:
    customers = DynamoCustomers(dynamodb, TABLE, new_log_key=lambda: "0" * 16)
    crowd = a_crowd(40, AT)
    for customer, orders in crowd.items():
        customers.store_newer(shop, customer, orders)
    customers.own_order(shop, "5001", None, version="", former=())
    customers.store_newer(f"x{shop}", "7999", crowd["7000"])
    met: list[str] = []
    noted: dict[str, CustomerRecord] = {}

    def wanted(customer: str) -> bool:
        met.append(customer)
        return int(customer) % 2 == 0

    DynamoCensus(dynamodb, TABLE).take(shop, wanted=wanted, note=noted.__setitem__)

    assert sorted(met) == sorted(crowd)
    assert sorted(noted) == [customer for customer in sorted(crowd) if int(customer) % 2 == 0]
    for customer, record in noted.items():
        assert sorted(record.facts, key=str) == sorted(crowd[customer], key=str)
