"""Why a customer is where they are, in words and numbers for a marketing person."""

from collections.abc import Mapping, Sequence
from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.currency import why_unranked
from nextorder.domain.features import Features
from nextorder.domain.phrases import day_in_words
from nextorder.domain.published import WINDOW_HORIZON, ladder
from nextorder.domain.reasons_habits import reasons_of_habits
from nextorder.domain.reasons_live import PRIOR, live_reasons
from nextorder.domain.reasons_ranks import LOSS, of_champion, of_tier
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Segment
from nextorder.domain.withholding import NOT_SAID

MOST_REASONS: Final = 3
FIRST: Final = ("life", "risk", "care", "cart", "buy", "replenish", "value")
LAST: Final = ("love", "returns", "promo", "reach", "overstock")
KEPT_STEP: Final = 5
ONE_IN_TEN: Final = 0.1
HOLD: Final = "In the holdout group: nothing else is published, so that the programme can be measured."


def reasons_by_family(
    segments: Mapping[str, Segment],
    features: Features,
    shop: Shop,
    scores: Scores | None,
    catalogue: Catalogue,
    buyer: Buyer | None = None,
) -> Mapping[str, str]:
    """Say why, family by family: in dates and coarse steps, so that the text rarely moves."""
    found: dict[str, str] = {}
    if life := segments.get("life"):
        found["life"] = (
            of_champion(len(features.order_days), buyer, catalogue)
            if life.value == "champion"
            else _life(life, features, shop)
        )
    if "risk" in segments and scores:
        found["risk"] = (
            f"The chance that they order in the next {shop.numbers.window.days} days is "
            f"{_kept(scores.chance_kept)} of what it was right after their last order."
        )
    if value := segments.get("value"):
        found["value"] = of_tier(value.value, buyer, catalogue)
    if "hold" in segments:
        found["hold"] = HOLD
    live = live_reasons(segments, shop, catalogue, scores.marked_days if scores else ())
    habits = reasons_of_habits(segments, features, shop)
    return found | dict(live) | dict(habits) | _own(segments, catalogue)


def _own(segments: Mapping[str, Segment], catalogue: Catalogue) -> dict[str, str]:
    """Say the conditions of a merchant's own segments."""
    entries = {name: catalogue.entry(name) for name in segments if name in catalogue.own}
    return {name: f"All of this holds: {entry.rests_on}." for name, entry in entries.items() if entry}


def up_to_three(
    by_family: Mapping[str, str], features: Features, shop: Shop, scores: Scores | None, offer: str = ""
) -> tuple[str, ...]:
    """
    Choose what a verdict says of itself, the three that matter most.

    Life and risk, then what asks for something to be done now, value and the chance of an order,
    its offer, and habits last: they change least. Where the calendar has a say, or another currency,
    that is always told; a loss never is, to anybody who serves the customer.
    """
    chance = _chance(scores, shop) if scores else ""
    allowing = _allowing(scores.marked_days) if scores else ()
    urgent, lasting = (_of_families(by_family, families) for families in (FIRST, LAST))
    money = (features.unpriced or why_unranked(shop)) if features.order_days else ""
    said = [features.withheld, *urgent, chance, offer, *lasting]
    told = [reason for reason in said if reason and reason != LOSS]
    always = [*allowing, *([money or features.converted] if money or features.converted else [])]
    return (*told[: MOST_REASONS - len(always)], *always)


def _allowing(marked_days: Sequence[str]) -> tuple[str, ...]:
    if not marked_days:
        return ()
    return (f"The chances within 12 hours and 5 days allow for {', '.join(marked_days)}.",)


def _of_families(by_family: Mapping[str, str], families: Sequence[str]) -> list[str]:
    """Return the reasons of families, in their order; of several values of one in theirs."""
    return [why for one in families for key, why in by_family.items() if key.partition(":")[0] == one]


def _life(life: Segment, features: Features, shop: Shop) -> str:
    days = features.order_days
    if life.value == "prospect":
        return f"They signed up on {day_in_words(life.since, shop)} and have not ordered yet."
    if life.value == "subscriber":
        return f"Their subscription has renewed since {day_in_words(life.since, shop)}."
    if life.value not in ("repeat", "loyal"):
        return (
            f"They ordered on one day, {day_in_words(days[0].at, shop)}; four of five second orders "
            f"come within {shop.numbers.window.days} days."
        )
    if not days or features.missing_orders:
        return f"Shopify counts {features.shopify_orders} orders of theirs."
    return f"They have ordered on {len(days)} days, the last time on {day_in_words(days[-1].at, shop)}."


def _kept(chance_kept: float) -> str:
    """Count in whole steps of five: a finer number would change the text every few days."""
    steps = int(chance_kept * 100 / KEPT_STEP)
    return f"about {steps * KEPT_STEP} %" if steps else f"less than {KEPT_STEP} %"


def _chance(scores: Scores, shop: Shop) -> str:
    closes = scores.window_closes
    chance = None if WINDOW_HORIZON in shop.withheld else scores.p_window
    by = f"by {day_in_words(closes, shop)}" if chance and closes else "within 30 days"
    if chance is None and "30" in shop.withheld:
        return NOT_SAID
    chance = chance or scores.p_order["30"]
    people = 100 if chance.value >= ONE_IN_TEN else 1_000
    value, low, high = (round(ladder(p) * people) for p in (chance.value, chance.lo, chance.hi))
    if not value:
        return ""
    told = PRIOR if scores.prior else f"in the past it was between {low} and {high}, four times out of five"
    return f"Of {people:,} customers like this one about {value} order {by}; {told}."
