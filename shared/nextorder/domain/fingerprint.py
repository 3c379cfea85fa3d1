"""What destinations show of a verdict, as one short text: they are told when it changes."""

from collections.abc import Iterator
from hashlib import sha256

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.events import subjects_of
from nextorder.domain.published import PUBLISHED_HORIZONS, ladder, published_segments, shown_stage, two_digits
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import Scores, Verdict


def fingerprint(verdict: Verdict, catalogue: Catalogue, numbers: Numbers) -> str:
    """
    Hash what destinations show of a verdict, in its published steps, and what they could tell of it.

    What only rides along (model, moment of scoring, consent) does not enter.
    """
    names = published_segments(verdict, catalogue, numbers.shown_as)
    shown = [*names, f"absorbed {verdict.absorbed}"]
    if not verdict.held_out:
        life = verdict.segments.get("life")
        stage = life and (shown_stage(life.value, numbers.shown_as), life.since.isoformat(), life.previous)
        shown += [str(stage), *sorted(subjects_of(verdict, catalogue, numbers))]
        shown += [verdict.incentive, *verdict.affinities]
        shown += [verdict.quality, *verdict.reasons, *map(str, _steps(verdict.scores))]
    return sha256("\n".join(shown).encode()).hexdigest()[:16]


def _steps(scores: Scores | None) -> Iterator[object]:
    if not scores:
        return
    for chance in (*map(scores.p_order.get, PUBLISHED_HORIZONS), scores.p_window):
        yield chance and tuple(map(ladder, (chance.value, chance.lo, chance.hi)))
    worth = scores.clv_gp2_365
    yield worth and tuple(map(two_digits, (worth.value, worth.lo, worth.hi)))
    yield two_digits(scores.gp2_to_date)
    yield from (scores.next_order_p20, scores.next_order_p50, scores.next_order_p80)
    yield from (scores.window_opens, scores.window_closes)
