"""A merchant's own segment: read from words, refused with its line, ended by a solved second."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.domain import catalogue as module
from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue, parse_catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import StoredFact
from nextorder.domain.placing import Placing, Told
from nextorder.domain.published import published_segments
from nextorder.domain.segments import place
from nextorder.domain.segments_own import own_segments
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment
from nextorder.domain.verdicts import reach_verdict
from tests.unit.shop_cases import (
    DAY,
    GOOD,
    MODEL,
    NUMBERS,
    ONE,
    SECOND,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    features_of,
)

TEXT = Path(module.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
FITTED = replace(
    SHOP,
    numbers=replace(
        NUMBERS, base={"5": 0.02, "30": 0.1, "90": 0.2}, category_shares={"tea": 0.3, "pots": 0.1}
    ),
)


def catalogue_with(*when: str, name: str = "mine", more: str = "") -> Catalogue:
    conditions = ",\n  ".join(f'"{one}"' for one in when)
    table = f'[own.{name}]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = [\n  {conditions},\n]\n'
    return parse_catalogue(f"{TEXT}\n{table}{more}")


def placing_of(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> Placing:
    features = features_of(*facts, days=days, shop=shop)
    buyer = Buyer(features=features, shop=shop, model=MODEL) if features.order_days else None
    return Placing(features=features, shop=shop, buyer=buyer, catalogue=catalogue_with(*when))


def told_of(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> Told:
    placing = placing_of(*facts, days=days, when=when, shop=shop)
    others = {family: (segment, None) for family, segment in place(placing).segments.items()}
    return own_segments(placing, others).get("own:mine", (None, None))


def held(*facts: StoredFact, days: float, when: tuple[str, ...], shop: Shop = FITTED) -> bool:
    return told_of(*facts, days=days, when=when, shop=shop)[0] is not None


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("life is loyal", False),
        ("life is champion", True),
        ("life in loyal, champion", True),
        ("life is not loyal", True),
        ("risk is none", True),
        ("risk is not none", False),
        ("care is off", True),
        ("affinity is tea", True),
        ("affinity is pots, cups", False),
        ("affinity is not pots", True),
        ("consent email is subscribed", True),
        ("consent sms is none", True),
        ("consent sms is subscribed", False),
        ("order_days >= 5", True),
        ("order_days > 5", False),
        ("gp2_to_date > 500", True),
        ("gp2_to_date < 500", False),
        ("net_revenue >= 1000", True),
        ("net_revenue > 1000", False),
        ("return_share <= 0", True),
        ("days_since_last_order >= 1", True),
        ("days_since_first_order < 81", False),
        ("days_since_sign_up > 3", False),
        ("p_30d > 2 x base", True),
        ("p_30d < 2 x base", False),
        ("p_7d > 1 x base", False),
        ("chance_kept >= 0.9", True),
        ("chance_kept < 0.9", False),
        ("clv_gp2_365 in top 10 %", True),
        ("clv_gp2_365 in top 1%", True),
        ("clv_gp2_365 in top 2 %", False),
    ],
)
def test_every_word_of_the_vocabulary_is_weighed(condition: str, holds: bool) -> None:  # noqa: FBT001
    assert held(*GOOD, a_consent(0), days=81, when=(condition,)) is holds


def test_all_conditions_must_hold() -> None:
    assert held(*GOOD, days=81, when=("order_days >= 5", "chance_kept > 0.5"))
    assert not held(*GOOD, days=81, when=("order_days >= 6", "chance_kept > 0.5"))


def test_who_has_not_ordered_has_no_chance_and_no_age_but_counts_and_consent() -> None:
    facts = (a_sign_up(0), a_consent(1))

    assert held(*facts, days=5, when=("order_days < 1", "consent email is subscribed"))
    assert held(*facts, days=5, when=("days_since_sign_up >= 5",))
    for condition in (
        "p_30d > 0 x base",
        "p_30d < 9 x base",
        "chance_kept < 1",
        "clv_gp2_365 in top 50 %",
        "days_since_last_order > 1",
    ):
        assert not held(*facts, days=5, when=(condition,)), condition


def test_who_loses_money_has_no_value_to_these_words() -> None:
    losing = tuple(an_order(10 * n, 2_000, cost=9_000) for n in range(4))

    assert (
        place(placing_of(*losing, days=31, when=("order_days >= 1",))).segments["value"].value == "negative"
    )
    assert held(*losing, days=31, when=("value is none",))
    assert held(*losing, days=31, when=("value is not gold",))


def test_it_says_since_when() -> None:
    third, _ = told_of(*GOOD, days=100, when=("order_days >= 3",))
    later, _ = told_of(*GOOD, days=100, when=("order_days >= 3", "days_since_last_order > 10"))

    assert third == Segment(value="", since=GOOD[2].placed_at)
    assert later == Segment(value="", since=GOOD[4].placed_at + 10 * DAY + SECOND)


def test_what_orders_only_shopify_knows_are_counted() -> None:
    placing = placing_of(*ONE, days=1, when=("order_days >= 4",))
    more = replace(placing, features=replace(placing.features, shopify_orders=4))

    assert own_segments(more, {})["own:mine"][0] is not None


@pytest.mark.parametrize(
    ("condition", "begins_at"),
    [
        ("days_since_last_order > 30", 110 * DAY + SECOND),
        ("days_since_last_order >= 30", 110 * DAY),
        ("days_since_first_order >= 100.5", 100.5 * DAY),
    ],
)
def test_an_age_begins_at_its_second(condition: str, begins_at: timedelta) -> None:
    segment, begins = told_of(*GOOD, days=81, when=(condition,))

    assert segment is None
    assert begins == START + begins_at


def test_an_age_ends_at_its_second() -> None:
    segment, ends = told_of(*GOOD, days=81, when=("days_since_last_order <= 30",))

    assert segment == Segment(value="", since=GOOD[4].placed_at)
    assert ends == GOOD[4].placed_at + 30 * DAY + SECOND


def test_a_refund_may_end_it_and_time_never_mends_money() -> None:
    back = a_refund(GOOD[4], 85, 20_000)

    segment, begins = told_of(*GOOD, back, days=90, when=("net_revenue >= 1000",))

    assert (segment, begins) == (None, None)


CONDITIONS = (
    "p_30d > 2 x base",
    "p_90d < 1.5 x base",
    "chance_kept < 0.8",
    "chance_kept >= 0.3",
    "clv_gp2_365 in top 20 %",
    "days_since_last_order > 45",
    "days_since_last_order <= 120",
    "days_since_first_order < 150.25",
    "order_days >= 2",
    "gp2_to_date > 20",
    "affinity is tea",
)


@settings(max_examples=60, deadline=None)
@given(
    when=st.lists(st.sampled_from(CONDITIONS), min_size=1, max_size=4, unique=True).map(tuple),
    orders=st.integers(1, 5),
    days=st.integers(0, 300).map(float),
)
def test_without_facts_it_changes_at_the_solved_second_and_at_no_other(
    when: tuple[str, ...], orders: int, days: float
) -> None:
    facts, days = GOOD[:orders], days + 20 * (orders - 1)
    segment, turns = told_of(*facts, days=days, when=when)
    now = START + days * DAY

    def holds(moment: datetime) -> bool:
        return held(*facts, days=(moment - START) / DAY, when=when)

    assert segment is None or segment.since <= now
    if turns is not None:
        assert turns > now
        assert turns.microsecond == 0
        assert holds(turns - SECOND) is (segment is not None)
        assert holds(turns) is (segment is None)
    for hours in range(0, 400 * 24, 24 * 16):
        moment = now + timedelta(hours=hours)
        if turns is None or moment < turns:
            assert holds(moment) is (segment is not None)


def test_a_small_shop_has_none() -> None:
    small = replace(FITTED, numbers=replace(FITTED.numbers, second_orders=49))

    assert not held(*GOOD, days=81, when=("order_days >= 1",), shop=small)


def test_a_shop_whose_data_cannot_carry_it_has_none() -> None:
    without = replace(FITTED, numbers=replace(FITTED.numbers, withheld={"own": "no costs"}))

    assert not held(*GOOD, days=81, when=("order_days >= 1",), shop=without)


def test_it_is_an_entry_like_the_others() -> None:
    catalogue = catalogue_with("life is loyal", "clv_gp2_365 in top 3 %", more="measured_days = 14\n")

    entry = catalogue.entry("own:mine")

    assert entry is not None
    assert (entry.on, entry.starter, entry.floor, entry.measured_days) == (True, False, True, 14)
    assert entry.rests_on == "life is loyal; clv_gp2_365 in top 3 %"
    assert catalogue.on("own:mine")
    assert "own:mine" in catalogue.shown
    assert 0.03 in catalogue.clv_shares
    assert catalogue.with_on(["own"]).shown == ("hold", "own:mine")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("lfie is loyal", "the word lfie is unknown; near it: life"),
        ("life is loyl", "the value loyl is unknown; near it: loyal"),
        ("hold is on", "the word hold is unknown"),
        ("own is other", "the word own is unknown"),
        ("gender is f", "the word gender is unknown"),
        ("care is due", "the value due is unknown; near it: off, on"),
        ("life loyal", "expected `is`, not loyal"),
        ("life is not", "nothing stands after is not"),
        ("consent mail is subscribed", "consent of mail is unknown; near it: email"),
        ("consent email is yes", "the value yes is unknown"),
        ("order_days = 3", "after order_days = is unknown"),
        ("order_days > many", "expected a number from 0, not many"),
        ("order_days > 3 days", "did not expect days"),
        ("gp2_to_date > -5", "expected a number from 0, not -5"),
        ("return_share > 20", "return_share is a share from 0 to 1, not 20"),
        ("p_30d > 0.5", "a chance is compared with the store's mean, as in `p_30d > 2 x base`"),
        ("p_31d > 2 x base", "the word p_31d is unknown; near it: p_30d"),
        ("p_12h > 2 x base", "the word p_12h is unknown"),
        ("clv_gp2_365 > 500", "expected a rank, as in `clv_gp2_365 in top 5 %`"),
        ("clv_gp2_365 in top 0 %", "a top share is above 0 %"),
        ("", "the word nothing is unknown"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_line_and_what_is_near_it(condition: str, says: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        catalogue_with("order_days >= 1", condition)

    line = len(TEXT.splitlines()) + (8 if condition else 6)
    assert f"catalogue line {line}: own:mine.when: {condition!r}: " in str(refusal.value)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[own.mine]", "[own.Mine]", "own:Mine: a name is of a-z, 0-9 and -"),
        ("[own.mine]", "[own.life]", "own:life: a name is of a-z, 0-9 and -, and no family's"),
        ("[own.mine]", f"[own.{'m' * 32}]", "a tag has at most 40 characters"),
        ("[own.mine]", "[mine]", "mine: unknown family"),
        ('flow = "A letter"', "", "own:mine.flow: is missing"),
        ('flow = "A letter"', 'flow = "A letter"\nfloor = false', "own:mine.floor: cannot be set"),
        ('flow = "A letter"', 'flow = "A letter"\nstarter = true', "own:mine.starter: cannot be set"),
        ('flow = "A letter"', 'flow = "A letter"\nrank = 0.1', "own:mine.rank: unknown key"),
        ("when = [", "when = []\nthen = [", "own:mine.when: must be a list of conditions"),
        ("when = [", "when = [1,", "own:mine.when: must be a list of conditions"),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str, says: str) -> None:
    table = '[own.mine]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = ["life is loyal"]\n'

    with pytest.raises(BadSettings, match=says):
        parse_catalogue(f"{TEXT}\n{table.replace(old, new)}")


def test_what_is_not_a_table_is_refused() -> None:
    with pytest.raises(BadSettings, match="own: a segment of your own is a table"):
        parse_catalogue(f"own = 3\n{TEXT}")


def test_a_verdict_holds_it_says_why_and_is_due_when_it_ends() -> None:
    when = ("order_days >= 5", "days_since_last_order <= 3")
    catalogue, features = catalogue_with(*when), features_of(*GOOD, days=81, shop=FITTED)

    verdict, due_at = reach_verdict(features, FITTED, MODEL, as_of=features.as_of, catalogue=catalogue)

    assert verdict.segments["own:mine"].reason == f"All of this holds: {'; '.join(when)}."
    assert "own:mine" in published_segments(verdict, catalogue)
    assert due_at == GOOD[4].placed_at + 3 * DAY + SECOND


def test_it_counts_among_those_that_are_on() -> None:
    many = "\n".join(
        f'[own.n{n}]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = ["life is loyal"]'
        for n in range(15)
    )

    with pytest.raises(BadSettings, match="21 segments are switched on"):
        parse_catalogue(f"{TEXT}\n{many}")
