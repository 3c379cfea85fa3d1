"""A shop that may go live, with both platforms and the bulk publisher behind it."""

from collections.abc import Iterator
from itertools import count
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import CUSTOMERS, BulkFunction, a_shop, people, states
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws


@pytest.fixture
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKlaviyo]:
    """An account that knows all but four of the customers."""
    with FakeKlaviyo(
        api_key="pk_demo",
        clock=count(0, 60).__next__,
        job_seconds=0,
        scopes=DEFAULT_SCOPES | {"flows:read"},
    ) as running:
        monkeypatch.setenv("KLAVIYO_URL", running.url)
        running.seed({"profiles": [{"email": f"c{n}@example.com"} for n in range(5, CUSTOMERS + 1)]})
        yield running


@pytest.fixture
def shop(
    nextorder: Nextorder, store: FakeShopify, aws: BareAws, function: BulkFunction, shops: DynamoShops
) -> str:
    """A shop whose history is imported; nothing has gone live."""
    assert not function.asked
    domain = f"{uuid4().hex}.myshopify.com"
    store.seed({"customers": people()})
    options = ("--client-id", "demo-client", "--secret-stdin", "--unchecked")
    nextorder("connect", "shopify", "--shop", domain, *options, stdin="demo-secret")
    keys = {"client_id": "demo-client", "client_secrets": ["demo-secret"]}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, domain, keys)
    shops.save(a_shop(domain))
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    for customer, state in states().items():
        customers.save_state(domain, customer, state, replaces=0)
    return domain


@pytest.fixture
def with_klaviyo(shop: str, aws: BareAws, klaviyo: FakeKlaviyo) -> str:
    assert klaviyo
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop, {"klaviyo_api_key": "pk_demo"})
    return shop
