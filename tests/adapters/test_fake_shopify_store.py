"""The fake store keeps tags, metafields and subscriptions as Shopify does, and shows what it holds."""

from typing import Any

from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import (
    CUSTOMER,
    METAFIELDS_SET,
    READ,
    TAGS_ADD,
    TAGS_REMOVE,
    Client,
    a_metafield,
    code_of,
)
from tests.fakes.shopify.server import DEFAULT_SCOPES


def test_tags_are_split_at_commas_and_kept_once_whatever_their_case(shopify: Client) -> None:
    shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["vip", "next:due, Zebra ", "a"])
    assert shopify.tags() == ["a", "next:due", "VIP", "Zebra"]

    shopify.ask(TAGS_REMOVE, id=CUSTOMER, tags=["ZEBRA", "never there"])
    assert shopify.tags() == ["a", "next:due", "VIP"]


def test_tags_have_limits(shopify: Client) -> None:
    long = shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["x" * 256])
    full = shopify.ask(TAGS_ADD, id=CUSTOMER, tags=[",".join(f"t{at}" for at in range(250))])
    array = shopify.ask(TAGS_ADD, id=CUSTOMER, tags=[f"t{at}" for at in range(251)])

    assert long["data"]["tagsAdd"]["userErrors"] == [
        {"field": ["tags"], "message": "Tags is too long (maximum is 255 characters)"}
    ]
    assert full["data"]["tagsAdd"]["userErrors"] == [
        {"field": ["tags"], "message": "Tags cannot be more than 250"}
    ]
    assert code_of(array) == "MAX_INPUT_SIZE_EXCEEDED"
    assert shopify.tags() == ["VIP"]


def test_metafields_are_written_and_read_back(shopify: Client) -> None:
    fields = [a_metafield(), a_metafield(key="p_5d", type="number_decimal", value="0.310")]
    written = shopify.ask(METAFIELDS_SET, metafields=fields)["data"]["metafieldsSet"]
    read = shopify.ask(READ, id=CUSTOMER)["data"]["customer"]

    assert written["userErrors"] == []
    assert read["stage"] == {"value": "due"}
    assert read["metafields"]["nodes"] == [{"key": "stage", "value": "due"}, {"key": "p_5d", "value": "0.31"}]
    assert read["defaultEmailAddress"] == {"emailAddress": "seven@example.com"}
    assert read["defaultPhoneNumber"] is None


def test_one_missing_owner_fails_the_whole_call(shopify: Client) -> None:
    gone = a_metafield(ownerId="gid://shopify/Customer/8")
    refused = shopify.ask(METAFIELDS_SET, metafields=[a_metafield(), gone])["data"]["metafieldsSet"]

    assert refused["metafields"] == []
    assert refused["userErrors"][0]["field"] == ["metafields", "1", "ownerId"]
    assert shopify.ask(READ, id=CUSTOMER)["data"]["customer"]["stage"] is None


def test_a_digest_guards_against_a_write_in_between(shopify: Client) -> None:
    fresh = shopify.ask(METAFIELDS_SET, metafields=[a_metafield(compareDigest=None)])["data"]["metafieldsSet"]
    digest = fresh["metafields"][0]["compareDigest"]
    changed = a_metafield(value="late", compareDigest=digest)

    first = shopify.ask(METAFIELDS_SET, metafields=[changed])["data"]["metafieldsSet"]
    again = shopify.ask(METAFIELDS_SET, metafields=[changed])["data"]["metafieldsSet"]

    assert first["userErrors"] == []
    assert again["userErrors"][0]["code"] == "STALE_OBJECT"


def test_a_definition_gives_the_type_and_holds_every_write_to_it(shopify: Client) -> None:
    create = """mutation Define($definition: MetafieldDefinitionInput!) {
      metafieldDefinitionCreate(definition: $definition) { createdDefinition { id } userErrors { code } } }"""
    definition = {"name": "Stage", "namespace": "nextorder", "key": "stage"}
    definition |= {"ownerType": "CUSTOMER", "type": "single_line_text_field"}

    made = shopify.ask(create, definition=definition)["data"]["metafieldDefinitionCreate"]
    twice = shopify.ask(create, definition=definition)["data"]["metafieldDefinitionCreate"]
    untyped = a_metafield()
    del untyped["type"]
    right = shopify.ask(METAFIELDS_SET, metafields=[untyped])["data"]["metafieldsSet"]
    wrong = shopify.ask(METAFIELDS_SET, metafields=[a_metafield(type="json", value="1")])["data"][
        "metafieldsSet"
    ]

    assert made["userErrors"] == []
    assert twice["userErrors"] == [{"code": "TAKEN"}]
    assert right["userErrors"] == []
    assert wrong["userErrors"][0]["code"] == "INVALID_TYPE"


def test_deleting_a_metafield_that_is_not_there_is_no_error(shopify: Client) -> None:
    shopify.ask(METAFIELDS_SET, metafields=[a_metafield()])
    delete = """mutation Delete($metafields: [MetafieldIdentifierInput!]!) {
      metafieldsDelete(metafields: $metafields) { deletedMetafields { key } userErrors { message } } }"""
    named = [{"ownerId": CUSTOMER, "namespace": "nextorder", "key": key} for key in ("stage", "never")]

    deleted = shopify.ask(delete, metafields=named)["data"]["metafieldsDelete"]

    assert deleted == {"deletedMetafields": [{"key": "stage"}, None], "userErrors": []}


def test_customers_come_in_pages_and_by_search(shopify: Client) -> None:
    shopify.door("seed", {"customers": [{"id": at, "email": f"c{at}@example.com"} for at in range(100, 105)]})
    page = """query Page($after: String, $query: String) { customers(first: 4, after: $after, query: $query) {
      nodes { legacyResourceId } pageInfo { hasNextPage endCursor } } }"""

    first = shopify.ask(page)["data"]["customers"]
    second = shopify.ask(page, after=first["pageInfo"]["endCursor"])["data"]["customers"]
    found = shopify.ask(page, query='email:"C102@example.com" OR id:>=104')["data"]["customers"]
    unknown = shopify.ask(page, query="loves:cats")

    assert [one["legacyResourceId"] for one in first["nodes"] + second["nodes"]] == [
        "7",
        "100",
        "101",
        "102",
        "103",
        "104",
    ]
    assert second["pageInfo"]["hasNextPage"] is False
    assert [one["legacyResourceId"] for one in found["nodes"]] == ["102", "104"]
    assert unknown["errors"]


def test_an_order_shows_the_fees_of_its_transactions(shopify: Client) -> None:
    fee = {"amount": "1.17", "rate": "0.029", "flat_fee": "0.30"}
    paid = {"id": 5, "amount": "30.00", "fees": [fee]}
    shopify.door("seed", {"orders": [{"id": 9, "customer": 7, "transactions": [paid]}]})

    order = shopify.ask(
        """{ order(id: "gid://shopify/Order/9") { customer { id } transactions(first: 5) {
          kind status amountSet { shopMoney { amount } } fees { amount { amount currencyCode } rate } } } }"""
    )["data"]["order"]

    assert order["customer"]["id"] == CUSTOMER
    assert order["transactions"][0]["fees"] == [
        {"amount": {"amount": "1.17", "currencyCode": "GBP"}, "rate": "0.029"}
    ]


def test_orders_older_than_sixty_days_take_a_scope_of_their_own(clock: StillClock) -> None:
    query = '{ order(id: "gid://shopify/Order/9") { id } }'
    seen = []
    for scopes in (DEFAULT_SCOPES, DEFAULT_SCOPES - {"read_all_orders"}):
        with FakeShopify(clock=clock, scopes=scopes) as fake, Client(fake) as client:
            client.door("seed", {"orders": [{"id": 9, "created_at": "2026-01-01T00:00:00Z"}]})
            seen.append(client.ask(query)["data"]["order"])

    assert seen == [{"id": "gid://shopify/Order/9"}, None]


def test_nodes_come_in_the_order_asked_with_null_for_the_missing(shopify: Client) -> None:
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { tags } } }"

    found = shopify.ask(query, ids=["gid://shopify/Customer/8", CUSTOMER])["data"]["nodes"]
    refused = shopify.ask(query, ids=[CUSTOMER] * 251)

    assert found == [None, {"tags": ["VIP"]}]
    assert code_of(refused) == "MAX_INPUT_SIZE_EXCEEDED"


def test_the_shop_and_the_installation_describe_themselves(shopify: Client) -> None:
    answer = shopify.ask(
        """{ shop { id name ianaTimezone currencyCode myshopifyDomain }
          currentAppInstallation { accessScopes { handle } } }"""
    )["data"]

    assert answer["shop"]["myshopifyDomain"] == "demo.myshopify.com"
    assert {one["handle"] for one in answer["currentAppInstallation"]["accessScopes"]} == DEFAULT_SCOPES


def test_a_subscription_wants_https_and_a_topic_only_once(shopify: Client) -> None:
    create = """mutation Create($topic: WebhookSubscriptionTopic!, $to: WebhookSubscriptionInput!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: $to) {
        webhookSubscription { id topic uri } userErrors { field message } } }"""

    def subscribe(topic: str, uri: str) -> dict[str, Any]:
        return shopify.ask(create, topic=topic, to={"uri": uri})

    made = subscribe("ORDERS_CREATE", "https://example.com/hook")["data"]["webhookSubscriptionCreate"]
    twice = subscribe("ORDERS_CREATE", "https://example.com/hook")["data"]["webhookSubscriptionCreate"]
    plain = subscribe("ORDERS_CREATE", "http://example.com/hook")["data"]["webhookSubscriptionCreate"]
    listed = shopify.ask("{ webhookSubscriptions(first: 5) { nodes { topic } } }")["data"]

    assert made["userErrors"] == []
    assert [twice["webhookSubscription"], plain["webhookSubscription"]] == [None, None]
    assert code_of(subscribe("ORDERS_EATEN", "https://example.com/hook")) == "INVALID_VARIABLE"
    assert listed["webhookSubscriptions"]["nodes"] == [{"topic": "ORDERS_CREATE"}]
