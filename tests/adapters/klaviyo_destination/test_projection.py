"""A verdict becomes properties and an event, and all of it can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime

from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.projection import NAMES, PREFIX
from nextorder.domain.changes import Change, Desired
from nextorder.domain.verdict import Segment
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, SINCE, VERDICT, desired, first_change, profile
from tests.fakes.klaviyo import FakeKlaviyo
from tests.unit.shop_cases import CATALOGUE


def test_a_verdict_becomes_typed_properties(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    delivered = destination.deliver(SHOP, first_change(destination))

    assert delivered == Delivered(remote_id="01ANNA")
    assert profile(klaviyo)["properties"] == {
        "shoe": 41,
        "nextorder_p_5d": 0.02,
        "nextorder_p_5d_lo": 0.01,
        "nextorder_p_5d_hi": 0.032,
        "nextorder_p_30d": 0.02,
        "nextorder_p_30d_lo": 0.01,
        "nextorder_p_30d_hi": 0.032,
        "nextorder_p_90d": 0.02,
        "nextorder_p_90d_lo": 0.01,
        "nextorder_p_90d_hi": 0.032,
        "nextorder_p_window": 0.063,
        "nextorder_p_window_lo": 0.032,
        "nextorder_p_window_hi": 0.1,
        "nextorder_clv_gp2_365": 120.0,
        "nextorder_clv_gp2_365_lo": 62.0,
        "nextorder_clv_gp2_365_hi": 190.0,
        "nextorder_gp2_to_date": -20.0,
        "nextorder_window_opens": "2026-05-02T12:00:00",
        "nextorder_window_closes": "2026-05-02T12:00:00",
        "nextorder_segments": ["life:closing"],
        "nextorder_stage": "closing",
        "nextorder_stage_prev": "second-window",
        "nextorder_stage_since": "2026-05-02T12:00:00",
        "nextorder_reason_1": "one",
        "nextorder_reason_2": "two",
        "nextorder_reason_3": "three",
        "nextorder_quality": "ok",
        "nextorder_model": "abc123",
        "nextorder_scored_at": "2026-05-02T00:00:00Z",
    }


def test_the_event_carries_what_a_flow_filters_by_and_no_value(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    step = first_change(destination)
    destination.deliver(SHOP, step)
    destination.deliver(SHOP, step)

    [event] = klaviyo.state()["events"]
    assert event["unique_id"] == "demo.myshopify.com:7:stage:closing:20260501T233000Z"
    assert (event["metric"], event["value"], event["profile"]) == ("Nextorder Window Closing", None, "01ANNA")
    assert event["properties"] == {
        "from": "second-window",
        "to": "closing",
        "stage": "closing",
        "reason": "day 130 of 160",
        "cause": "time",
        "care": False,
        "holdout": False,
        "consent_email": "subscribed",
        "consent_sms": "unsubscribed",
        "p": 0.063,
        "lo": 0.032,
        "hi": 0.1,
    }
    assert [r["operations"] for r in klaviyo.requests][:3] == [
        ["get_profiles"],
        ["update_profile"],
        ["create_event"],
    ]


def test_a_held_out_profile_shows_that_and_nothing_else(destination: KlaviyoDestination) -> None:
    assert desired(destination, replace(VERDICT, held_out=True)) == Desired(
        attributes={"nextorder_holdout": True}
    )


def test_every_property_is_among_those_that_everything_names(destination: KlaviyoDestination) -> None:
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    assert VERDICT.scores
    scores = replace(VERDICT.scores, next_order_p20=moment, next_order_p50=moment, next_order_p80=moment)
    gold = {**VERDICT.segments, "value": Segment(value="gold", since=SINCE)}
    shown = KlaviyoDestination(destination._client, lambda _: CATALOGUE.with_on("all")).project(  # noqa: SLF001
        SHOP, replace(VERDICT, scores=scores, segments=gold, affinities=("tea", "cups"), incentive="none")
    )

    assert {PREFIX + name for name in NAMES} - shown.attributes.keys() == {"nextorder_holdout"}
    assert shown.attributes.keys() <= destination.everything(SHOP).attributes.keys()
    assert shown.attributes["nextorder_value_tier"] == "gold"


def test_unset_clears_our_property_and_no_other(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    destination.deliver(SHOP, first_change(destination))
    destination.deliver(SHOP, Change(person=ANNA, unset=tuple(destination.everything(SHOP).attributes)))

    assert profile(klaviyo)["properties"] == {"shoe": 41}
