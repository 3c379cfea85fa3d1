"""Drafts of flows: made on request, once, of what can start; none is ever switched on."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import Forbidden, KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.projection import METRICS, NAMES
from nextorder.adapters.klaviyo.recipes import RECIPES, make_drafts
from nextorder.adapters.patience import Patience
from nextorder.domain.changes import Change, Event, EventKind
from nextorder.domain.shop import Shop
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, SINCE
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.unit.shop_cases import CATALOGUE

DOCS = (Path(__file__).resolve().parents[3] / "docs" / "flows.md").read_text()
SEGMENTS = {"life:champion": "made-0", "risk:at-risk": "made-1"}
TOLD = {recipe.event for recipe in RECIPES if recipe.event}


@pytest.fixture
def flows(klaviyo: FakeKlaviyo, client: KlaviyoClient) -> Any:
    """An account with our segments, whose key may make flows."""
    klaviyo.scopes = DEFAULT_SCOPES | {"flows:read", "flows:write"}
    for number, id_ in enumerate(SEGMENTS.values()):
        body = b'{"data":{"type":"segment","attributes":{"name":"s","definition":{"condition_groups":[]}}}}'
        client.call(SHOP.id, "POST", "/api/segments", body=body)
        klaviyo.account.standing("segment")[number].id = id_
        klaviyo.clock.now += 5  # type: ignore[attr-defined]
    return klaviyo


def tell(destination: KlaviyoDestination, shop: Shop, *kinds: EventKind) -> None:
    events = tuple(Event(kind=kind, subject=f"{kind}:x", since=SINCE, at=SINCE) for kind in kinds)
    destination.deliver(shop, Change(person=ANNA, events=events))


def make(
    client: KlaviyoClient, clock: StillClock, shop: Shop = SHOP, segments: Mapping[str, str] = SEGMENTS
) -> dict[str, tuple[bool, bool]]:
    """Return of each recipe whether it was made, and whether it could not be."""
    made = make_drafts(client, shop, segments, Patience(clock.sleep, seconds=3_000))
    return {one.recipe.name: (one.is_new, bool(one.why_not)) for one in made}


def test_what_can_start_is_drafted_once_and_the_rest_when_it_can(
    client: KlaviyoClient, destination: KlaviyoDestination, flows: FakeKlaviyo, clock: StillClock
) -> None:
    tell(destination, SHOP, EventKind.WINDOW_OPENED)

    first = make(client, clock)
    assert {name for name, (is_new, _) in first.items() if is_new} == {
        "Second order",
        "Champions",
        "Win back",
        "Before the next order",
    }
    assert first["Open cart"] == (False, True)
    assert not any(is_new for is_new, _ in make(client, clock).values())

    tell(destination, SHOP, EventKind.CART_PRIORITY)
    assert {name for name, (is_new, _) in make(client, clock).items() if is_new} == {"Open cart"}
    assert {flow.status for flow in flows.account.standing("flow")} == {"draft"}
    assert not any(request["operations"] == ["update_flow"] for request in flows.requests)


def test_a_draft_leaves_out_who_is_held_out_or_has_not_agreed_and_sends_nothing(
    client: KlaviyoClient, flows: FakeKlaviyo, clock: StillClock
) -> None:
    make(client, clock)

    flow = flows.state()["flows"]["Nextorder: Before the next order"]["definition"]
    [trigger] = flow["triggers"]
    assert (trigger["date_profile_property"], trigger["recurrence_frequency"]) == (
        "nextorder_next_order_date",
        "never",
    )
    [[condition], [agreed]] = [group["conditions"] for group in flow["profile_filter"]["condition_groups"]]
    assert agreed["consent"]["consent_status"]["subscription"] == "subscribed"
    assert condition["property"] == "properties['nextorder_holdout']"
    assert condition["filter"] == {"type": "existence", "operator": "not-set"}
    assert [action["data"]["status"] for action in flow["actions"]] == ["draft"]


def test_a_draft_that_was_made_without_our_hearing_of_it_is_made_once(
    client: KlaviyoClient, flows: FakeKlaviyo, clock: StillClock
) -> None:
    flows.faults.add({"match": "create_flow", "timeout_after": True})
    make(client, clock)

    names = [flow.attributes["name"] for flow in flows.account.standing("flow")]
    assert len(names) == len(set(names)) == 3


def test_a_second_shop_of_the_account_has_drafts_of_its_own(
    client: KlaviyoClient, flows: FakeKlaviyo, clock: StillClock
) -> None:
    make(client, clock)
    make(client, clock, replace(SHOP, klaviyo_prefix="nextorder_eu"))

    assert "Nextorder Eu: Champions" in flows.state()["flows"]
    assert "Nextorder: Champions" in flows.state()["flows"]


def test_a_key_that_may_not_make_flows_makes_none(
    client: KlaviyoClient, flows: FakeKlaviyo, clock: StillClock
) -> None:
    flows.scopes -= {"flows:write"}
    with pytest.raises(Forbidden):
        make(client, clock)


def test_each_recipe_rests_on_one_thing_that_is_ours_and_is_in_the_docs() -> None:
    for recipe in RECIPES:
        assert len([one for one in (recipe.event, recipe.segment, recipe.date) if one]) == 1
        assert recipe.segment in {"", *CATALOGUE.entries}
        assert recipe.date in {"", *NAMES}
        assert f"### {recipe.name}" in DOCS


def test_the_docs_name_every_event_and_no_property_that_is_not_ours() -> None:
    assert [name for name in METRICS.values() if f"`{name}`" not in DOCS] == []
    mentioned = {word.split("`", 1)[0] for word in DOCS.split("`nextorder_")[1:]}
    assert mentioned <= set(NAMES)
