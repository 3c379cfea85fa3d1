"""Our subscriptions, definitions and segments in the fake store, over HTTP."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.installation import ShopifyInstaller
from nextorder.adapters.shopify.installation_parts import Kind
from nextorder.adapters.shopify.projection import METAFIELDS
from nextorder.adapters.shopify.shop_info import read_granted_scopes
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, enum_of, fields_of
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.installation import Record
from nextorder.domain.shop import Gaps, Numbers, Push, Shop
from nextorder.use_cases.installation import Mark, check, install, remove, restore
from tests.fakes.shopify import FakeShopify, client
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.fakes.shopify.store import Store, snapshot

SHOP = Shop(id="demo.myshopify.com")
URI = "https://webhooks.example.com/"
CATALOGUE = parse_catalogue(packaged_catalogue())
FOREIGN = """mutation Foreign($topic: WebhookSubscriptionTopic!, $input: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $input) { userErrors { message } }
}"""
SEGMENT = """mutation Theirs($name: String!, $query: String!) {
  segmentCreate(name: $name, query: $query) { segment { id } userErrors { message } }
}"""
DEFINITION = """mutation Theirs($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { userErrors { message } }
}"""
OF_DATES = {"namespace": "nextorder", "ownerType": "CUSTOMER", "type": "date"}


@dataclass
class InMemoryRecords:
    """ports.Records of one shop."""

    record: Record = field(default_factory=Record)

    def load(self, _: str) -> Record:
        return self.record

    def settle(self, _: str, *, uri: str, in_app: bool) -> None:
        self.record = replace(self.record, uri=uri, in_app=in_app)

    def keep_segment(self, _: str, name: str, id_: str) -> None:
        kept = {key: value for key, value in self.record.segments.items() if key != name}
        self.record = replace(self.record, segments=kept | ({name: id_} if id_ else {}))

    def drop(self, _: str) -> None:
        self.record = Record()


@pytest.fixture
def records() -> InMemoryRecords:
    return InMemoryRecords(Record(uri=URI))


@pytest.fixture
def fake(shopify: client.Client) -> FakeShopify:
    return shopify.fake


def installer(
    fake: FakeShopify, records: InMemoryRecords, names: tuple[str, ...] = ("starter",)
) -> ShopifyInstaller:
    """Return a new one, as each run of a command has."""
    asking = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=fake.url)
    return ShopifyInstaller(asking, CATALOGUE.with_on(names), records)


def subscription(store: Store, topic: str) -> dict[str, Any]:
    [found] = [one for one in store.subscriptions.values() if one["topic"] == enum_of(topic)]
    return found


def segments(store: Store) -> dict[str, str]:
    return {one["name"]: one["query"] for one in store.segments.values()}


def mutations(fake: FakeShopify) -> int:
    return sum(count for name, count in fake.counts.items() if name.endswith(("Create", "Update", "Delete")))


def test_everything_is_made_once(fake: FakeShopify, records: InMemoryRecords) -> None:
    ticks = install(SHOP, installer(fake, records))
    assert {tick.mark for tick in ticks} == {Mark.MADE}, [str(t) for t in ticks if t.mark is Mark.MISSING]
    made = mutations(fake)
    again = install(SHOP, installer(fake, records))
    assert {tick.mark for tick in again} == {Mark.OK}
    assert mutations(fake) == made
    assert [tick.part.place for tick in again] == [tick.part.place for tick in ticks]


def test_each_topic_is_subscribed_with_the_fields_that_are_read(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records))
    for topic in SUBSCRIBED:
        made = subscription(fake.store, topic)
        assert made["uri"] == URI
        assert sorted(made["includeFields"]) == sorted(fields_of(topic))
        assert made["name"].startswith("nextorder-")
        assert len(made["name"]) <= 50


def test_our_metafields_can_be_filtered_by(fake: FakeShopify, records: InMemoryRecords) -> None:
    install(SHOP, installer(fake, records))
    defined = {key: one for (_, space, key), one in fake.store.definitions.items() if space == "nextorder"}
    assert set(defined) == set(METAFIELDS)
    assert all(tick.mark is Mark.OK for tick in check(SHOP, installer(fake, records)))


def names_of(fake: FakeShopify, records: InMemoryRecords, shop: Shop, *on: str) -> set[str]:
    """Install, and return the segments that stand then without the hold mark's; each asks for its tag."""
    install(shop, installer(fake, records, on))
    stand = segments(fake.store)
    assert stand == {name: f"customer_tags CONTAINS '{name}'" for name in stand}
    return {name.removeprefix("next:") for name in stand} - {"hold"}


def test_each_tag_that_is_shown_has_a_segment(fake: FakeShopify, records: InMemoryRecords) -> None:
    made = names_of(fake, records, SHOP, "life:new", "risk:at-risk")
    assert made == {"life:new", "risk:at-risk"}


def test_the_shops_own_words_have_segments_once_they_are_known(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    """Those of categories stay when others become commoner, unless somebody takes them away."""
    on = ("life:new", "love:*", "replenish:*", "overstock:*")
    asked = Push(product="old-lamp", category="lamps", asked_at=datetime(2026, 5, 1, tzinfo=UTC))
    gaps = {"coffee": Gaps(n=90, day_40=20.0, day_75=40.0, day_95=60.0)}
    fitted = replace(SHOP, numbers=Numbers(category_shares={"tea": 0.4}, gaps=gaps), pushes=(asked,))
    refitted = replace(SHOP, numbers=Numbers(category_shares={"shoes": 0.4}))

    assert names_of(fake, records, SHOP, *on) == {"life:new"}
    first = {"life:new", "love:tea", "replenish:coffee", "overstock:old-lamp"}
    assert names_of(fake, records, fitted, *on) == first
    assert names_of(fake, records, refitted, *on) == first - {"overstock:old-lamp"} | {"love:shoes"}
    assert all(tick.mark is Mark.OK for tick in check(refitted, installer(fake, records, on)))
    del fake.store.segments[records.record.segments["love:tea"]]
    assert names_of(fake, records, refitted, "love:*") == {"love:shoes"}


def test_a_segment_that_is_switched_off_goes_and_the_others_stay(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records, ("life:new", "life:loyal")))
    install(SHOP, installer(fake, records, ("life:new",)))
    assert set(segments(fake.store)) == {"next:hold", "next:life:new"}
    assert set(records.record.segments) == {"hold", "life:new"}


def test_a_segment_is_found_by_its_id_when_the_merchant_renamed_and_narrowed_it(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records))
    ours = fake.store.segments[records.record.segments["life:new"]]
    ours["name"] = "Newcomers in Sweden"
    ours["query"] += " AND customer_countries CONTAINS 'SE'"
    before = segments(fake.store)
    assert all(tick.mark is Mark.OK for tick in install(SHOP, installer(fake, records)))
    assert segments(fake.store) == before


def test_a_segment_that_asks_for_something_else_is_put_right(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records))
    fake.store.segments[records.record.segments["life:new"]]["query"] = "number_of_orders > 1"
    assert [
        tick.part.name for tick in install(SHOP, installer(fake, records)) if tick.mark is Mark.REPAIRED
    ] == ["life:new"]
    assert segments(fake.store)["next:life:new"] == "customer_tags CONTAINS 'next:life:new'"


def test_a_segment_whose_id_was_lost_is_taken_over_and_not_doubled(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records))
    before = segments(fake.store)
    for name in list(records.record.segments):
        records.keep_segment(SHOP.id, name, "")
    install(SHOP, installer(fake, records))
    assert segments(fake.store) == before


def test_two_commands_at_once_make_each_segment_once(fake: FakeShopify, records: InMemoryRecords) -> None:
    slower = installer(fake, records)
    one, *others = (part for part in slower.survey(SHOP).wanted if part.kind == Kind.SEGMENT)
    slower.make(SHOP, one)
    install(SHOP, installer(fake, records))

    for part in others:
        slower.make(SHOP, part)

    assert sorted(segments(fake.store)) == sorted(f"next:{part.name}" for part in (one, *others))
    assert set(records.record.segments.values()) == fake.store.segments.keys()


def test_a_segment_of_the_merchants_that_has_our_name_is_left_alone_and_told(
    fake: FakeShopify, records: InMemoryRecords, shopify: client.Client
) -> None:
    shopify.ask(SEGMENT, name="next:life:new", query="number_of_orders > 1")
    [told] = [tick for tick in install(SHOP, installer(fake, records)) if tick.mark is Mark.MISSING]
    assert told.part.name == "life:new"
    assert "rename it" in told.why
    assert segments(fake.store)["next:life:new"] == "number_of_orders > 1"


def test_a_segment_that_the_merchant_deleted_is_not_restored_by_the_daily_check(
    fake: FakeShopify, records: InMemoryRecords
) -> None:
    install(SHOP, installer(fake, records))
    del fake.store.segments[records.record.segments["life:new"]]
    assert restore(SHOP, installer(fake, records)) == ()
    install(SHOP, installer(fake, records))
    assert "next:life:new" in segments(fake.store)


def test_what_shopify_deleted_is_restored_and_named(fake: FakeShopify, records: InMemoryRecords) -> None:
    install(SHOP, installer(fake, records))
    for topic in ("orders/create", "refunds/create"):
        del fake.store.subscriptions[subscription(fake.store, topic)["id"]]
    restored = restore(SHOP, installer(fake, records))
    assert list(map(str, restored)) == ["webhook orders/create", "webhook refunds/create"]
    assert restore(SHOP, installer(fake, records)) == ()


def test_a_new_address_is_written_into_what_stands(fake: FakeShopify, records: InMemoryRecords) -> None:
    install(SHOP, installer(fake, records))
    ids = set(fake.store.subscriptions)
    records.settle(SHOP.id, uri="https://other.example.com/", in_app=False)
    ticks = install(SHOP, installer(fake, records))
    assert {tick.part.kind for tick in ticks if tick.mark is Mark.REPAIRED} == {"webhook"}
    assert set(fake.store.subscriptions) == ids
    assert {one["uri"] for one in fake.store.subscriptions.values()} == {"https://other.example.com/"}


def test_a_subscription_that_somebody_made_by_hand_for_us_is_taken_over(
    fake: FakeShopify, records: InMemoryRecords, shopify: client.Client
) -> None:
    shopify.ask(FOREIGN, topic="ORDERS_CREATE", input={"uri": URI})
    install(SHOP, installer(fake, records))
    assert sorted(subscription(fake.store, "orders/create")["includeFields"]) == sorted(
        fields_of("orders/create")
    )


def test_topics_without_their_scope_are_left_out(fake: FakeShopify, records: InMemoryRecords) -> None:
    fake.store.scopes -= {"read_customer_merge", "read_inventory", "read_returns"}
    ticks = install(SHOP, installer(fake, records))
    assert {tick.mark for tick in ticks} == {Mark.MADE}
    topics = {one["topic"] for one in fake.store.subscriptions.values()}
    assert "CUSTOMERS_MERGE" not in topics
    assert "INVENTORY_ITEMS_UPDATE" in topics, "read_products is enough"


def test_uninstalling_leaves_the_store_as_it_was(
    fake: FakeShopify, records: InMemoryRecords, shopify: client.Client
) -> None:
    shopify.ask(FOREIGN, topic="ORDERS_CREATE", input={"uri": "https://theirs.example.com/"})
    shopify.ask(SEGMENT, name="Big spenders", query="amount_spent > 100")
    shopify.ask(DEFINITION, definition=OF_DATES | {"name": "Theirs", "key": "theirs"})
    before = snapshot(fake.store)
    install(SHOP, installer(fake, records))
    removed = remove(SHOP, installer(fake, records))
    assert len(removed) == len(SUBSCRIBED) + len(METAFIELDS) + len(CATALOGUE.with_on(["starter"]).shown)
    assert snapshot(fake.store) == before
    assert records.record == Record()
    assert remove(SHOP, installer(fake, records)) == ()


def test_a_definition_of_another_type_is_told_and_left(
    fake: FakeShopify, records: InMemoryRecords, shopify: client.Client
) -> None:
    shopify.ask(DEFINITION, definition=OF_DATES | {"name": "Stage", "key": "stage"})
    [told] = [tick for tick in install(SHOP, installer(fake, records)) if tick.mark is Mark.MISSING]
    assert told.part.name == "stage"
    assert "is defined as date" in told.why


def test_a_scope_counts_that_the_app_has_and_the_token_was_given_for(fake: FakeShopify) -> None:
    asking = ShopifyClient(
        lambda _: Credentials(client_id="demo-client", client_secret="demo-secret"), base_url=fake.url
    )
    before = read_granted_scopes(asking, SHOP.id)
    assert {"read_orders", "read_customers", "write_customers"} <= before
    fake.store.scopes |= {"write_orders"}
    assert read_granted_scopes(asking, SHOP.id) == before
    static = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=fake.url)
    assert read_granted_scopes(static, SHOP.id) == before | {"write_orders"}
