"""Segments are made once, looked after by their ids, and say of whom in Klaviyo's own words."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from nextorder.adapters.klaviyo.bodies import encode
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.installation import KlaviyoInstaller
from nextorder.adapters.klaviyo.scopes import SCOPES, lacking
from nextorder.adapters.patience import Patience
from nextorder.use_cases.installation import Mark, check, install, remove
from tests.adapters.destination_cases import SHOP
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.unit.shop_cases import CATALOGUE

CONNECTED = replace(SHOP, klaviyo_account="DEMO01")
ON = CATALOGUE.with_on(["life", "love"])
Install = Callable[..., KlaviyoInstaller]


@pytest.fixture
def records() -> HeldRecords:
    return HeldRecords()


@pytest.fixture
def installer(client: KlaviyoClient, records: HeldRecords, clock: StillClock) -> KlaviyoInstaller:
    return KlaviyoInstaller(client, ON, records, Patience(clock.sleep, seconds=3_000))


def marks(ticks: Any) -> dict[str, str]:
    return {tick.part.name: tick.mark for tick in ticks}


def named(klaviyo: FakeKlaviyo, name: str) -> Any:
    [found] = [one for one in klaviyo.account.standing("segment") if one.attributes["name"] == name]
    return found


def test_what_is_switched_on_is_made_but_for_what_has_open_values(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    ticks = install(CONNECTED, installer)

    assert set(marks(ticks).values()) == {Mark.MADE}
    expected = {name for name in ON.shown if not name.endswith(":*")}
    assert {name.removeprefix("next:") for name in klaviyo.state()["segments"]} == expected
    assert records.segments.keys() == expected
    assert "hold" in expected


def test_a_segment_holds_those_who_show_it(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo, client: KlaviyoClient, records: HeldRecords
) -> None:
    klaviyo.seed(
        {
            "profiles": [
                {"id": "NEW", "properties": {"nextorder_segments": ["care", "life:new"]}},
                {"id": "OLD", "properties": {"nextorder_segments": ["life:missed"]}},
                {"id": "OUT", "properties": {"nextorder_holdout": True}},
                {"id": "IN", "properties": {"nextorder_holdout": False}},
            ]
        }
    )
    install(CONNECTED, installer)

    def members(name: str) -> list[str]:
        path = f"/api/segments/{records.segments[name]}/profiles"
        return [one["id"] for one in client.call(SHOP.id, "GET", path)["data"]]

    assert (members("life:new"), members("life:missed"), members("hold")) == (["NEW"], ["OLD"], ["OUT"])


def test_a_second_time_changes_nothing_whatever_the_merchant_renamed_or_narrowed(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    install(CONNECTED, installer)
    new = named(klaviyo, "next:life:new")
    new.attributes["name"] = "Fresh customers"
    new.attributes["definition"]["condition_groups"].append({"conditions": [{"type": "profile-region"}]})
    new.attributes["definition"]["condition_groups"][0]["conditions"][0]["id"] = "added by Klaviyo"
    wrote = len(klaviyo.requests)

    assert set(marks(install(CONNECTED, installer)).values()) == {Mark.OK}
    assert set(marks(check(CONNECTED, installer)).values()) == {Mark.OK}
    assert {one["method"] for one in list(klaviyo.requests)[wrote:]} == {"GET"}


def test_a_segment_that_says_something_else_is_repaired_and_one_that_is_gone_is_made_again(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    install(CONNECTED, installer)
    broken = named(klaviyo, "next:life:new")
    right = broken.attributes["definition"]
    broken.attributes["definition"] = {"condition_groups": []}
    named(klaviyo, "next:hold").gone = True

    ticks = marks(install(CONNECTED, installer))

    assert (ticks["life:new"], ticks["hold"], ticks["life:missed"]) == (Mark.REPAIRED, Mark.MADE, Mark.OK)
    assert named(klaviyo, "next:life:new").attributes["definition"] == right
    assert set(marks(check(CONNECTED, installer)).values()) == {Mark.OK}


def test_a_segment_that_is_switched_off_is_deleted_and_others_of_the_name_are_left_alone(
    installer: KlaviyoInstaller,
    client: KlaviyoClient,
    klaviyo: FakeKlaviyo,
    records: HeldRecords,
    clock: StillClock,
) -> None:
    theirs = {"name": "next:life:new", "definition": {"condition_groups": []}}
    body = encode({"data": {"type": "segment", "attributes": theirs}})
    client.call(SHOP.id, "POST", "/api/segments", body=body)
    ticks = {tick.part.name: tick for tick in install(CONNECTED, installer)}
    fewer = KlaviyoInstaller(client, CATALOGUE.with_on([]), records, Patience(clock.sleep, seconds=3_000))

    assert ticks["life:new"].mark is Mark.MISSING
    assert "another segment has this name" in ticks["life:new"].why
    install(CONNECTED, fewer)
    assert set(klaviyo.state()["segments"]) == {"next:life:new", "next:hold"}
    remove(CONNECTED, fewer)
    assert set(klaviyo.state()["segments"]) == {"next:life:new"}
    assert records.segments == {}


def test_a_segment_that_was_made_without_our_hearing_of_it_is_taken_over(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "create_segment", "timeout_after": True})

    ticks = install(CONNECTED, installer)

    assert set(marks(ticks).values()) == {Mark.MADE}
    names = [one.attributes["name"] for one in klaviyo.account.standing("segment")]
    assert len(names) == len(set(names))


def test_a_daily_limit_is_said_and_the_rest_made_the_day_after(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "create_segment", "status": 429, "retry_after": 40_000, "times": 2})
    first = [tick for tick in install(CONNECTED, installer) if tick.mark is Mark.MISSING]

    assert [tick.why for tick in first] == ["Klaviyo makes no more today: connect again tomorrow"] * 2
    assert set(marks(install(CONNECTED, installer)).values()) == {Mark.OK, Mark.MADE}


def test_two_shops_of_one_account_have_segments_of_their_own(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    for shop in (CONNECTED, replace(CONNECTED, id="eu.myshopify.com", klaviyo_prefix="nextorder_eu")):
        patience = Patience(clock.sleep, seconds=3_000)
        install(shop, KlaviyoInstaller(client, CATALOGUE.with_on([]), HeldRecords(), patience))

    assert set(klaviyo.state()["segments"]) == {"next:hold", "next:hold (nextorder_eu)"}
    own = named(klaviyo, "next:hold (nextorder_eu)").attributes["definition"]
    assert "properties['nextorder_eu_holdout']" in str(own)


LISTED = replace(CONNECTED, klaviyo_lists=("life:new", "hold"))


def listed(ticks: Any) -> dict[str, str]:
    return {tick.part.name: tick.mark for tick in ticks if tick.part.kind == "list"}


def test_lists_are_made_of_what_is_named_and_once(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    assert listed(install(LISTED, installer)) == {"life:new": Mark.MADE, "hold": Mark.MADE}
    made = klaviyo.account.standing("list")
    made[0].attributes["name"] = "Fresh customers"

    assert set(listed(install(LISTED, installer)).values()) == {Mark.OK}
    assert set(listed(check(LISTED, installer)).values()) == {Mark.OK}
    assert sorted(records.lists.values()) == sorted(one.id for one in klaviyo.account.standing("list"))
    assert len(klaviyo.account.standing("list")) == 2


def test_all_is_a_list_of_each_segment_that_is_made(
    installer: KlaviyoInstaller, records: HeldRecords
) -> None:
    install(replace(CONNECTED, klaviyo_lists=("all",)), installer)

    assert records.lists.keys() == records.segments.keys()


def test_a_list_that_is_gone_is_made_anew_and_one_that_is_not_wanted_any_more_deleted(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    klaviyo.seed({"profiles": [{"id": "P1"}], "lists": [{"name": "Newsletter", "members": ["P1"]}]})
    before = klaviyo.state()["members"]
    install(LISTED, installer)
    first = dict(records.lists)
    klaviyo.account.standing("list")[-1].gone = True

    assert set(listed(check(LISTED, installer)).values()) == {Mark.OK, Mark.MISSING}
    assert set(listed(install(LISTED, installer)).values()) == {Mark.OK, Mark.MADE}
    assert len({*first.values(), *records.lists.values()}) == 3
    assert set(listed(install(CONNECTED, installer)).values()) == {Mark.REMOVED}
    assert (klaviyo.state()["members"], records.lists) == (before, {})
    install(LISTED, installer)
    remove(LISTED, installer)
    assert (klaviyo.state()["members"], klaviyo.state()["segments"]) == (before, {})


def test_a_namesake_with_members_is_left_alone_and_an_empty_one_is_ours(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo, records: HeldRecords
) -> None:
    theirs = [{"name": "next:life:new", "members": ["P1"]}, {"name": "next:hold"}]
    klaviyo.seed({"profiles": [{"id": "P1"}], "lists": theirs})

    ticks = {tick.part.name: tick for tick in install(LISTED, installer) if tick.part.kind == "list"}

    assert (ticks["life:new"].mark, ticks["hold"].mark) == (Mark.MISSING, Mark.MADE)
    assert "another list has this name" in ticks["life:new"].why
    assert records.lists.keys() == {"hold"}
    assert klaviyo.counts["create_list"] == 0
    install(CONNECTED, installer)
    assert klaviyo.state()["members"] == {"next:life:new": ["P1"]}


def test_a_list_that_was_made_without_our_hearing_of_it_is_taken_over(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "create_list", "drop_connection": "after"})

    assert set(listed(install(LISTED, installer)).values()) == {Mark.MADE}
    assert len(klaviyo.account.standing("list")) == 2


def test_a_shop_without_an_account_wants_no_segment(
    installer: KlaviyoInstaller, klaviyo: FakeKlaviyo
) -> None:
    assert install(SHOP, installer) == ()
    assert klaviyo.state()["segments"] == {}


@pytest.mark.parametrize("scope", [one.name for one in SCOPES])
def test_each_scope_is_missed_by_its_name(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, clock: StillClock, scope: str
) -> None:
    granted = DEFAULT_SCOPES | {"flows:read", "flows:write"}
    klaviyo.scopes = granted - {scope}
    before = klaviyo.state()
    missing = [one.name for one in lacking(client, SHOP.id, Patience(clock.sleep, seconds=60))]

    assert missing == [scope]
    assert {**klaviyo.state(), "requests": 0} == {**before, "requests": 0}
