"""Sizes through time: who stands where now is what the tags say, and every month ends where it does."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.holdout import held_out
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.report.sizes import MONTHS, month_ends, sizes, sizes_at
from nextorder.report.store import Store
from tests.report.tables import records

EVERY = 5
SECOND = timedelta(seconds=1)


def family(verdicts: list[Verdict], name: str) -> Counter[str]:
    return Counter(one.segments[name].value for one in verdicts if name in one.segments)


def verdicts_at(store: Store, moment: datetime) -> list[Verdict]:
    known = [one for one in store.everyone if not one.order_days or one.order_days[0].at <= moment]
    return [
        reach_verdict(
            replace(one, as_of=moment),
            store.shop,
            store.told.model,
            as_of=moment,
            catalogue=store.catalogue,
        )[0]
        for one in known
    ]


def test_the_sizes_of_now_are_those_of_the_verdicts(store: Store) -> None:
    some = replace(store, everyone=store.everyone[::EVERY])
    life, risk = sizes_at(some, [store.as_of])[0]

    verdicts = verdicts_at(some, store.as_of)
    assert (life, risk) == (family(verdicts, "life"), family(verdicts, "risk"))


def test_the_sizes_of_a_month_that_has_passed_are_those_of_the_verdicts_then(store: Store) -> None:
    some = replace(store, everyone=[one for one in store.everyone[::EVERY] if one.order_days])
    moment = month_ends(store)[7]
    life, risk = sizes_at(some, [moment])[0]

    verdicts = verdicts_at(some, moment)
    del life["prospect"]
    assert (life, risk) == (family(verdicts, "life"), family(verdicts, "risk"))


def test_why_tags_count_otherwise_is_said_with_how_many_are_held_out(store: Store) -> None:
    held = sum(held_out(store.shop.gid, one.customer, store.shop.holdout_share) for one in store.everyone)

    says = sizes(store).says
    assert f"{held} of all these are held out and have none" in says
    none = replace(store.shop, holdout_share=Decimal())
    assert "held out" not in sizes(replace(store, shop=none)).says


def test_everyone_who_is_placed_is_counted_once_at_every_moment(store: Store) -> None:
    moments = month_ends(store)
    told = sizes_at(store, moments)

    for moment, (life, _) in zip(moments, told, strict=True):
        ordered = sum(one.order_days[0].at <= moment for one in store.buyers)
        assert life.total() - life["prospect"] == ordered
    picture = sizes(store)
    days = [row["day"] for row in records(picture)]
    assert len(set(days)) == len(moments)
    now = records(picture, day=days[-1], family="life")
    assert Counter({row["segment"]: row["customers"] for row in now}) == told[0][0]
    assert picture.n == told[0][0].total()


@given(
    days=st.floats(0, 2_000),
    zone=st.sampled_from(["UTC", "Europe/London", "America/New_York", "Pacific/Apia", "Asia/Kolkata"]),
)
def test_a_month_ends_a_second_before_the_shops_next_one(sample_store: Store, days: float, zone: str) -> None:
    as_of = (datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=days)).replace(microsecond=0)
    shop = replace(sample_store.shop, timezone=zone)
    old = [replace(one, known_since=datetime(2010, 1, 1, tzinfo=UTC)) for one in sample_store.everyone[:1]]

    now, *ends = month_ends(replace(sample_store, shop=shop, as_of=as_of, everyone=old))

    assert now == as_of
    assert len(ends) == MONTHS
    for end in ends:
        local = (end + SECOND).astimezone(ZoneInfo(zone))
        assert (local.day, local.hour, local.minute, local.second) == (1, 0, 0, 0)
    assert sorted(ends, reverse=True) == ends


def test_a_store_is_not_looked_at_before_anybody_was_known(store: Store) -> None:
    first = min(one.known_since for one in store.everyone if one.known_since)
    young = replace(store, as_of=first + timedelta(days=2))

    assert month_ends(replace(young, everyone=[])) == [young.as_of]
    assert all(first <= moment for moment in month_ends(store)[1:])


def test_the_sentence_tells_now_and_a_year_ago_and_whose_rules(store: Store) -> None:
    says = sizes(store).says

    assert f"today's window of {store.shop.numbers.window.days} days" in says
    life, _ = sizes_at(store, [store.as_of])[0]
    assert f"{life['missed']} missed it" in says
    assert "2025" in says


@pytest.mark.parametrize("many", [0, 1])
def test_a_store_of_nobody_and_of_one_can_be_told(store: Store, many: int) -> None:
    picture = sizes(replace(store, everyone=store.everyone[:many]))

    assert picture.n == many
