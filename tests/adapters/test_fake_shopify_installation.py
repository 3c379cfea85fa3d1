"""What an app makes in the fake store can be taken away again without a trace."""

from typing import Any

import pytest

from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import CUSTOMER, METAFIELDS_SET, TAGS_ADD, TAGS_REMOVE, Client, a_metafield
from tests.fakes.shopify.server import DEFAULT_SCOPES

SEGMENT = """mutation Make($name: String!, $query: String!) { segmentCreate(name: $name, query: $query) {
  segment { id name } userErrors { field message } } }"""
DROP_SEGMENT = "mutation($id: ID!) { segmentDelete(id: $id) { deletedSegmentId userErrors { message } } }"
DEFINE = """mutation Define($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) {
    createdDefinition { id capabilities { adminFilterable { enabled status } } } userErrors { code } } }"""
REDEFINE = """mutation Redefine($definition: MetafieldDefinitionUpdateInput!) {
  metafieldDefinitionUpdate(definition: $definition) {
    updatedDefinition { name capabilities { adminFilterable { enabled } } } userErrors { code } } }"""
UNDEFINE = """mutation Undefine($id: ID!, $all: Boolean!) {
  metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: $all) {
    deletedDefinitionId deletedDefinition { key } userErrors { code } } }"""
SUBSCRIBE = """mutation Subscribe($topic: WebhookSubscriptionTopic!, $given: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $given) {
    webhookSubscription { id uri includeFields filter name } userErrors { field message } } }"""
UNSUBSCRIBE = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) { userErrors { message } } }"
ADDRESS = "https://hooks.example.com/shopify"


def make_segment(client: Client, name: str, query: str = "customer_tags CONTAINS 'a'") -> dict[str, Any]:
    payload: dict[str, Any] = client.ask(SEGMENT, name=name, query=query)["data"]["segmentCreate"]
    return payload


def define(client: Client, **changes: Any) -> dict[str, Any]:
    definition = {"name": "Stage", "namespace": "nextorder", "key": "stage", "ownerType": "CUSTOMER"}
    definition |= {"type": "single_line_text_field"}
    answer = client.ask(DEFINE, definition=definition | changes)
    payload: dict[str, Any] = answer["data"]["metafieldDefinitionCreate"]
    return payload


def subscribe(client: Client, topic: str = "ORDERS_UPDATED", **given: Any) -> dict[str, Any]:
    answer = client.ask(SUBSCRIBE, topic=topic, given={"uri": ADDRESS} | given)
    payload: dict[str, Any] = answer["data"]["webhookSubscriptionCreate"]
    return payload


def test_an_installation_leaves_no_trace_when_it_is_taken_away(shopify: Client) -> None:
    before = shopify.fake.state()
    segment = make_segment(shopify, "Due")["segment"]["id"]
    definition = define(shopify)["createdDefinition"]["id"]
    subscription = subscribe(shopify)["webhookSubscription"]["id"]
    shopify.ask(TAGS_ADD, id=CUSTOMER, tags=["next:due"])
    shopify.ask(METAFIELDS_SET, metafields=[a_metafield()])
    installed = shopify.fake.state()

    shopify.ask(TAGS_REMOVE, id=CUSTOMER, tags=["next:due"])
    shopify.ask(UNDEFINE, id=definition, all=True)
    shopify.ask(DROP_SEGMENT, id=segment)
    shopify.ask(UNSUBSCRIBE, id=subscription)

    for state in (before, installed, after := shopify.fake.state()):
        state.pop("throttle")
    assert installed != before
    assert after == before


def test_a_segment_of_a_name_that_is_taken_gets_a_number(shopify: Client) -> None:
    names = [make_segment(shopify, "Due")["segment"]["name"] for _ in range(3)]

    assert names == ["Due", "Due (2)", "Due (3)"]


def test_six_thousand_segments_are_the_most(shopify: Client) -> None:
    made = {"name": "n", "query": "q"}
    shopify.fake.store.segments.update({f"s{at}": made | {"id": f"s{at}"} for at in range(6000)})

    assert make_segment(shopify, "One more")["userErrors"] == [
        {"field": None, "message": "Segment limit reached. Delete an existing segment to create more."}
    ]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("total_spent > 10", "Query Line 1 Column 0: 'total_spent' filter cannot be found."),
        (
            "metafields.nextorder.stage = 'due'",
            "Query Line 1 Column 0: 'metafields.nextorder.stage' filter cannot be found.",
        ),
        ("products_purchased(quantity: 5) = true", "Query Line 1 Column 18: '(' is unexpected."),
        ("customer_tags CONTAINS 'a' AND", "Query Line 1 Column 0: '' is unexpected."),
    ],
)
def test_a_segment_query_must_be_of_this_version(shopify: Client, query: str, problem: str) -> None:
    assert make_segment(shopify, "x", query)["userErrors"] == [{"field": ["query"], "message": problem}]


@pytest.mark.parametrize(
    "query",
    [
        "metafields.nextorder.stage = 'due' AND metafields.nextorder.stage IS NOT NULL",
        "products_purchased MATCHES (quantity > 5) OR NOT (amount_spent BETWEEN 10 AND 20)",
        "customer_tags NOT CONTAINS 'b' AND last_order_date < -90d",
    ],
)
def test_segments_may_use_defined_metafields_and_functions(shopify: Client, query: str) -> None:
    define(shopify)

    assert make_segment(shopify, "x", query)["userErrors"] == []


def test_a_definition_can_be_made_filterable_later(shopify: Client) -> None:
    made = define(shopify)["createdDefinition"]["capabilities"]["adminFilterable"]
    place = {"namespace": "nextorder", "key": "stage", "ownerType": "CUSTOMER"}
    wanted = {"name": "The stage", "capabilities": {"adminFilterable": {"enabled": True}}}
    changed = shopify.ask(REDEFINE, definition=place | wanted)["data"]["metafieldDefinitionUpdate"]
    unknown = shopify.ask(REDEFINE, definition=place | {"key": "other"})["data"]["metafieldDefinitionUpdate"]

    assert made == {"enabled": False, "status": "NOT_FILTERABLE"}
    assert changed["updatedDefinition"] == {
        "name": "The stage",
        "capabilities": {"adminFilterable": {"enabled": True}},
    }
    assert unknown["userErrors"] == [{"code": "NOT_FOUND"}]


def test_fifty_definitions_may_be_filtered_by(shopify: Client) -> None:
    filterable = {"capabilities": {"adminFilterable": {"enabled": True}}}
    errors = [define(shopify, key=f"key_{at}", **filterable)["userErrors"] for at in range(51)]

    assert errors[:50] == [[]] * 50
    assert errors[50] == [{"code": "OWNER_TYPE_LIMIT_EXCEEDED_FOR_USE_AS_ADMIN_FILTERS"}]


def test_a_definition_may_go_without_its_metafields(shopify: Client) -> None:
    definition = define(shopify)["createdDefinition"]["id"]
    shopify.ask(METAFIELDS_SET, metafields=[a_metafield()])
    gone = shopify.ask(UNDEFINE, id=definition, all=False)["data"]["metafieldDefinitionDelete"]
    again = shopify.ask(UNDEFINE, id=definition, all=False)["data"]["metafieldDefinitionDelete"]

    assert gone["deletedDefinition"] == {"key": "stage"}
    assert again["userErrors"] == [{"code": "NOT_FOUND"}]
    assert shopify.fake.state()["customers"]["7"]["metafields"]["nextorder.stage"]["value"] == "due"


def test_a_topic_is_subscribed_once_to_an_address(shopify: Client) -> None:
    first = subscribe(shopify, includeFields=["id", "updated_at"], name="nextorder-orders")
    twice = subscribe(shopify)
    filtered = subscribe(shopify, filter="test:false")

    assert first["webhookSubscription"]["includeFields"] == ["id", "updated_at"]
    assert twice["userErrors"][0]["message"] == "Address for this topic has already been taken"
    assert filtered["userErrors"] == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"filter": "pending"}, "The specified filter is invalid"),
        ({"uri": "http://hooks.example.com"}, "Address protocol http:// is not supported"),
        ({"name": "not a name"}, "Name is invalid"),
    ],
)
def test_a_subscription_is_refused(shopify: Client, given: dict[str, Any], words: str) -> None:
    assert subscribe(shopify, **given)["userErrors"][0]["message"].startswith(words)


def test_a_topic_takes_its_scope() -> None:
    with FakeShopify(scopes=DEFAULT_SCOPES - {"read_orders"}) as fake, Client(fake) as client:
        assert subscribe(client)["userErrors"][0]["field"] == ["topic"]
        assert subscribe(client, "CUSTOMERS_UPDATE")["userErrors"] == []
