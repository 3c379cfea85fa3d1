"""Why a customer is where they are: parts that add up, a timeline up to the verdict, what comes next."""

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.adapters.document import to_plain
from nextorder.domain.facts import OrderCount, StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.states import Standards, state_after
from nextorder.domain.timeline import names_of, timeline
from nextorder.domain.why import Account, account
from nextorder.scoring.clock import Marked
from nextorder.scoring.history import BuyingHistory
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import HORIZON_DAYS, HORIZONS, forecast
from nextorder.scoring.why import shapley, why
from tests.unit.scoring_cases import a_history, a_model, histories, models
from tests.unit.shop_cases import (
    CATALOGUE,
    DAY,
    MODEL,
    ONE,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    verdict_of,
)

STANDARDS = Standards(shop=SHOP, catalogue=CATALOGUE, model=lambda: MODEL)
BLACK_FRIDAY = Marked(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC), 3.0)


def account_of(*facts: StoredFact, days: float, standards: Standards = STANDARDS) -> Account:
    now = START + days * DAY
    features = compute_features("7", facts, standards.shop, now)
    state = state_after(None, features, standards, as_of=now)
    return account("7", facts, state, standards, now=now)


def log_odds(chance: float) -> float:
    return math.log(chance) - math.log1p(-chance)


@given(
    model=models,
    history=histories(),
    horizon=st.sampled_from(HORIZONS),
    marked=st.sampled_from([[], [BLACK_FRIDAY]]),
)
@settings(max_examples=150)
def test_parts_sum_to_the_chance_that_is_said(
    model: StoreModel, history: BuyingHistory, horizon: str, marked: Sequence[Marked]
) -> None:
    at, zone = datetime(2026, 3, 2, 9, 30, tzinfo=UTC), ZoneInfo("Europe/Stockholm")

    told = forecast(model, history, as_of=at, zone=zone, marked=marked).p_order[horizon].value
    apart = why(model, history, float(horizon), as_of=at, zone=zone, marked=marked, average=0.03)

    total = log_odds(apart.average) + sum(part.log_odds for part in apart.parts)
    assert 1 / (1 + math.exp(-total)) == pytest.approx(told, abs=1e-9)
    assert apart.chance == told


@given(model=models, history=histories(), days=st.sampled_from(HORIZON_DAYS))
def test_silence_never_speaks_for_an_order(model: StoreModel, history: BuyingHistory, days: float) -> None:
    apart = why(model, history, days, as_of=START, zone=ZoneInfo("UTC"), average=0.1)

    [silence] = [part for part in apart.parts if part.name.startswith("silence")]
    assert silence.log_odds <= 1e-9


def test_without_a_fit_the_average_is_a_first_order_just_placed() -> None:
    apart = why(a_model(), a_history(), 30.0, as_of=START, zone=ZoneInfo("UTC"))

    assert apart.parts[0].log_odds == 0
    assert apart.parts[0].chance == apart.average


worths = st.dictionaries(st.frozensets(st.sampled_from("abc")), st.floats(-5, 5), min_size=8, max_size=8)


@given(worth=worths)
def test_shapley_is_the_mean_over_all_orders_of_joining(worth: dict[frozenset[str], float]) -> None:
    def joining(player: str, order: Sequence[str]) -> float:
        before = frozenset(order[: order.index(player)])
        return worth[before | {player}] - worth[before]

    shares = shapley("abc", worth.__getitem__)

    for player, share in shares.items():
        each = [joining(player, order) for order in permutations("abc")]
        assert share == pytest.approx(sum(each) / len(each), abs=1e-9)
    assert sum(shares.values()) == pytest.approx(worth[frozenset("abc")] - worth[frozenset()], abs=1e-9)


def counted(orders: int, day: float) -> OrderCount:
    return OrderCount(customer="7", orders=orders, updated_at=START + day * DAY)


LIVES: dict[str, tuple[StoredFact, ...]] = {
    "once": ONE,
    "signed up first": (a_sign_up(-10), a_consent(-10), an_order(0), an_order(60)),
    "often": tuple(an_order(20 * n, 20_000) for n in range(6)),
    "with a refund": (an_order(0), an_order(40), a_refund(an_order(40), 55, 2_000)),
    "long ago": (an_order(-300), an_order(-280)),
    "counted early": (counted(2, -10), a_consent(-10), an_order(0), an_order(60)),
    "more than we hold": (counted(5, 0), an_order(0)),
    "undone": (an_order(0), an_order(30), a_refund(an_order(30), 40, 5_000)),
}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize("days", [61, 100, 170, 400])
def test_the_timeline_ends_with_the_segments_of_the_verdict(life: str, days: float) -> None:
    facts = LIVES[life]
    told = timeline("7", facts, SHOP, MODEL, catalogue=CATALOGUE, until=START + days * DAY)

    names: set[str] = set()
    for happening in told:
        assert names.isdisjoint(happening.joined)
        assert names.issuperset(happening.left)
        names = (names - set(happening.left)) | set(happening.joined)
    assert names == names_of(verdict_of(*facts, days=days)[0])
    assert [happening.at for happening in told] == sorted(happening.at for happening in told)


def test_the_timeline_tells_orders_and_what_time_did() -> None:
    order = an_order(40)
    facts = (a_sign_up(-1), an_order(0), order, a_refund(order, 55, 2_000))
    told = timeline("7", facts, SHOP, MODEL, catalogue=CATALOGUE, until=START + 60 * DAY)

    by_what = {one.what: one for one in told}
    assert [one.what for one in told if one.what != "time passed"] == [
        "signed up",
        "order",
        "order",
        "refund",
    ]
    assert by_what["refund"].amount == 2_000
    assert "life:second-window" in next(one for one in told if one.what == "time passed").joined


def test_orders_that_shopify_counted_are_not_told_before_they_came() -> None:
    """Its count is of when it was read, which may be long after the moment that it bears."""
    told = timeline("7", LIVES["counted early"], SHOP, MODEL, catalogue=CATALOGUE, until=START + 61 * DAY)

    first = next(one for one in told if one.what == "order")
    assert "life:new" in first.joined
    assert not [name for one in told if one.at < first.at for name in one.joined if name == "life:repeat"]


def test_what_changes_by_itself_is_what_becomes_of_the_verdict_then() -> None:
    told = account_of(*ONE, days=10)

    assert ["life:second-window" in turn.joined for turn in told.by_itself] == [True, False, False]
    assert [turn.at for turn in told.by_itself] == sorted(turn.at for turn in told.by_itself)
    for turn in told.by_itself:
        verdict, _ = verdict_of(*ONE, days=(turn.at - START) / DAY)
        assert set(turn.joined) <= names_of(verdict)
        assert names_of(verdict).isdisjoint(turn.left)


def test_an_order_tomorrow_makes_a_one_time_buyer_a_repeat_buyer() -> None:
    told = account_of(*ONE, days=100)

    assert told.with_an_order.at == START + 101 * DAY
    assert "life:repeat" in told.with_an_order.joined
    assert "life:second-window" in told.with_an_order.left


def test_who_has_not_ordered_has_no_chances_and_would_be_new() -> None:
    told = account_of(a_sign_up(0), a_consent(0), days=1)

    assert told.chances == {}
    assert "life:new" in told.with_an_order.joined
    assert told.with_an_order.left == ("life:prospect",)


def test_reasons_are_those_that_destinations_show() -> None:
    told = account_of(*LIVES["often"], days=300)
    verdict, _ = verdict_of(*LIVES["often"], days=300)

    assert told.reasons == verdict.reasons
    assert told.segments == {
        f"{family}:{segment.value}" if segment.value else family: segment.reason
        for family, segment in verdict.segments.items()
    }


def test_of_a_held_out_customer_only_the_hold_is_shown_whatever_comes() -> None:
    standards = replace(STANDARDS, shop=replace(SHOP, holdout_share=Decimal(1)))
    told = account_of(*ONE, days=10, standards=standards)

    assert told.shown == told.with_an_order.shown == ("hold",)


def test_an_account_can_be_written_for_a_program() -> None:
    plain = to_plain(account_of(*LIVES["often"], days=200), digits=17)

    chance = plain["chances"]["30"]
    total = log_odds(chance["why"]["average"]) + sum(part["log_odds"] for part in chance["why"]["parts"])
    assert 1 / (1 + math.exp(-total)) == pytest.approx(chance["told"]["value"], abs=1e-9)
