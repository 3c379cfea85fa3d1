"""`nextorder connect klaviyo --lists`: lists of the segments that are named, with the key that is kept."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.dynamodb.installations import DynamoRecords
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.cli import leave
from nextorder.cli.installing_klaviyo import missing_lists
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import GoingLive
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder, Said
from tests.cli.connect_klaviyo.conftest import KEY
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.local_stack.bare import TABLE, BareAws


def connect(nextorder: Nextorder, shop: Shop, *options: str) -> Said:
    return nextorder("connect", "klaviyo", "--shop", shop.id, *options)


def wanted(shops: DynamoShops, shop: Shop) -> tuple[str, ...]:
    found = shops.get(shop.id)
    assert found
    return found.klaviyo_lists


def test_lists_are_made_without_asking_for_the_key_again_and_kept_until_none_is_wanted(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop, shops: DynamoShops
) -> None:
    before = klaviyo.state()["members"]

    first = connect(nextorder, shop, "--lists", "life:new, hold")
    assert (first.status, wanted(shops, shop)) == (0, ("life:new", "hold"))
    assert "made      2 lists" in first
    assert "flows on them: switch on afterwards" in first
    assert "ok        2 lists" in connect(nextorder, shop, "--check")
    again = nextorder("connect", "klaviyo", "--shop", shop.id, "--key-stdin", stdin=KEY)
    assert "nothing was changed" in again
    assert set(klaviyo.state()["members"]) == {"Newsletter", "next:life:new", "next:hold"}

    last = connect(nextorder, shop, "--lists", "none")
    assert "removed   2 lists" in last
    assert (klaviyo.state()["members"], wanted(shops, shop)) == (before, ())


def test_a_list_that_was_deleted_there_is_told_by_a_check_and_made_anew(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop
) -> None:
    connect(nextorder, shop, "--lists", "all")
    klaviyo.account.standing("list")[-1].gone = True

    said = connect(nextorder, shop, "--check")
    assert said.status == 1
    assert "is not there" in said
    assert "made      1 list" in connect(nextorder, shop, "--lists", "all")
    assert connect(nextorder, shop, "--check").status == 0


@pytest.mark.parametrize("names", ["life:nwe", "life:new,life:nwe", "", "own:*"])
def test_what_is_no_segment_that_is_switched_on_changes_nothing(
    names: str, nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop, shops: DynamoShops
) -> None:
    with pytest.raises(BadSettings, match=r"--lists: not switched on: .*; there are"):
        connect(nextorder, shop, "--lists", names)
    assert wanted(shops, shop) == ()
    assert klaviyo.counts["create_list"] == 0


@pytest.mark.parametrize(("names", "told"), [("life:new", True), ("none", False)])
def test_a_scope_that_lists_need_is_told_where_lists_are_wanted(
    names: str,
    told: bool,  # noqa: FBT001 - a parameter
    nextorder: Nextorder,
    klaviyo: FakeKlaviyo,
    shop: Shop,
) -> None:
    klaviyo.scopes = DEFAULT_SCOPES - {"lists:write"}

    said = connect(nextorder, shop, "--lists", names)

    assert said.status == 1
    assert ("none is made or filled without lists:read and lists:write" in said) is told
    assert set(klaviyo.state()["members"]) == {"Newsletter"}


def test_a_list_that_was_found_to_be_gone_is_named_by_what_status_reads(
    aws: BareAws, nextorder: Nextorder, shop: Shop, shops: DynamoShops
) -> None:
    connect(nextorder, shop, "--lists", "life:new,hold")
    listed = shops.get(shop.id)
    assert listed
    assert not list(missing_lists(listed))

    records = DynamoRecords(aws.client("dynamodb"), TABLE, place="klaviyo")
    records.lose_list(shop.id, "hold", records.load(shop.id).lists["hold"])

    [line] = missing_lists(listed)
    assert line.startswith("klaviyo has no list of hold:")
    assert not list(missing_lists(replace(listed, applied=False)))


def test_lists_wait_until_everyone_has_their_properties(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop, shops: DynamoShops
) -> None:
    shops.change(shop.id, applied=False)

    assert "later     segments, lists" in connect(nextorder, shop, "--lists", "all")
    assert klaviyo.counts["create_list"] == 0


def test_in_a_pause_they_wait_for_its_end(nextorder: Nextorder, shop: Shop, shops: DynamoShops) -> None:
    shops.change(shop.id, applied=False, going_live=GoingLive(since=datetime(2026, 11, 1, tzinfo=UTC)))

    said = connect(nextorder, shop, "--lists", "all")

    assert "later     segments, lists          publishing is paused: `nextorder resume`, then connect" in said


def test_leaving_takes_our_lists_out_and_no_other(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Any = ("--shop", shop.id, "--client-id", "demo-client", "--secret-stdin", "--unchecked")
    nextorder("connect", "shopify", *asked, stdin="demo-secret")
    before = klaviyo.state()["members"]
    connect(nextorder, shop, "--lists", "life:new")
    monkeypatch.setattr(leave, "publish_everyone", lambda *_, **__: {})

    said = nextorder("uninstall", "--yes", "--now", "--shop", shop.id)

    assert "klaviyo   removed list life:new" in said
    assert klaviyo.state()["members"] == before
