"""`nextorder forget`: one customer, here and everywhere else, whole profiles only when asked."""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from nextorder.adapters.dead_letters import DeadLetters
from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.privacy import Forgotten
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection
from nextorder.bootstrap.environment import DEAD_QUEUES
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import an_order

ANNA, PROFILE = "7", "01HANNA"
KEY = "pk_test"


@pytest.fixture
def klaviyo() -> Iterator[FakeKlaviyo]:
    """The account, with a key that may delete people."""
    with FakeKlaviyo(api_key=KEY, scopes=DEFAULT_SCOPES | {"data-privacy:write"}) as running:
        yield running


@pytest.fixture
def shop(
    nextorder: Nextorder,  # noqa: ARG001 - sets AWS
    aws: BareAws,
    shops: DynamoShops,
    klaviyo: FakeKlaviyo,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    sqs = aws.client("sqs")
    urls = [
        sqs.create_queue(QueueName=f"{uuid4().hex}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
        for _ in range(2)
    ]
    monkeypatch.setenv("DESTINATION_QUEUE_URLS", ",".join(urls))
    for name in DEAD_QUEUES:
        monkeypatch.setenv(name, sqs.create_queue(QueueName=uuid4().hex)["QueueUrl"])
    monkeypatch.setenv("KLAVIYO_URL", klaviyo.url)
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", applied=True)
    shops.save(shop)
    keys = {"klaviyo_api_key": KEY, "access_token": STATIC_TOKEN}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop.id, keys)
    return shop.id


def is_forgotten(aws: BareAws, shop: str) -> bool:
    return Forgotten(aws.client("dynamodb"), TABLE, secret=lambda: b"p" * 40).contains(shop, ANNA)


@pytest.mark.parametrize("deletes", [True, False])
def test_a_customer_is_let_go_of_and_their_profile_stays_unless_that_is_asked_for(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, aws: BareAws, shop: str, *, deletes: bool
) -> None:
    stage = {"nextorder_stage": "new"}
    klaviyo.seed({"profiles": [{"id": PROFILE, "email": "anna@example.com", "properties": stage}]})
    held = Accepted(attributes=stage, version=1, remote_id=PROFILE)
    DynamoAccepted(aws.client("dynamodb"), TABLE).save(shop, ANNA, "klaviyo", held)

    asked = ("forget", ANNA, *(["--delete-profiles"] if deletes else []), "--shop", shop)
    said = nextorder(*asked, stdin="y\n")

    assert is_forgotten(aws, shop)
    assert "erased" in said
    assert ("klaviyo   deletes the whole profile" in said) is deletes
    assert bool(klaviyo.state()["profiles"]) is not deletes


def test_with_a_customer_goes_a_dead_letter_that_names_only_their_order(
    nextorder: Nextorder, aws: BareAws, shop: str
) -> None:
    order, sqs = an_order(0, name="1001"), aws.client("sqs")
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    customers.store_newer(shop, ANNA, [replace(order, customer=ANNA)])
    dead = os.environ[DEAD_QUEUES[0]]
    about = {"topic": "order_transactions/create", "shop": shop}
    attributes = {name: {"StringValue": told, "DataType": "String"} for name, told in about.items()}
    for one in (order.id, "4711"):
        body = json.dumps({"order_id": int(one)})
        sqs.send_message(QueueUrl=dead, MessageBody=body, MessageAttributes=attributes)

    assert nextorder("forget", ANNA, "--yes", "--shop", shop).status == 0

    assert [letter.body for letter in DeadLetters(sqs, dead).look()] == ['{"order_id": 4711}']


def test_nobody_is_let_go_of_before_a_yes(nextorder: Nextorder, aws: BareAws, shop: str) -> None:
    accepted = DynamoAccepted(aws.client("dynamodb"), TABLE)
    accepted.save(shop, ANNA, "klaviyo", Accepted(attributes={"nextorder_stage": "new"}, version=1))

    assert nextorder("forget", ANNA, "--shop", shop, stdin="n\n").status == 1
    assert "--yes agrees beforehand" in nextorder("forget", ANNA, "--shop", shop)
    assert not is_forgotten(aws, shop)
    assert nextorder("forget", ANNA, "--yes", "--shop", shop).status == 0
    assert is_forgotten(aws, shop)


def test_of_an_id_that_nobody_has_that_is_said_and_its_later_owner_is_not_barred(
    nextorder: Nextorder, aws: BareAws, shop: str
) -> None:
    said = nextorder("forget", ANNA, "--yes", "--shop", shop)

    assert said.status == 1
    assert f"nothing is held of customer {ANNA}" in said
    assert not is_forgotten(aws, shop)
    with pytest.raises(BadSettings, match=f"nothing is held of customer {ANNA}"):
        nextorder("data-request", ANNA, "--shop", shop)


def test_nobody_is_let_go_of_by_a_name(nextorder: Nextorder, shop: str) -> None:
    with pytest.raises(BadSettings, match="no customer's id"):
        nextorder("forget", "anna", "--shop", shop)
