"""Life, from prospect to champion: the ways in, the ways out, since when, and what came before."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.domain.facts import OrderCount, OrderKind, StoredFact
from nextorder.domain.shop import Numbers
from tests.unit.shop_cases import (
    DAY,
    GOOD,
    NUMBERS,
    ONE,
    SECOND,
    SHOP,
    START,
    a_consent,
    a_refund,
    a_sign_up,
    an_order,
    standing,
    values,
    verdict_at,
    verdict_of,
)


def test_consent_makes_a_prospect_and_the_first_order_ends_it() -> None:
    prospect, due_at = verdict_of(a_sign_up(-9), a_consent(-9), days=-1)
    new, _ = verdict_of(a_sign_up(-9), a_consent(-9), *ONE, days=1)

    assert standing(prospect) == {"life": ("prospect", START - 9 * DAY, "")}
    assert due_at is None
    assert standing(new)["life"] == ("new", START, "prospect")


def test_without_consent_known_nobody_is_a_prospect() -> None:
    assert values(verdict_of(a_sign_up(-9), days=-1)[0]) == {}


@pytest.mark.parametrize(
    ("days", "value", "began", "previous"),
    [
        (0, "new", 0, ""),
        (32, "new", 0, ""),
        (33, "second-window", 32, "new"),
        (112, "second-window", 32, "new"),
        (113, "closing", 112, "second-window"),
        (160, "closing", 112, "second-window"),
        (161, "missed", 160, "closing"),
        (2_000, "missed", 160, "closing"),
    ],
)
def test_one_order_ages_through_shares_of_the_window(
    days: int, value: str, began: int, previous: str
) -> None:
    verdict, _ = verdict_of(*ONE, days=days)

    since = START + began * DAY + (SECOND if began else timedelta())
    assert standing(verdict)["life"] == (value, since, previous)


def test_order_days_make_repeat_and_loyal_whatever_the_risk() -> None:
    modest = [an_order(60 * n, 1_000) for n in range(5)]

    assert standing(verdict_of(*modest[:2], days=60)[0])["life"] == (
        "repeat",
        START + 60 * DAY,
        "second-window",
    )
    assert standing(verdict_of(*modest[:3], days=900)[0])["life"][:2] == ("repeat", START + 60 * DAY)
    assert standing(verdict_of(*modest, days=900)[0])["life"] == ("loyal", START + 180 * DAY, "repeat")


def test_the_shop_says_how_many_order_days_are_loyal() -> None:
    shop = replace(SHOP, loyal_order_days=6)

    assert (
        values(verdict_of(*[an_order(60 * n, 1_000) for n in range(5)], days=241, shop=shop)[0])["life"]
        == "repeat"
    )


def test_a_champion_stays_until_the_harder_way_out() -> None:
    verdict, due_at = verdict_of(*GOOD, days=80)
    assert standing(verdict)["life"] == ("champion", START + 20 * DAY, "new")

    kept_as_champion = []
    while due_at and values(verdict)["life"] == "champion":
        assert verdict.scores is not None
        kept_as_champion.append(verdict.scores.chance_kept)
        left_at = due_at
        verdict, due_at = verdict_at(*GOOD, as_of=left_at)

    assert 0.47 < min(kept_as_champion) < 0.5
    assert standing(verdict)["life"] == ("loyal", left_at, "champion")
    assert verdict.scores is not None
    assert verdict.scores.chance_kept == pytest.approx(0.47, abs=1e-5)


def test_a_refund_places_a_fading_champion_by_the_way_in() -> None:
    fading = 80 + next(d for d in range(1, 400) if kept(d) < 0.5)
    refund = a_refund(GOOD[0], fading, 1)

    assert values(verdict_of(*GOOD, days=fading)[0])["life"] == "champion"
    assert standing(verdict_of(*GOOD, refund, days=fading)[0])["life"] == (
        "loyal",
        START + fading * DAY,
        "champion",
    )


def kept(days_since_last_order: int) -> float:
    scores = verdict_of(*GOOD, days=80 + days_since_last_order)[0].scores
    assert scores is not None
    return scores.chance_kept


def test_much_returning_makes_no_champion() -> None:
    returns = [a_refund(order, 81, 9_000) for order in GOOD]

    assert values(verdict_of(*GOOD, *returns, days=81)[0])["life"] == "loyal"


@pytest.mark.parametrize(
    "numbers", [replace(NUMBERS, clv_ranks={}), replace(NUMBERS, clv_ranks={"0.1": 15_000}), Numbers()]
)
def test_without_frozen_ranks_there_are_no_champions(numbers: Numbers) -> None:
    verdict, _ = verdict_of(*GOOD, days=80, shop=replace(SHOP, numbers=numbers))

    assert values(verdict)["life"] == "loyal"
    assert "value" not in values(verdict)


def test_a_truncated_customer_is_placed_by_shopifys_count() -> None:
    def counted(orders: int) -> OrderCount:
        return OrderCount(customer="7", orders=orders, updated_at=START)

    assert values(verdict_of(*ONE, counted(2), days=20)[0])["life"] == "repeat"
    assert values(verdict_of(*ONE, counted(9), days=900)[0])["life"] == "loyal"
    assert values(verdict_of(a_consent(-1), counted(1), days=20)[0]) == {}
    assert values(verdict_of(a_consent(-1), counted(5), days=20)[0]) == {"life": "loyal"}


def test_a_subscriber_has_no_risk_until_the_renewals_stop() -> None:
    facts: list[StoredFact] = [*GOOD, *(an_order(90 + 30 * n, kind=OrderKind.RENEWAL) for n in range(8))]
    until = START + (90 + 30 * 7 + 45) * DAY

    during, due_at = verdict_of(*facts, days=305)
    after, _ = verdict_at(*facts, as_of=until)

    assert values(during)["life"] == "subscriber"
    assert "risk" not in values(during)
    assert standing(during)["life"][1:] == (START + 90 * DAY, "champion")
    assert due_at is not None
    assert due_at <= until
    assert standing(after)["life"] == ("loyal", until, "subscriber")
    assert standing(after)["risk"][1:] == (until, "")


def test_only_renewals_make_a_subscriber_and_no_prospect() -> None:
    facts: list[StoredFact] = [a_consent(-5), *(an_order(30 * n, kind=OrderKind.RENEWAL) for n in range(3))]

    assert values(verdict_of(*facts, days=61)[0]) == {"life": "subscriber"}
    assert values(verdict_of(*facts, days=400)[0]) == {}
