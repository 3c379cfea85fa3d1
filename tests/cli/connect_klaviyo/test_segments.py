"""`nextorder connect klaviyo`: the scopes of the key and the segments, as a table of ticks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.cli import leave
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder, Said
from tests.cli.connect_klaviyo.conftest import KEY
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES

STARTER = {
    f"next:{name}"
    for name in ("hold", "life:new", "life:second-window", "life:closing", "life:champion", "risk:at-risk")
}
WRITING = {"create_segment", "update_segment", "delete_segment"}


def connect(nextorder: Nextorder, shop: Shop) -> Said:
    return nextorder("connect", "klaviyo", "--shop", shop.id, "--key-stdin", stdin=KEY)


def check(nextorder: Nextorder, shop: Shop) -> Said:
    return nextorder("connect", "klaviyo", "--shop", shop.id, "--check")


def segments_written(klaviyo: FakeKlaviyo) -> int:
    """Count what was written, not what was tried of an id that nothing has."""
    done = [one["operations"][0] for one in klaviyo.requests if one["status"] in {200, 201, 204}]
    return sum(name in WRITING for name in done)


def test_the_segments_of_the_catalogue_are_made_once(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop
) -> None:
    first = connect(nextorder, shop)
    made = segments_written(klaviyo)
    second = connect(nextorder, shop)

    assert (first.status, second.status) == (0, 0)
    assert set(klaviyo.state()["segments"]) == STARTER
    assert "made      6 segments" in first
    assert "ok        6 segments" in second
    assert "nothing was changed" in second
    assert (made, segments_written(klaviyo)) == (6, 6)


def test_an_account_that_was_never_asked_for_its_name_is_no_newcomer(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    shops.change(shop.id, klaviyo_account="")

    said = connect(nextorder, shop)

    held = shops.get(shop.id)
    assert held is not None
    assert (held.klaviyo_account, held.newcomers) == ("DEMO01", {})
    assert "nothing goes out" not in said


@pytest.mark.parametrize("live", [{"applied": False}, {"going_live": GoingLive(step=Step.PROPERTIES)}])
def test_no_segment_is_made_before_everyone_has_their_properties(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shops: DynamoShops, shop: Shop, live: dict[str, Any]
) -> None:
    shops.change(shop.id, **live)

    said = connect(nextorder, shop)

    assert said.status == 0
    assert "later     segments" in said
    assert check(nextorder, shop).status == 0
    assert segments_written(klaviyo) == 0


def test_the_scopes_are_tried_without_changing_anything(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop
) -> None:
    klaviyo.scopes = DEFAULT_SCOPES - {"lists:write", "segments:write"} | {"flows:read"}
    klaviyo.seed({"profiles": [{"id": "P1", "email": "one@example.com", "properties": {"shoe": 41}}]})
    before = klaviyo.state() | {"requests": ()}

    said = connect(nextorder, shop)

    assert said.status == 1
    assert "missing   lists:write" in said
    assert "without   segments:write" in said
    assert "ok        profiles:write" in said
    assert "ok        flows:read" in said
    assert "without   flows:write" in said
    assert "nothing was changed" in said
    assert klaviyo.state() | {"requests": ()} == before


def test_a_check_says_what_is_wrong_and_changes_nothing(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop
) -> None:
    connect(nextorder, shop)
    assert check(nextorder, shop).status == 0
    [new] = [one for one in klaviyo.account.made if one.attributes["name"] == "next:life:new"]
    new.gone = True
    written = segments_written(klaviyo)

    said = check(nextorder, shop)

    assert said.status == 1
    assert "segment life:new" in said
    assert "is not there" in said
    assert segments_written(klaviyo) == written


@pytest.mark.parametrize("is_left", [False, True])
def test_leaving_takes_the_segments_out_again(
    is_left: bool,  # noqa: FBT001 - a parameter
    nextorder: Nextorder,
    klaviyo: FakeKlaviyo,
    shop: Shop,
    shops: DynamoShops,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = ("--shop", shop.id, "--client-id", "demo-client", "--secret-stdin", "--unchecked")
    nextorder("connect", "shopify", *asked, stdin="demo-secret")
    connect(nextorder, shop)
    monkeypatch.setattr(leave, "publish_everyone", lambda *_, **__: {})
    monkeypatch.setattr(leave, "_erase", lambda _: None)
    if is_left:
        shops.change(shop.id, uninstalled_at=datetime(2026, 6, 1, tzinfo=UTC))
    more = ("--erase",) if is_left else ("--yes",)
    said = nextorder("uninstall", "--now", "--shop", shop.id, *more, stdin=f"{shop.id}\n")

    assert said.count("klaviyo   removed segment life:new") == 1
    assert klaviyo.state()["segments"] == {}
