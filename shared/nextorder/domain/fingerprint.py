"""What destinations show of a verdict, as one short text: they are told when it changes."""

from collections.abc import Iterator
from hashlib import sha256

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.events import subjects_of
from nextorder.domain.published import (
    PUBLISHED_HORIZONS,
    ladder,
    published_segments,
    shop_day,
    shown_stage,
    two_digits,
    without_withheld,
    worth_telling,
)
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Verdict


def fingerprint(verdict: Verdict, catalogue: Catalogue, shop: Shop) -> str:
    """
    Hash what destinations show of a verdict, in its published steps, and what they could tell of it.

    What only rides along (model, moment of scoring, consent, the ends of a range) does not enter.
    """
    numbers, verdict = shop.numbers, without_withheld(verdict, shop)
    names = published_segments(verdict, catalogue, numbers.shown_as)
    shown = [*names, f"absorbed {verdict.absorbed}"]
    if not verdict.held_out:
        life = verdict.segments.get("life")
        stage = life and (shown_stage(life.value, numbers.shown_as), life.since.isoformat(), life.previous)
        shown += [str(stage), *sorted(subjects_of(verdict, catalogue, numbers))]
        shown += [verdict.incentive, *verdict.affinities, verdict.currency]
        shown += [verdict.quality, *verdict.reasons, *map(str, _steps(verdict.scores, shop))]
    return sha256("\n".join(shown).encode()).hexdigest()[:16]


def _steps(scores: Scores | None, shop: Shop) -> Iterator[object]:
    """
    Return what is worth telling anew.

    A range goes with its value, and an expected amount is told anew when it moves by a step of
    the ladder: two digits of a number that shrinks each day would be told anew almost every week.
    """
    if not scores:
        return
    for chance in (*map(scores.p_order.get, PUBLISHED_HORIZONS), scores.p_window):
        yield chance and ladder(chance.value)
    yield scores.clv_gp2_365 and worth_telling(scores.clv_gp2_365.value)
    yield scores.gp2_to_date and two_digits(scores.gp2_to_date)
    moments = (scores.next_order_p20, scores.next_order_p50, scores.next_order_p80)
    for moment in (*moments, scores.window_opens, scores.window_closes):
        yield moment and shop_day(moment, shop.zone)
