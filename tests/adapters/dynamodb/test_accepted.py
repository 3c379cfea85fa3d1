"""What destinations took, in the table and in memory: nobody writes over what they have not read."""

import zlib
from base64 import b85decode, b85encode
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.domain.changes import Accepted
from nextorder.ports import AcceptedStore
from tests.fakes.clock import NOW, StillClock
from tests.fakes.in_memory import InMemoryAccepted
from tests.local_stack.bare import TABLE

SHOWN = Accepted(attributes={"stage": "new", "p_30d": 0.32}, audiences=frozenset({"b", "a"}), version=1)
NEWER = Accepted(
    attributes={"stage": "repeat"}, version=2, told={"event-1": datetime(2026, 5, 1, tzinfo=UTC)}
)


@pytest.fixture(params=["table", "memory"])
def accepted(request: pytest.FixtureRequest) -> AcceptedStore:
    if request.param == "memory":
        return InMemoryAccepted()
    return DynamoAccepted(request.getfixturevalue("dynamodb"), TABLE)


def test_many_are_written_at_once(accepted: AcceptedStore, shop: str) -> None:
    everyone = {str(n): (None, replace(NEWER, version=n + 1)) for n in range(130)}

    assert accepted.save_all(shop, "klaviyo", everyone) == []
    assert [accepted.load(shop, str(n), "klaviyo") for n in (0, 129)] == [
        everyone["0"][1],
        everyone["129"][1],
    ]


def test_whoever_was_written_meanwhile_is_left_alone_and_named(accepted: AcceptedStore, shop: str) -> None:
    for customer in ("1", "2"):
        accepted.save(shop, customer, "klaviyo", SHOWN)
    read = {customer: accepted.load(shop, customer, "klaviyo") for customer in ("1", "2", "3", "4")}
    accepted.save(shop, "2", "klaviyo", NEWER)
    accepted.save(shop, "3", "klaviyo", NEWER)
    mine = replace(SHOWN, version=9)

    overtaken = accepted.save_all(
        shop, "klaviyo", {customer: (held, mine) for customer, held in read.items()}
    )

    assert sorted(overtaken) == ["2", "3"]
    assert [accepted.load(shop, customer, "klaviyo") for customer in read] == [mine, NEWER, NEWER, mine]


def test_what_may_not_be_taken_back_is_kept_for_thirty_days_only(dynamodb: Any, shop: str) -> None:
    accepted = DynamoAccepted(dynamodb, TABLE, clock=StillClock())
    accepted.save(shop, "1", "klaviyo", replace(SHOWN, refused="locked", refused_version=0))
    accepted.save(shop, "2", "klaviyo", replace(SHOWN, refused="locked", refused_version=1))

    def expires_at(customer: str) -> Any:
        place = {"pk": {"S": f"{shop}#{customer}"}, "sk": {"S": "accepted#klaviyo"}}
        return dynamodb.get_item(TableName=TABLE, Key=place)["Item"].get("expires_at")

    assert expires_at("1") == {"N": str(int(NOW) + 30 * 86_400)}
    assert expires_at("2") is None


@pytest.mark.parametrize("has_digest", [True, False])
def test_what_another_release_has_packed_is_still_the_same(
    dynamodb: Any,
    shop: str,
    *,
    has_digest: bool,
) -> None:
    accepted = DynamoAccepted(dynamodb, TABLE)
    accepted.save(shop, "1", "klaviyo", SHOWN)
    held = accepted.load(shop, "1", "klaviyo")
    place = {"pk": {"S": f"{shop}#1"}, "sk": {"S": "accepted#klaviyo"}}
    item = dynamodb.get_item(TableName=TABLE, Key=place)["Item"]
    if has_digest:
        plain = zlib.decompress(b85decode(item["doc"]["S"]))
        item["doc"]["S"] = b85encode(zlib.compress(plain, level=0)).decode()
    else:
        del item["digest"]
    dynamodb.put_item(TableName=TABLE, Item=item)

    assert accepted.save_all(shop, "klaviyo", {"1": (held, NEWER)}) == []
    assert accepted.load(shop, "1", "klaviyo") == NEWER
