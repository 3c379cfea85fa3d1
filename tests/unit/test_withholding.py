"""A horizon that did not hold is not published anywhere, nor what rests on it; it comes back as it was."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.adapters import plain
from nextorder.adapters.klaviyo import projection as klaviyo
from nextorder.adapters.shopify import projection as shopify
from nextorder.domain.caps import Choice
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import EventKind, Person
from nextorder.domain.diff import accepted_after, change
from nextorder.domain.facts import Order
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.incentive import incentive_of
from nextorder.domain.published import WINDOW_HORIZON, to_show
from nextorder.domain.shop import Incentives, Shop, Withheld
from nextorder.domain.states import Standards, state_after
from nextorder.domain.verdict import Cause, Quality, State, Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.domain.withholding import NOT_SAID, rests_on, taken_away, withheld_in_words
from tests.unit.live_cases import LIVE, at
from tests.unit.own_cases import catalogue_with
from tests.unit.shop_cases import CATALOGUE, MODEL, START, an_order, features_of

TWICE = (an_order(0), an_order(10))
ONCE = (an_order(0),)
EVERYTHING = CATALOGUE.with_on("all")
PROPERTIES: Mapping[str, str] = {"5": "p_5d", "30": "p_30d", "90": "p_90d", WINDOW_HORIZON: "p_window"}


def without(*horizons: str, shop: Shop = LIVE) -> Shop:
    why = {one: Withheld(since=START, reason="twice as many were expected as came") for one in horizons}
    return replace(shop, withheld=why)


def verdict_of(*facts: object, day: float, shop: Shop, catalogue: Catalogue = EVERYTHING) -> Verdict:
    features = features_of(*facts, days=day)  # type: ignore[arg-type]  # facts, all of them
    return reach_verdict(features, shop, MODEL, as_of=at(day), catalogue=catalogue)[0]


@pytest.mark.parametrize("horizon", PROPERTIES)
def test_its_chance_and_range_are_left_out_at_every_destination_and_the_others_stay(horizon: str) -> None:
    for orders, day in ((TWICE, 20), (ONCE, 60)):
        shop = without(horizon)
        shown = to_show(verdict_of(*orders, day=day, shop=shop), shop)
        whole = to_show(verdict_of(*orders, day=day, shop=LIVE), LIVE)

        name = PROPERTIES[horizon]
        gone = {name, f"{name}_lo", f"{name}_hi"}
        said = plain.project(shop, shown, EVERYTHING).attributes
        assert plain.project(LIVE, whole, EVERYTHING).attributes.keys() - said.keys() >= (
            gone & plain.project(LIVE, whole, EVERYTHING).attributes.keys()
        )
        assert not gone & said.keys()
        assert {PROPERTIES[one] for one in ("5", "30", "90") if one != horizon} <= said.keys()
        assert not any(
            key.endswith(tuple(gone)) for key in klaviyo.project(shop, shown, EVERYTHING).attributes
        )
        assert name not in shopify.project(shop, shown, EVERYTHING).attributes


def test_the_quality_says_that_something_is_withheld_where_something_is() -> None:
    shop = without(WINDOW_HORIZON)

    assert to_show(verdict_of(*ONCE, day=60, shop=shop), shop).quality is Quality.WITHHELD
    twice = verdict_of(*TWICE, day=20, shop=shop)
    assert to_show(twice, shop) == twice


@pytest.mark.parametrize("quality", [Quality.LOW, Quality.TRUNCATED])
def test_what_else_is_wrong_with_the_numbers_is_still_said(quality: Quality) -> None:
    """The merchant's handbook promises that amounts from a stand-in margin are marked."""
    shop = without("30")
    verdict = replace(verdict_of(*ONCE, day=60, shop=shop), quality=quality)

    assert to_show(verdict, shop).quality is quality


def test_who_would_buy_within_five_days_is_not_named_while_five_days_are_withheld() -> None:
    assert verdict_of(*TWICE, day=20, shop=LIVE).segments["buy"].value == "5d"
    assert "buy" not in verdict_of(*TWICE, day=20, shop=without("5")).segments
    assert "buy" in verdict_of(*TWICE, day=20, shop=without("30", "90", WINDOW_HORIZON)).segments


@pytest.mark.parametrize(
    ("condition", "horizon"),
    [
        ("p_30d > 0.5 x base", "30"),
        ("p_90d > 0.1 x base", "90"),
        ("buy is 5d", "5"),
        ("buy is not 5d", "5"),
        ("buy is none", "5"),
    ],
)
def test_a_merchants_own_segment_that_rests_on_it_is_withheld_too(condition: str, horizon: str) -> None:
    catalogue = catalogue_with(condition)
    shop = replace(LIVE, numbers=replace(LIVE.numbers, base={**LIVE.numbers.base, "30": 0.01, "90": 0.02}))

    assert rests_on("own:mine", catalogue) == {horizon}
    held = verdict_of(*TWICE, day=20, shop=without(horizon, shop=shop), catalogue=catalogue)
    assert "own:mine" not in held.segments


@pytest.mark.parametrize("condition", ["order_days >= 2", "buy is not now"])
def test_an_own_segment_that_rests_on_something_else_stays(condition: str) -> None:
    catalogue = catalogue_with(condition)

    shop = without("5", "30", "90", WINDOW_HORIZON)
    assert "own:mine" in verdict_of(*TWICE, day=20, shop=shop, catalogue=catalogue).segments


@pytest.mark.parametrize("condition", ["value is none", "value is not gold", "clv_gp2_365 in top 90 %"])
def test_where_value_is_withheld_nobody_is_in_an_own_segment_that_rests_on_it(condition: str) -> None:
    """Or, with nobody in a tier, everybody would be."""
    catalogue = catalogue_with(condition)
    told = {"value": "Costs are told of 10 %."}
    shop = replace(LIVE, numbers=replace(LIVE.numbers, withheld=told))
    assert taken_away(LIVE.numbers, shop.numbers, catalogue, ["own:mine"]) == told
    assert not taken_away(LIVE.numbers, shop.numbers, catalogue, ["life:new"])
    assert not taken_away(shop.numbers, shop.numbers, catalogue, ["own:mine"])

    assert "own:mine" not in verdict_of(*TWICE, day=20, shop=shop, catalogue=catalogue).segments


def test_no_shortest_stay_keeps_a_withheld_segment() -> None:
    day = at(15) + timedelta(hours=1)
    held = state_of(LIVE, None, day)
    assert held.verdict.segments["buy"].value == "5d"

    after = state_of(without("5"), held, day + timedelta(hours=1))

    assert "buy" not in after.verdict.segments
    assert "buy:5d" not in after.shown_in


def state_of(shop: Shop, held: State | None, as_of: object, facts: tuple[Order, ...] = TWICE) -> State:
    features = features_of(*facts, days=(as_of - START) / timedelta(days=1))  # type: ignore[operator]
    standards = Standards(shop=shop, catalogue=EVERYTHING, model=lambda: MODEL)
    return state_after(held, features, standards, as_of=as_of)  # type: ignore[arg-type]  # a moment


def test_it_is_taken_off_and_brought_back_by_terms_alone_and_no_flow_starts() -> None:
    day = at(20)
    held = state_of(LIVE, None, day)
    withheld = state_of(without("5", "30"), held, day + timedelta(hours=1))
    back = state_of(LIVE, withheld, day + timedelta(hours=2))

    assert len({held.shown, withheld.shown, back.shown}) == 3
    assert (withheld.verdict.cause, back.verdict.cause) == (Cause.CATALOGUE, Cause.CATALOGUE)
    for state, shop in ((withheld, without("5", "30")), (back, LIVE)):
        assert plain.project(shop, to_show(state.verdict, shop), EVERYTHING).events == ()


def test_only_the_difference_goes_out_and_no_event() -> None:
    """What is withheld is unset, not left to grow old; when it comes back it is set again."""
    day = at(60)
    shown, hidden = LIVE, without("90", WINDOW_HORIZON)
    held = state_of(shown, None, day, ONCE)
    withheld = state_of(hidden, held, day + timedelta(hours=1), ONCE)
    before, after = (
        plain.project(shop, to_show(state.verdict, shop), EVERYTHING)
        for shop, state in ((shown, held), (hidden, withheld))
    )
    taken = accepted_after(before, Choice(), None, day)

    away = change(Person(customer="7"), after, taken)
    gone = [f"{name}{end}" for name in ("p_90d", "p_window") for end in ("", "_hi", "_lo")]
    assert list(away.unset) == gone
    # the reason told the window's chance, and tells that within 30 days now
    assert away.set.keys() == {"quality", "reason_3", "scored_at"}
    assert "within 30 days" in str(away.set["reason_3"])
    assert (away.join, away.leave, away.events) == (frozenset(), frozenset(), ())
    taken_away = accepted_after(after, Choice(), taken, day)
    assert change(Person(customer="7"), before, taken_away).set.keys() >= set(gone)


def test_without_anything_withheld_nothing_is_told_anew() -> None:
    verdict = verdict_of(*TWICE, day=20, shop=LIVE)

    assert to_show(verdict, LIVE) is verdict
    assert fingerprint(verdict, EVERYTHING, LIVE) == fingerprint(verdict, EVERYTHING, without(WINDOW_HORIZON))
    assert fingerprint(verdict, EVERYTHING, LIVE) != fingerprint(verdict, EVERYTHING, without("90"))


def test_no_reason_says_a_chance_that_is_withheld() -> None:
    once = verdict_of(*ONCE, day=60, shop=LIVE)
    assert once.scores
    assert any("order by" in reason for reason in once.reasons)

    only_window = verdict_of(*ONCE, day=60, shop=without(WINDOW_HORIZON))
    both = verdict_of(*ONCE, day=60, shop=without("30", WINDOW_HORIZON))

    assert any("within 30 days" in reason for reason in only_window.reasons)
    assert not any("order by" in reason for reason in only_window.reasons)
    assert [reason for reason in both.reasons if "order" in reason and "customers like" in reason] == []
    assert NOT_SAID in both.reasons


@pytest.mark.parametrize("horizons", [("30", WINDOW_HORIZON), (WINDOW_HORIZON,)])
def test_an_event_of_a_stage_names_no_withheld_chance_nor_another_in_its_place(
    horizons: tuple[str, ...],
) -> None:
    shop = without(*horizons)
    told = (an_order(0),)
    verdict = replace(
        verdict_of(*told, day=33, shop=shop), consents={"email": "subscribed"}, cause=Cause.TIME
    )
    [opened] = [
        event
        for event in plain.project(shop, to_show(verdict, shop), EVERYTHING).events
        if event.kind is EventKind.WINDOW_OPENED
    ]

    assert not {"p", "lo", "hi"} & opened.properties.keys()


def test_no_offer_rests_on_a_withheld_chance_but_an_open_carts_own_stays() -> None:
    shop = without("30", shop=replace(LIVE, incentives=Incentives(on=True)))
    scores = verdict_of(*TWICE, day=20, shop=shop).scores
    assert scores

    assert incentive_of(shop, scores) is None
    assert incentive_of(shop, replace(scores, p_unaided=0.4)) is not None
    assert incentive_of(replace(shop, withheld={}), scores) is not None


def test_it_is_said_in_words_what_is_withheld_since_when_why_and_what_rests_on_it() -> None:
    [five, window] = withheld_in_words(without("5", WINDOW_HORIZON), catalogue_with("p_5d > 2 x base"))

    assert five == (
        "the chance of an order within 5 days is not published since 2025-03-03: twice as many were "
        "expected as came; nor is what rests on it: buy:5d, own:mine"
    )
    assert window.startswith("the chance of a second order within the window is not published")


def test_it_is_said_that_a_shop_with_too_few_second_orders_has_life_and_hold_alone() -> None:
    small = replace(LIVE, numbers=replace(LIVE.numbers, second_orders=49))

    [said] = withheld_in_words(small, EVERYTHING)

    assert said.startswith("every segment but life and hold: no fit has seen 50 customers")
    assert list(withheld_in_words(LIVE, EVERYTHING)) == []
