"""The fake store answers queries from the very bodies that its webhooks carry."""

from typing import Any

import pytest

from tests.fakes.shopify.client import Client
from tests.unit import payloads

ORDER = "gid://shopify/Order/5001"
PAGE = """query Page($first: Int!, $after: String, $query: String) {
  orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
    nodes { legacyResourceId } pageInfo { hasNextPage endCursor } } }"""


def seed_orders(client: Client, **updated_at: str) -> None:
    orders = [
        {"id": int(name[1:]), "created_at": "2026-11-01T00:00:00Z", "updated_at": moment, "line_items": []}
        for name, moment in updated_at.items()
    ]
    client.door("seed", {"orders": orders})


def page(client: Client, **asked: Any) -> tuple[list[str], dict[str, Any]]:
    orders = client.ask(PAGE, **{"first": 2} | asked)["data"]["orders"]
    return [one["legacyResourceId"] for one in orders["nodes"]], orders["pageInfo"]


def test_orders_come_by_their_last_change(shopify: Client) -> None:
    seed_orders(shopify, n1="2026-11-09T00:00:00Z", n2="2026-11-03T00:00:00Z", n3="2026-11-05T00:00:00Z")

    first, info = page(shopify)
    second, last = page(shopify, after=info["endCursor"])

    assert (first, second) == (["2", "3"], ["1"])
    assert last["hasNextPage"] is False


def test_an_order_that_changes_while_one_pages_is_seen_again_and_none_is_missed(shopify: Client) -> None:
    seed_orders(shopify, n1="2026-11-01T00:00:00Z", n2="2026-11-02T00:00:00Z", n3="2026-11-03T00:00:00Z")
    _, info = page(shopify)
    seed_orders(shopify, n1="2026-11-09T00:00:00Z")

    assert page(shopify, after=info["endCursor"])[0] == ["3", "1"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("updated_at:>='2026-11-02T00:00:00Z'", ["2", "3"]),
        ("updated_at:>'2026-11-02T00:00:00Z' updated_at:<='2026-11-03T00:00:00Z'", ["3"]),
        ("id:1 OR id:3", ["1", "3"]),
        ("-id:2 AND created_at:<2026-12-01", ["1", "3"]),
    ],
)
def test_orders_are_searched(shopify: Client, query: str, found: list[str]) -> None:
    seed_orders(shopify, n1="2026-11-01T00:00:00Z", n2="2026-11-02T00:00:00Z", n3="2026-11-03T00:00:00Z")

    assert page(shopify, query=query)[0] == found


def test_counts_stop_where_they_are_told(shopify: Client) -> None:
    seed_orders(shopify, n1="2026-11-01T00:00:00Z", n2="2026-11-02T00:00:00Z")
    counts = shopify.ask(
        """{ all: ordersCount(limit: null) { count precision }
        some: ordersCount(limit: 1) { count precision } }"""
    )["data"]

    assert counts == {
        "all": {"count": 2, "precision": "EXACT"},
        "some": {"count": 1, "precision": "AT_LEAST"},
    }


def test_a_refund_shows_its_lines_shipping_and_what_is_left_over(shopify: Client) -> None:
    line = payloads.a_line(11, "30.00", 2)
    refund = payloads.a_refund(
        payloads.refunded(line, 1, "30.00", tax="6.00"),
        refund_shipping_lines=[payloads.refunded_shipping("5.00")],
        order_adjustments=[payloads.adjustment("-1.50")],
        transactions=[payloads.a_transaction(81, "42.50", kind="refund")],
    )
    shopify.door("seed", {"orders": [payloads.an_order(line, total="65.00", refunds=[refund])]})

    order = shopify.ask(
        """query($id: ID!) { order(id: $id) { totalRefundedSet { shopMoney { amount } }
          transactions { id kind }
          refunds { id
            refundLineItems(first: 5) { nodes { quantity restockType lineItem { id }
              subtotalSet { shopMoney { amount } } totalTaxSet { shopMoney { amount } } } }
            refundShippingLines(first: 5) { nodes { subtotalAmountSet { shopMoney { amount } } } }
            orderAdjustments(first: 5) { nodes { reason amountSet { shopMoney { amount } } } } } } }""",
        id=ORDER,
    )["data"]["order"]

    assert order["totalRefundedSet"] == {"shopMoney": {"amount": "42.5"}}
    assert order["transactions"] == [{"id": "gid://shopify/OrderTransaction/81", "kind": "REFUND"}]
    assert order["refunds"][0]["refundLineItems"]["nodes"] == [
        {
            "quantity": 1,
            "restockType": "RETURN",
            "lineItem": {"id": "gid://shopify/LineItem/11"},
            "subtotalSet": {"shopMoney": {"amount": "30.0"}},
            "totalTaxSet": {"shopMoney": {"amount": "6.0"}},
        }
    ]
    assert order["refunds"][0]["refundShippingLines"]["nodes"] == [
        {"subtotalAmountSet": {"shopMoney": {"amount": "5.0"}}}
    ]
    assert order["refunds"][0]["orderAdjustments"]["nodes"] == [
        {"reason": "REFUND_DISCREPANCY", "amountSet": {"shopMoney": {"amount": "-1.5"}}}
    ]


def test_a_refund_can_be_asked_for_by_its_own_id(shopify: Client) -> None:
    line = payloads.a_line(11, "30.00")
    refund = payloads.a_refund(payloads.refunded(line, 1, "30.00"))
    shopify.door("seed", {"orders": [payloads.an_order(line, total="30.00", refunds=[refund])]})
    query = """{ node(id: "gid://shopify/Refund/6001") { ... on Refund { order { id }
      refundLineItems(first: 1) { nodes { lineItem { id } } } } } }"""

    assert shopify.ask(query)["data"]["node"] == {
        "order": {"id": ORDER},
        "refundLineItems": {"nodes": [{"lineItem": {"id": "gid://shopify/LineItem/11"}}]},
    }


def test_lines_are_paged_in_the_orders_own_order(shopify: Client) -> None:
    lines = [payloads.a_line(number, "1.00") for number in (30, 10, 20)]
    shopify.door("seed", {"orders": [payloads.an_order(*lines, total="3.00")]})
    query = """query($id: ID!, $after: String) { order(id: $id) { lineItems(first: 2, after: $after) {
      nodes { id } pageInfo { endCursor hasNextPage } } } }"""

    first = shopify.ask(query, id=ORDER)["data"]["order"]["lineItems"]
    second = shopify.ask(query, id=ORDER, after=first["pageInfo"]["endCursor"])["data"]["order"]["lineItems"]

    numbers = [node["id"].rsplit("/", 1)[1] for node in first["nodes"] + second["nodes"]]
    assert numbers == ["30", "10", "20"]


def test_a_wholesale_order_was_bought_by_a_company(shopify: Client) -> None:
    line = payloads.a_line(11, "30.00")
    orders = [
        payloads.an_order(line, total="30.00"),
        payloads.an_order(
            line,
            total="30.00",
            id=5002,
            admin_graphql_api_id="gid://shopify/Order/5002",
            company={"id": 4, "location_id": 5},
        ),
    ]
    shopify.door("seed", {"orders": orders})
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { purchasingEntity { __typename } } } }"

    bought = shopify.ask(query, ids=[ORDER, "gid://shopify/Order/5002"])["data"]["nodes"]
    assert [one["purchasingEntity"]["__typename"] for one in bought] == ["Customer", "PurchasingCompany"]


def test_a_variant_knows_its_product_and_its_cost(shopify: Client) -> None:
    variant = {"id": 21, "inventory_item_id": 31, "sku": "A-1", "cost": "4.20"}
    product = {"id": 1, "product_type": "Tea", "category": {"name": "Green Tea"}, "variants": [variant]}
    shopify.door("seed", {"products": [product]})
    query = """{ productVariants(first: 5, query: "sku:A-1") { nodes {
      id product { productType category { name } }
      inventoryItem { id unitCost { amount currencyCode } } } } }"""

    assert shopify.ask(query)["data"]["productVariants"]["nodes"] == [
        {
            "id": "gid://shopify/ProductVariant/21",
            "product": {"productType": "Tea", "category": {"name": "Green Tea"}},
            "inventoryItem": {
                "id": "gid://shopify/InventoryItem/31",
                "unitCost": {"amount": "4.2", "currencyCode": "GBP"},
            },
        }
    ]


def test_a_deleted_product_is_null_on_its_line(shopify: Client) -> None:
    gone = payloads.a_line(11, "30.00", product_exists=False)
    shopify.door("seed", {"orders": [payloads.an_order(gone, total="30.00")]})
    query = """query($id: ID!) { order(id: $id) { lineItems(first: 1) {
      nodes { product { id } variant { id } } } } }"""

    assert shopify.ask(query, id=ORDER)["data"]["order"]["lineItems"]["nodes"] == [
        {"product": None, "variant": None}
    ]


def test_a_customer_of_an_order_is_known_and_counted(shopify: Client) -> None:
    line = payloads.a_line(11, "30.00")
    shopify.door("seed", {"orders": [payloads.an_order(line, total="30.00")]})
    query = """{ customer(id: "gid://shopify/Customer/7001") { numberOfOrders lastOrder { id }
      defaultAddress { countryCodeV2 } defaultEmailAddress { marketingState } } }"""

    assert shopify.ask(query)["data"]["customer"] == {
        "numberOfOrders": "1",
        "lastOrder": {"id": ORDER},
        "defaultAddress": {"countryCodeV2": "SE"},
        "defaultEmailAddress": {"marketingState": "NOT_SUBSCRIBED"},
    }
