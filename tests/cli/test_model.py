"""`nextorder train` and `nextorder model`: a first model, what waits, and the way back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.model_records import DynamoModelRecords
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.model_card import Decision, ModelCard, Proposal
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.crowd_cases import a_crowd
from tests.unit.shop_cases import SHOP


@pytest.fixture
def records(aws: BareAws) -> DynamoModelRecords:
    return DynamoModelRecords(aws.client("dynamodb"), TABLE)


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops) -> str:
    """A shop that has a history and no model."""
    client = aws.client("dynamodb")
    name = f"{uuid4().hex}.myshopify.com"
    shops.save(replace(SHOP, id=name))
    bulk = DynamoBulk(client, TABLE, DynamoCustomers(client, TABLE, new_log_key=lambda: "of-a-test"))
    for customer, orders in a_crowd(160, datetime.now(UTC)).items():
        bulk.store_all(name, {customer: orders})
    return name


def held(shops: DynamoShops, shop: str) -> Shop:
    found = shops.get(shop)
    assert found
    return found


def test_the_first_training_is_told_in_words_and_so_is_its_model(
    nextorder: Nextorder, shops: DynamoShops, shop: str
) -> None:
    assert "what is known of stores in general" in nextorder("model", "show", "--shop", shop)

    said = nextorder("train", "--here", "--shop", shop)

    assert "put in force: the store had none of its own" in said
    shown = nextorder("model", "show", "--shop", shop)
    assert f"in force: model {held(shops, shop).numbers.model}" in shown
    assert "four of five second orders come within" in shown
    assert "too new to be judged" in nextorder("train", "--here", "--shop", shop)
    assert "the latest training:" in nextorder("model", "show", "--shop", shop)


def a_second_model(shops: DynamoShops, records: DynamoModelRecords, shop: str) -> Proposal:
    """Propose numbers of the day after those in force."""
    now = held(shops, shop)
    assert now.numbers.fitted_at
    later = now.numbers.fitted_at + timedelta(days=1)
    card = ModelCard(at=later, decision=Decision.PROPOSED, customers=160, second_orders=60, model="another")
    proposal = Proposal(
        card=card,
        numbers=replace(now.numbers, fitted_at=later),
        catalogue=now.catalogue,
        replaces=now.numbers.fitted_at,
    )
    records.propose(shop, proposal)
    return proposal


def test_what_waits_is_accepted_and_gone_back_from_by_one_command_each(
    nextorder: Nextorder, shops: DynamoShops, records: DynamoModelRecords, shop: str
) -> None:
    nextorder("train", "--here", "--shop", shop)
    before = held(shops, shop).numbers
    proposal = a_second_model(shops, records, shop)
    assert "a model waits for you" in nextorder("model", "show", "--shop", shop)

    nextorder("model", "accept", "--shop", shop)
    assert held(shops, shop).numbers == proposal.numbers

    assert "in force" in nextorder("model", "rollback", "--shop", shop)
    assert held(shops, shop).numbers == before
    nextorder("model", "rollback", "--shop", shop, "--yes")
    assert held(shops, shop).numbers == proposal.numbers


def test_what_is_rejected_waits_no_more_and_changes_nothing(
    nextorder: Nextorder, shops: DynamoShops, records: DynamoModelRecords, shop: str
) -> None:
    nextorder("train", "--here", "--shop", shop)
    before = held(shops, shop)
    a_second_model(shops, records, shop)

    nextorder("model", "reject", "--shop", shop)

    assert held(shops, shop) == before
    with pytest.raises(BadSettings, match="no model waits"):
        nextorder("model", "accept", "--shop", shop)


def test_a_damaged_model_is_not_gone_back_to(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, records: DynamoModelRecords, shop: str
) -> None:
    nextorder("train", "--here", "--shop", shop)
    name = held(shops, shop).numbers.model
    a_second_model(shops, records, shop)
    nextorder("model", "accept", "--shop", shop)
    place = {"pk": {"S": shop}, "sk": {"S": f"model#{name}"}}
    client = aws.client("dynamodb")
    document = client.get_item(TableName=TABLE, Key=place)["Item"]["doc"]["S"]
    altered = document.replace('"group": 200', '"group": 100')
    client.put_item(TableName=TABLE, Item=place | {"doc": {"S": altered}})

    with pytest.raises(BadSettings, match="store model is named"):
        nextorder("model", "rollback", "--shop", shop)
