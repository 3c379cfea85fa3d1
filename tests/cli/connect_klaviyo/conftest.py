"""A Klaviyo account, and a shop that has gone live with it."""

from collections.abc import Iterator
from itertools import count
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection
from nextorder.domain.shop import Shop
from tests.fakes.klaviyo import FakeKlaviyo
from tests.local_stack.bare import BareAws

ACCOUNT = "DEMO01"
KEY = "pk_demo"


@pytest.fixture(autouse=True)
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKlaviyo]:
    """The account that is asked; the merchant has a list of their own."""
    with FakeKlaviyo(api_key=KEY, clock=count(0, 60).__next__) as running:
        monkeypatch.setenv("KLAVIYO_URL", running.url)
        running.seed({"profiles": [{"id": "P1"}], "lists": [{"name": "Newsletter", "members": ["P1"]}]})
        yield running


@pytest.fixture
def shop(shops: DynamoShops, aws: BareAws) -> Iterator[Shop]:
    """A shop that has gone live with Klaviyo; afterwards it shares an account with no other test's."""
    name = f"{uuid4().hex}.myshopify.com"
    made = Shop(id=name, currency="GBP", applied=True, klaviyo_account=ACCOUNT)
    shops.save(made)
    write_connection(aws.client("secretsmanager"), aws.secret_arn, name, {"klaviyo_api_key": KEY})
    yield made
    shops.change(made.id, klaviyo_account="")
