"""What a bulk operation writes, in whatever order, comes together again."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from nextorder.adapters.shopify.jsonl import join, root_of
from nextorder.adapters.shopify.order_nodes import OrderNodes
from nextorder.adapters.shopify.reading_documents import BULK_CUSTOMERS, BULK_PRODUCTS, bulk_orders
from nextorder.adapters.shopify.tellings import readings
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import Consent, OrderCount, SignUp, UnitCost, VariantCategory
from nextorder.domain.shop import Shop
from tests.adapters.node_cases import DOMAIN, AskedShop, from_node, from_webhook
from tests.fakes.shopify.bulk_rows import rows
from tests.unit.payloads import a_customer, a_line, a_refund, an_order, refunded, shipping

ORDER = b'{"id":"gid://shopify/Order/1","name":"#1"}\n'
LINE = b'{"id":"gid://shopify/LineItem/7","__parentId":"gid://shopify/Order/1"}\n'
SHOP = Shop(id=DOMAIN, timezone="Europe/Stockholm", currency="EUR")


def exported(shop: AskedShop, query: str) -> list[bytes]:
    """Return what a bulk operation gives, orders and lines mixed."""
    return [line for _, line in rows(shop.store, query, grouped=False)]


def orders(count: int) -> list[dict[str, object]]:
    """Return orders of several lines, every third one refunded, every fourth a guest's."""
    made = []
    for number in range(1, count + 1):
        lines = [a_line(100 * number + place, "20.00", 2, taxes=["8.00"]) for place in range(1, 4)]
        back = [a_refund(refunded(lines[0], 1, "20.00"), number=6000 + number, order_id=5000 + number)]
        ids = {"id": 5000 + number, "admin_graphql_api_id": f"gid://shopify/Order/{5000 + number}"}
        made.append(
            an_order(
                *lines,
                total="125.00",
                refunds=[] if number % 3 else back,
                customer=a_customer() if number % 4 else None,
                shipping_lines=[shipping("5.00") | {"title": "Post"}],
                buyer_accepts_marketing=True,
                fulfillment_status=None,
                **ids,
            )
        )
    return made


@pytest.mark.parametrize("seed", range(5))
def test_orders_of_a_bulk_operation_make_the_facts_of_their_webhooks(seed: int) -> None:
    """Lines come in any order, some of them twice; refund lines are asked for afterwards."""
    chance = random.Random(seed)  # noqa: S311 - no secret
    bodies = orders(9)
    shop = AskedShop(*bodies)
    lines = exported(shop, bulk_orders("created_at:>='2020-01-01'"))
    lines += chance.sample(lines, 5)
    chance.shuffle(lines)
    joined = join(lines)
    assert not joined.rejects
    found = {
        fact
        for node in OrderNodes(shop).with_refunds(DOMAIN, joined.nodes)  # type: ignore[arg-type]
        for fact in from_node(node)
    }
    assert found == {fact for body in bodies for fact in from_webhook(body)}


def test_only_refunded_orders_are_asked_about() -> None:
    shop = AskedShop(*orders(9))
    joined = join(exported(shop, bulk_orders("")))
    assert len(list(OrderNodes(shop).with_refunds(DOMAIN, joined.nodes))) == 9  # type: ignore[arg-type]
    assert len(shop.documents) == 1


def test_customers_come_with_consents_and_count() -> None:
    """A consent is true as of the record's last change, whenever it was given."""
    consent = {"state": "subscribed", "opt_in_level": None, "consent_updated_at": "2020-01-01T00:00:00Z"}
    anna = a_customer(
        orders_count=3, email_marketing_consent=consent, phone="+4670", sms_marketing_consent=consent
    )
    joined = join(exported(AskedShop(anna, kind="Customer"), BULK_CUSTOMERS))
    facts = [fact for node in joined.nodes for reading in readings(node, SHOP) for fact in reading.facts]
    assert [type(fact) for fact in facts] == [SignUp, Consent, Consent, OrderCount]
    consents = [fact for fact in facts if isinstance(fact, Consent)]
    assert {fact.state for fact in consents} == {"subscribed"}
    assert {fact.updated_at for fact in consents} == {datetime(2026, 3, 2, 9, 15, tzinfo=UTC)}


def test_products_come_with_what_their_variants_cost() -> None:
    product = {
        "id": 3,
        "title": "Earl Grey",
        "product_type": "Tea",
        "updated_at": "2026-01-01T00:00:00Z",
        "variants": [{"id": 4, "sku": "T-1", "inventory_item_id": 5, "cost": "2.50"}],
    }
    joined = join(exported(AskedShop(product, kind="Product"), BULK_PRODUCTS))
    facts = [fact for node in joined.nodes for reading in readings(node, SHOP) for fact in reading.shop_facts]
    [variant, cost] = facts
    assert isinstance(variant, VariantCategory)
    assert (variant.id, variant.sku, variant.inventory_item, variant.category) == ("4", "T-1", "5", "tea")
    assert (variant.product, variant.product_title) == ("3", "Earl Grey")
    assert isinstance(cost, UnitCost)
    assert (cost.id, cost.unit_cost) == ("5", 250)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([LINE], "its parent is not among the lines"),
        ([ORDER, LINE.replace(b"LineItem", b"Metafield")], "not a line that our documents ask for"),
        ([b"{half"], "not JSON"),
        ([b"[]"], "not an object with an id"),
        ([b'{"name":"#1"}'], "not an object with an id"),
    ],
)
def test_what_cannot_be_joined_is_refused_with_a_reason(lines: Sequence[bytes], reason: str) -> None:
    [reject] = join(lines).rejects
    assert reject.reason == reason
    assert reject.text == lines[-1].decode().strip()


def test_a_shipping_line_without_an_id_finds_its_place() -> None:
    """The schema lets it have none."""
    [node] = join([b'{"id":null,"title":"Post","__parentId":"gid://shopify/Order/1"}', ORDER]).nodes
    assert [line["title"] for line in node["shippingLines"]] == ["Post"]


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        ORDER,
        b'{"__parentId": "gid://shopify/Order/1", "id": "gid://shopify/LineItem/7"}',
        b'{"name":"\\"__parentId\\":\\"no\\"","id":"gid://shopify/Order/1"}',
    ],
)
def test_a_line_is_known_to_belong_to_its_order(line: bytes) -> None:
    """Also where keys come otherwise than Shopify writes them, or a name looks like a key."""
    assert root_of(line) == "gid://shopify/Order/1"


@pytest.mark.parametrize("line", [b"", b"{", b'{"id":"gid', b'{"a":1}', b'{"__parentId":3}'])
def test_a_line_of_nothing_is_refused(line: bytes) -> None:
    with pytest.raises(BadPayload):
        root_of(line)
