"""Which live flows ours would start, as far as Klaviyo tells: events, dates, segments, and what it hides."""

from collections.abc import Iterator
from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.flows import LiveFlows
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import NeedsHuman
from nextorder.domain.surroundings import Flows
from tests.adapters.destination_cases import SHOP
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.store import Audience, metric_id
from tests.local_stack.sample_store import FLOWS, SEGMENTS

READING = frozenset({"flows:read", "segments:read", "metrics:read"})


@pytest.fixture
def klaviyo(clock: StillClock) -> Iterator[FakeKlaviyo]:
    with FakeKlaviyo(clock=clock, scopes=READING) as fake:
        yield fake


@pytest.fixture
def flows(klaviyo: FakeKlaviyo, clock: StillClock) -> LiveFlows:
    client = KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url)
    return LiveFlows(client, Patience(clock.sleep, seconds=600))


def put(klaviyo: FakeKlaviyo, kind: str, name: str, **attributes: Any) -> str:
    """Put there what the merchant made by hand, in whatever state."""
    made = Audience(
        id=f"A{len(klaviyo.account.made):03}",
        kind=kind,
        attributes={"name": name, **attributes},
        created=0.0,
        updated=0.0,
    )
    made.status = "live"
    klaviyo.account.made.append(made)
    return made.id


def a_flow(klaviyo: FakeKlaviyo, name: str, **trigger: Any) -> None:
    put(klaviyo, "flow", name, definition={"triggers": [trigger], "actions": [], "entry_action_id": None})


def a_segment(klaviyo: FakeKlaviyo, name: str, property_: str, operator: str, value: str) -> str:
    condition = {
        "type": "profile-property",
        "property": f"properties['{property_}']",
        "filter": {"type": "list", "operator": operator, "value": value},
    }
    return put(klaviyo, "segment", name, definition={"condition_groups": [{"conditions": [condition]}]})


def a_segment_of(klaviyo: FakeKlaviyo, name: str, *groups: str) -> str:
    condition = {"type": "profile-group-membership", "is_member": True, "group_ids": [*groups]}
    return put(klaviyo, "segment", name, definition={"condition_groups": [{"conditions": [condition]}]})


def starters(found: Flows) -> dict[str, str]:
    return {flow.name: flow.starter for flow in found.ours}


def test_flows_of_our_events_dates_segments_and_tags_are_named_and_others_are_not(
    klaviyo: FakeKlaviyo, flows: LiveFlows
) -> None:
    for name in ("Nextorder Hot Now", "Placed Order"):
        klaviyo.account.metrics[name] = 0.0
    ours = a_segment(klaviyo, "Champions", "nextorder_segments", "contains", "life:champion")
    tagged = a_segment(klaviyo, "Tagged", "Shopify Tags", "contains", "next:life:champion")
    other = a_segment(klaviyo, "Large feet", "shoe", "contains", "46")
    a_flow(klaviyo, "By our event", type="metric", id=metric_id(klaviyo.account, "Nextorder Hot Now"))
    a_flow(klaviyo, "By an order", type="metric", id=metric_id(klaviyo.account, "Placed Order"))
    date = {"type": "date", "date_field_type": "profile-property"}
    a_flow(klaviyo, "By our date", **date, date_profile_property="nextorder_window_closes")
    a_flow(klaviyo, "Birthday", **date, date_profile_property="birthday")
    a_flow(klaviyo, "By our segment", type="segment", id=ours)
    a_flow(klaviyo, "By our tag", type="segment", id=tagged)
    a_flow(klaviyo, "By feet", type="segment", id=other)
    a_flow(klaviyo, "By a list", type="list", id="L1")

    found = flows.read(SHOP)

    assert found.live == 8
    assert starters(found) == {
        "By our event": "our event Nextorder Hot Now",
        "By our date": "a date in our properties nextorder_...",
        "By our segment": "segment Champions, which reads our properties nextorder_...",
        "By our tag": "segment Tagged, which reads Shopify Tags",
    }
    assert not found.unknown
    assert found.calls == 1 + 1 + 8 + 3


def test_a_flow_that_our_list_starts_is_named_and_one_of_another_list_is_not(
    klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    client = KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url)
    a_flow(klaviyo, "Welcome", type="list", id="L1")
    a_flow(klaviyo, "Newsletter", type="list", id="L2")

    found = LiveFlows(client, Patience(clock.sleep, seconds=600), lists={"life:new": "L1"}).read(SHOP)

    starter = "our list of life:new, which nobody joins quietly: switch it on once it is filled"
    assert starters(found) == {"Welcome": starter}


def test_a_flow_of_a_segment_that_is_made_of_others_is_followed_to_what_it_reads(
    klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    tagged = a_segment(klaviyo, "Tagged", "Shopify Tags", "contains", "vip")
    inner = a_segment_of(klaviyo, "Inner", "L7", tagged)
    for name, segment in (
        ("By the second", a_segment_of(klaviyo, "Outer", inner)),
        ("By the list", a_segment_of(klaviyo, "Listed", "L1")),
        ("By another list", a_segment_of(klaviyo, "Other", "L7", "GONE")),
        ("Round and round", a_segment_of(klaviyo, "Ring", f"A{len(klaviyo.account.made):03}")),
    ):
        a_flow(klaviyo, name, type="segment", id=segment)
    client = KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url)

    found = LiveFlows(client, Patience(clock.sleep, seconds=600), lists={"life:new": "L1"}).read(SHOP)

    assert starters(found) == {
        "By the second": "segment Outer, which reads segment Inner, which reads segment Tagged, "
        "which reads Shopify Tags",
        "By the list": "segment Listed, which reads our list of life:new",
    }
    assert not found.unknown


def test_what_cannot_be_read_is_named_as_not_known(klaviyo: FakeKlaviyo, flows: LiveFlows) -> None:
    a_flow(klaviyo, "By a segment that is gone", type="segment", id="GONE")

    found = flows.read(SHOP)

    assert found.unknown == ("By a segment that is gone",)
    assert not found.ours


def test_all_pages_of_flows_are_counted_and_the_first_fifty_looked_into(
    klaviyo: FakeKlaviyo, flows: LiveFlows
) -> None:
    for number in range(60):
        a_flow(klaviyo, f"F{number}", type="list", id="L1")

    found = flows.read(SHOP)

    assert found.live == 60
    assert len(found.unknown) == 10
    assert found.calls <= 50 + 6


def test_a_key_that_may_not_read_flows_needs_a_human(klaviyo: FakeKlaviyo, flows: LiveFlows) -> None:
    klaviyo.scopes = READING - {"flows:read"}

    with pytest.raises(NeedsHuman):
        flows.read(SHOP)


def test_of_the_sample_stores_flows_one_waits_for_our_tags(klaviyo: FakeKlaviyo, flows: LiveFlows) -> None:
    klaviyo.seed({"segments": SEGMENTS, "flows": FLOWS})

    found = flows.read(SHOP)

    assert found.live == 2
    assert [flow.name for flow in found.ours] == ["VIP welcome"]
