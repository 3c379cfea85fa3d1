"""A verdict becomes properties and an event, and all of it can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime

from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.adapters.klaviyo.projection import NAMES, PREFIX
from nextorder.domain.changes import Change, Desired, Event, EventKind
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import Segment
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import (
    ANNA,
    SINCE,
    VERDICT,
    a_crowd,
    desired,
    first_change,
    profile,
)
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


def test_every_kind_of_event_has_a_metric_of_its_own(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    happened = [Event(kind=kind, subject=f"{kind}:x", since=SINCE, at=SINCE) for kind in EventKind]
    destination.deliver(SHOP, Change(person=ANNA, events=tuple(happened)))

    assert [event["metric"] for event in klaviyo.state()["events"]] == [
        "Nextorder Human Touch",
        "Nextorder Cart Priority",
        "Nextorder Hot Now",
        "Nextorder Due To Replenish",
        "Nextorder Late To Replenish",
        "Nextorder Window Closing",
        "Nextorder Window Opened",
        "Nextorder Stage Changed",
        "Nextorder Value Tier Changed",
    ]
    assert not any(event["value"] for event in klaviyo.state()["events"])


def test_the_days_of_a_replenishment_are_the_shops_at_midday(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    due = Segment(value="due", since=SINCE, until=datetime(2026, 5, 20, 8, tzinfo=UTC), reason="why")
    shown = KlaviyoDestination(destination._client, lambda _: CATALOGUE.with_on(["replenish"]))  # noqa: SLF001
    destination.deliver(SHOP, first_change(shown, replace(VERDICT, segments={"replenish:tea": due})))

    [event] = klaviyo.state()["events"]
    told = event["properties"]
    assert event["unique_id"] == "demo.myshopify.com:7:replenish:tea:due:20260501T233000Z"
    assert (told["category"], told["due_from"], told["due_until"]) == (
        "tea",
        "2026-05-02T12:00:00",
        "2026-05-20T12:00:00",
    )
    assert profile(klaviyo)["properties"]["nextorder_segments"] == ["replenish:tea"]


def test_no_property_is_of_the_next_12_hours() -> None:
    assert not any("12h" in name for name in NAMES)


def test_what_is_too_small_is_shown_as_what_it_rolls_up_into(destination: KlaviyoDestination) -> None:
    shop = replace(
        SHOP,
        numbers=Numbers(shown_as={"life:closing": "life:second-window", "value:platinum": "value:gold"}),
    )
    platinum = {**VERDICT.segments, "value": Segment(value="platinum", since=SINCE)}
    all_on = KlaviyoDestination(destination._client, lambda _: CATALOGUE.with_on("all"))  # noqa: SLF001
    shown = all_on.project(shop, replace(VERDICT, segments=platinum)).attributes

    assert shown["nextorder_value_tier"] == "gold"
    assert shown["nextorder_stage"] == "second-window"
    assert shown["nextorder_segments"] == ("life:second-window", "value:gold")


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


def test_a_shop_with_names_of_its_own_shows_and_takes_back_under_those(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    second = replace(SHOP, klaviyo_prefix="second_shop")
    destination.deliver(SHOP, first_change(destination))
    before = dict(profile(klaviyo)["properties"])

    destination.deliver(second, first_change(destination))
    own = {name: value for name, value in profile(klaviyo)["properties"].items() if name not in before}
    assert own["second_shop_stage"] == "closing"
    assert {name.removeprefix("second_shop_") for name in own} == {
        name.removeprefix(PREFIX) for name in before if name.startswith(PREFIX)
    }
    assert klaviyo.state()["events"][-1]["metric"] == "Second Shop Window Closing"

    destination.deliver(second, Change(person=ANNA, unset=tuple(destination.everything(second).attributes)))
    assert profile(klaviyo)["properties"] == before


def test_an_import_job_carries_the_shops_own_names(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    destination.deliver_many(replace(SHOP, klaviyo_prefix="second"), a_crowd(klaviyo, FEW + 1))

    assert profile(klaviyo, "01C0")["properties"] == {"second_stage": "new"}
