"""Where a pass stands and the sizes of segments, in the table and in memory."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.passes import DynamoPasses, DynamoSizes
from nextorder.domain.passes import CUSTOMERS, Pass, SegmentSizes
from nextorder.ports import Passes, Sizes
from tests.fakes.in_memory import InMemoryPasses, InMemorySizes
from tests.local_stack.bare import TABLE

AT = datetime(2026, 11, 22, 3, 15, 0, 5, tzinfo=UTC)
BEGUN = Pass(terms="a", started_at=AT, a_tick=11)
UNDER_WAY = replace(BEGUN, after="7001", looked_at=100, woken=3, nudged=1, sizes={"life:new": 40})
KNOWN = SegmentSizes(counts={"life:new": 40, "hold": 7, "love:tea": 1, CUSTOMERS: 90}, reckoned_at=AT)


@pytest.fixture(params=["table", "memory"])
def passes(request: pytest.FixtureRequest) -> Passes:
    if request.param == "memory":
        return InMemoryPasses()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoPasses(client, TABLE)


@pytest.fixture(params=["table", "memory"])
def sizes(request: pytest.FixtureRequest) -> Sizes:
    if request.param == "memory":
        return InMemorySizes()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoSizes(client, TABLE)


def test_a_pass_is_read_back_as_it_was_written(passes: Passes, shop: str) -> None:
    assert passes.load(shop) is None
    assert passes.save(shop, BEGUN, replaces=None)
    assert passes.save(shop, UNDER_WAY, replaces=BEGUN)
    assert passes.load(shop) == UNDER_WAY
    ended = replace(UNDER_WAY, ended_at=AT + timedelta(days=1))
    assert passes.save(shop, ended, replaces=passes.load(shop))
    assert passes.load(shop) == ended


def test_of_two_that_carry_on_the_same_pass_one_is_refused(passes: Passes, shop: str) -> None:
    assert passes.save(shop, BEGUN, replaces=None)
    assert not passes.save(shop, BEGUN, replaces=None)
    assert passes.save(shop, UNDER_WAY, replaces=BEGUN)
    assert not passes.save(shop, replace(BEGUN, woken=9), replaces=BEGUN)
    assert passes.load(shop) == UNDER_WAY


def test_a_pass_that_a_newer_release_began_is_carried_on(dynamodb: Any, shop: str) -> None:
    passes = DynamoPasses(dynamodb, TABLE)
    text = json.dumps(json.loads(document.encode(BEGUN)) | {"shards": 4})
    dynamodb.put_item(TableName=TABLE, Item=items.row(shop, "sweep", doc=text))

    found = passes.load(shop)

    assert found == BEGUN
    assert passes.save(shop, UNDER_WAY, replaces=found)
    assert not passes.save(shop, replace(BEGUN, woken=9), replaces=found)
    assert passes.load(shop) == UNDER_WAY


def test_sizes_are_counted_on_from_when_they_were_reckoned(sizes: Sizes, shop: str) -> None:
    sizes.reckon(shop, KNOWN)
    sizes.add(shop, {"life:new": -1, "life:repeat": 2, CUSTOMERS: 1})
    sizes.add(shop, {})

    found = sizes.read(shop)

    assert found
    assert found.counts == {"life:new": 39, "life:repeat": 2, "hold": 7, "love:tea": 1, CUSTOMERS: 91}
    assert found.reckoned_at == AT


def test_a_reckoning_replaces_all_counts(sizes: Sizes, shop: str) -> None:
    sizes.reckon(shop, KNOWN)
    sizes.reckon(shop, replace(KNOWN, counts={"hold": 8}))

    found = sizes.read(shop)

    assert found
    assert found.counts == {"hold": 8}


def test_of_a_shop_that_was_never_reckoned_or_is_gone_nothing_is_kept(sizes: Sizes, shop: str) -> None:
    sizes.add(shop, {"life:new": 1})

    assert sizes.read(shop) is None
