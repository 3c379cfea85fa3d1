"""`nextorder leftovers`: what an earlier installation left is listed, adopted, removed; nothing of others."""

import json
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.shop_data import write_connection
from nextorder.adapters.shopify import leftovers as module
from nextorder.adapters.shopify.leftovers import CARRIED
from nextorder.cli import leftovers
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws

STAGE = {"namespace": "nextorder", "key": "stage", "type": "single_line_text_field", "value": "new"}
OTHERS = {"namespace": "loyalty", "key": "stage", "type": "single_line_text_field", "value": "gold"}
CUSTOMERS: list[dict[str, Any]] = [
    {"id": 1, "tags": ["vip", "next:life:new", "next:love:tea", "next:year"], "metafields": [STAGE, OTHERS]},
    {"id": 2, "tags": ["Next:Life:new"]},
    {"id": 3, "tags": ["vip", "next:year"], "metafields": [OTHERS]},
    {"id": 4, "metafields": [STAGE]},
]
MERCHANTS = {"1": ["next:year", "vip"], "2": [], "3": ["next:year", "vip"], "4": []}


@pytest.fixture
def accepted(aws: BareAws) -> DynamoAccepted:
    return DynamoAccepted(aws.client("dynamodb"), TABLE)


@pytest.fixture
def shop(nextorder: Nextorder, store: FakeShopify, aws: BareAws) -> str:
    """A shop in which an earlier installation has left marks."""
    domain = f"{uuid4().hex}.myshopify.com"
    store.seed({"customers": CUSTOMERS})
    keys = {"client_id": "demo-client", "client_secrets": ["demo-secret"]}
    options = ("--client-id", "demo-client", "--secret-stdin", "--unchecked")
    nextorder("connect", "shopify", "--shop", domain, *options, stdin="demo-secret")
    write_connection(aws.client("secretsmanager"), aws.secret_arn, domain, keys)
    return domain


def tags(store: FakeShopify) -> dict[str, list[str]]:
    return {id_: one["tags"] for id_, one in store.state()["customers"].items()}


def listed(said: str) -> dict[str, int]:
    rows = (line.split(maxsplit=1) for line in said.splitlines() if line.strip()[:1].isdigit())
    return {name: int(count) for count, name in rows}


def test_they_are_counted_by_tag_and_metafield_and_nothing_changes(
    nextorder: Nextorder, store: FakeShopify, shop: str
) -> None:
    before = json.dumps(store.state()["customers"])

    said = nextorder("leftovers", "--shop", shop)

    assert listed(said) == {
        "tag next:life:new": 2,
        "tag next:love:tea": 1,
        "metafield stage": 2,
        "tag next:year: of no catalogue of ours, so it is left alone": 2,
        "customers carry something of ours that is on no record": 3,
    }
    assert json.dumps(store.state()["customers"]) == before


def test_removed_leaves_what_is_the_merchants(nextorder: Nextorder, store: FakeShopify, shop: str) -> None:
    said = nextorder("leftovers", "--remove", "--shop", shop)

    assert "removed from 3 customers" in said
    assert tags(store) == MERCHANTS
    held = {id_: list(one["metafields"]) for id_, one in store.state()["customers"].items()}
    assert held == {"1": ["loyalty.stage"], "2": [], "3": ["loyalty.stage"], "4": []}
    assert "0 customers" in nextorder("leftovers", "--shop", shop)


def test_a_tag_that_no_catalogue_knows_goes_when_the_merchant_names_it(
    nextorder: Nextorder, store: FakeShopify, shop: str
) -> None:
    assert "`--remove --also TAG`" in nextorder("leftovers", "--shop", shop)

    said = nextorder("leftovers", "--remove", "--also", "Next:Year", "--shop", shop)

    assert "removed from 4 customers" in said
    assert tags(store) == {"1": ["vip"], "2": [], "3": ["vip"], "4": []}
    assert "--also" not in nextorder("leftovers", "--shop", shop)


@pytest.mark.parametrize("wrong", [("--also", "next:year"), ("--remove", "--also", "vip")])
def test_only_tags_that_begin_like_ours_can_be_named_and_only_for_removal(
    nextorder: Nextorder, store: FakeShopify, shop: str, wrong: tuple[str, ...]
) -> None:
    before = tags(store)
    with pytest.raises(BadSettings, match="--also"):
        nextorder("leftovers", *wrong, "--shop", shop)
    assert tags(store) == before


def test_adopted_is_on_record_as_ours_and_in_doubt(
    nextorder: Nextorder, store: FakeShopify, shop: str, accepted: DynamoAccepted
) -> None:
    before = tags(store)

    assert "adopted: 3 customers" in nextorder("leftovers", "--adopt", "--shop", shop)

    held = accepted.load(shop, "1", "shopify")
    assert held is not None
    assert (held.audiences, set(held.attributes), held.unsure) == (
        frozenset({"next:life:new", "next:love:tea"}),
        {"stage"},
        True,
    )
    assert accepted.load(shop, "3", "shopify") is None
    assert tags(store) == before
    assert "0 customers" in nextorder("leftovers", "--shop", shop)


def test_what_is_on_record_is_no_leftover(
    nextorder: Nextorder, shop: str, accepted: DynamoAccepted, store: FakeShopify
) -> None:
    accepted.save(shop, "2", "shopify", Accepted(audiences=frozenset({"next:life:new"}), version=3))

    assert listed(nextorder("leftovers", "--shop", shop))["tag next:life:new"] == 1
    nextorder("leftovers", "--remove", "--shop", shop)

    assert tags(store) == MERCHANTS | {"2": ["Next:Life:new"]}
    assert accepted.load(shop, "2", "shopify") == Accepted(audiences=frozenset({"next:life:new"}), version=3)


def test_whoever_is_on_record_is_doubted_before_more_is_taken_away(
    nextorder: Nextorder, shop: str, accepted: DynamoAccepted
) -> None:
    """Were the publisher to show the same tag just then, the next publication says it again."""
    accepted.save(shop, "1", "shopify", Accepted(audiences=frozenset({"next:life:new"}), version=3))

    nextorder("leftovers", "--remove", "--shop", shop)

    held = accepted.load(shop, "1", "shopify")
    assert held is not None
    assert held.unsure


def test_everyone_is_read_however_many_there_are(
    nextorder: Nextorder, store: FakeShopify, shop: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CARRIED", CARRIED.replace("first: 250", "first: 2"))

    assert listed(nextorder("leftovers", "--shop", shop))["metafield stage"] == 2
    assert store.counts["customers"] == 3


def test_a_glance_says_whether_there_is_anything(nextorder: Nextorder, shop: str) -> None:
    nextorder("settings", "--shop", shop)
    assert "leftovers" in leftovers.glance(Shop(id=shop))

    nextorder("leftovers", "--remove", "--shop", shop)
    assert leftovers.glance(Shop(id=shop)) == ""
