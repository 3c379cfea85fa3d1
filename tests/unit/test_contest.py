"""Who wins between two models, and what the merchant is told of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.domain.contest import MEASURES, Contest, Pair
from nextorder.domain.model_card import Decision, ModelCard, describe
from nextorder.domain.shop import Window

AT = datetime(2026, 3, 1, tzinfo=UTC)
LEVEL = {"loss_5": 0.9, "loss_30": 0.9, "auc_5": 0.7, "auc_30": 0.7, "bias_30": 0.2, "gini_30": 0.5}


def a_contest(**changes: float) -> Contest:
    """Return one in which the challenger is as good as the champion, but for the changes."""
    figures: Mapping[str, Pair] = {
        name: Pair(champion=level, challenger=level + changes.get(name, 0.0)) for name, level in LEVEL.items()
    }
    return Contest(origins=(AT - timedelta(days=30),), figures=figures)


def test_a_tie_changes_nothing() -> None:
    assert not a_contest().won


def test_less_surprise_and_nothing_worse_wins() -> None:
    assert a_contest(loss_30=-0.001).won
    assert a_contest(loss_5=0.001, loss_30=-0.004).won, "within the slack one of the two may be worse"


@pytest.mark.parametrize("name", MEASURES)
def test_whatever_gets_worse_by_more_than_its_slack_keeps_the_champion(name: str) -> None:
    measure = MEASURES[name]
    worse = -1.01 * measure.slack if measure.more_is_better else 1.01 * measure.slack
    within = 0.98 * worse

    assert not a_contest(**{"loss_30": -0.1, name: worse}).won
    assert a_contest(**{"loss_5": -0.1, "loss_30": -0.1, name: within}).won
    assert a_contest(**{"loss_5": -0.1, "loss_30": -0.1, name: worse}).lost_on == (name,)


def test_what_chance_may_do_keeps_nobody() -> None:
    noisy = a_contest(loss_30=-0.1, auc_30=-0.02)
    auc = noisy.figures["auc_30"]

    assert not noisy.won
    assert not replace(noisy, figures={**noisy.figures, "auc_30": replace(auc, noise=0.009)}).won
    assert replace(noisy, figures={**noisy.figures, "auc_30": replace(auc, noise=0.011)}).won


def test_without_a_figure_that_decides_nobody_wins() -> None:
    only_auc = {"auc_30": Pair(champion=0.6, challenger=0.9)}

    assert not Contest(origins=(AT,), figures=only_auc).won


CARD = ModelCard(at=AT, decision=Decision.KEPT, customers=1_200, second_orders=300, champion="old")


@pytest.mark.parametrize(
    ("card", "words"),
    [
        (replace(CARD, decision=Decision.TOO_SMALL, second_orders=12), "fewer than 50 second orders"),
        (
            replace(CARD, decision=Decision.TOO_YOUNG, champion_at=AT - timedelta(days=3)),
            "from 2026-03-28 on it can be",
        ),
        (CARD, "no better than the one in force"),
        (replace(CARD, contest=a_contest(auc_5=-0.1)), "would be worse in what is marked"),
        (replace(CARD, decision=Decision.PROPOSED, changed_share=0.234), "show 23% of customers elsewhere"),
        (replace(CARD, decision=Decision.PROMOTED), "the store had none of its own"),
        (
            replace(CARD, decision=Decision.PROMOTED, contest=a_contest(loss_5=-0.1), window=Window(days=80)),
            "it forecast better and was worse in nothing",
        ),
    ],
)
def test_a_card_says_in_words_what_became_of_it(card: ModelCard, words: str) -> None:
    assert words in "\n".join(describe(card))


def test_a_card_says_what_was_looked_at_and_marks_what_got_worse() -> None:
    card = replace(CARD, sampled=500, first_order_at=AT, contest=a_contest(auc_5=-0.1))

    said = describe(card)

    assert said[0] == (
        "looked at on 2026-03-01: 1200 customers, the first order on 2026-03-01; 300 have ordered again"
    )
    assert said[1].startswith("a sample of 500")
    assert [line for line in said if "<- worse" in line] == [
        "  telling buyers of 5 days from the others: 0.700, 0.600 (more is better)  <- worse"
    ]
