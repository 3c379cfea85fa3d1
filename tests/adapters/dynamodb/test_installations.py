"""What is kept of an installation, and of test deliveries."""

from typing import Any

from nextorder.adapters.dynamodb.eraser import Eraser
from nextorder.adapters.dynamodb.installations import DynamoRecords
from nextorder.adapters.dynamodb.pings import DynamoPings
from nextorder.domain.installation import Record
from tests.local_stack.bare import TABLE

URI = "https://example.com/webhooks"


def test_of_a_new_shop_nothing_is_kept(dynamodb: Any, shop: str) -> None:
    assert DynamoRecords(dynamodb, TABLE).load(shop) == Record()


def test_settling_and_segments_do_not_touch_each_other(dynamodb: Any, shop: str) -> None:
    records = DynamoRecords(dynamodb, TABLE)
    records.keep_segment(shop, "life:new", "gid://shopify/Segment/1")
    records.settle(shop, uri=URI, in_app=True)
    records.keep_segment(shop, "own:coffee", "gid://shopify/Segment/2")
    segments = {"life:new": "gid://shopify/Segment/1", "own:coffee": "gid://shopify/Segment/2"}
    assert records.load(shop) == Record(uri=URI, in_app=True, segments=segments)
    records.settle(shop, uri=URI, in_app=False)
    records.keep_segment(shop, "life:new", "")
    expected = Record(uri=URI, segments={"own:coffee": "gid://shopify/Segment/2"})
    assert records.load(shop) == expected


def test_a_list_is_lost_only_by_the_id_that_it_still_has(dynamodb: Any, shop: str) -> None:
    records = DynamoRecords(dynamodb, TABLE, place="klaviyo")
    records.keep_segment(shop, "life:new", "S1")
    records.keep_list(shop, "life:new", "L1")
    records.keep_list(shop, "life:new", "L2")
    records.lose_list(shop, "life:new", "L1")
    assert records.load(shop) == Record(segments={"life:new": "S1"}, lists={"life:new": "L2"})
    records.lose_list(shop, "life:new", "L2")
    assert records.load(shop) == Record(segments={"life:new": "S1"})


def test_what_is_lost_of_an_erased_shop_brings_nothing_back(dynamodb: Any, shop: str) -> None:
    DynamoRecords(dynamodb, TABLE, place="klaviyo").lose_list(shop, "life:new", "L1")
    place = {"pk": {"S": shop}, "sk": {"S": "installation#klaviyo"}}
    assert "Item" not in dynamodb.get_item(TableName=TABLE, Key=place)


def test_the_last_delivery_that_came_out_is_known_for_a_day(dynamodb: Any, shop: str) -> None:
    pings = DynamoPings(dynamodb, TABLE, clock=lambda: 1_000.0)
    assert not pings.last(shop)
    pings.note(shop, "one")
    pings.note(shop, "two")
    assert pings.last(shop) == "two"
    item = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": shop}, "sk": {"S": "ping"}})["Item"]
    assert item["expires_at"] == {"N": "87400"}


def test_dropping_leaves_nothing(dynamodb: Any, shop: str) -> None:
    records, pings = DynamoRecords(dynamodb, TABLE), DynamoPings(dynamodb, TABLE)
    records.settle(shop, uri=URI, in_app=False)
    pings.note(shop, "one")
    records.drop(shop)
    assert records.load(shop) == Record()
    assert not pings.last(shop)


def test_it_is_erased_with_the_shop(dynamodb: Any, shop: str) -> None:
    records = DynamoRecords(dynamodb, TABLE)
    records.settle(shop, uri=URI, in_app=False)
    Eraser(dynamodb, TABLE).erase_shop(shop)
    assert records.load(shop) == Record()
