"""What a training found and decided, for the merchant to read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from nextorder.domain.contest import MEASURES, Contest
from nextorder.domain.shop import Numbers, Window
from nextorder.domain.withholding import taken_in_words

LEAST_SECOND_ORDERS: Final = 50
"""With fewer a store's own model says little that the prior does not, and nothing that could be judged."""
JUDGED_AFTER: Final = timedelta(days=30)
"""So old a model is judged by a whole month that it has not seen."""


class Decision(StrEnum):
    """What became of a training."""

    TOO_SMALL = "too-small"
    TOO_YOUNG = "too-young"
    KEPT = "kept"
    PROMOTED = "promoted"
    PROPOSED = "proposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """One training; counts are the shop's, also where a sample stood for it."""

    at: datetime
    decision: Decision
    customers: int
    second_orders: int
    first_order_at: datetime | None = None
    sampled: int = 0
    """Customers who stood for all; 0 = all of them were looked at."""
    model: str = ""
    """Name of the fitted model; empty where none was fitted."""
    champion: str = ""
    """Name of the model in force until then; empty = the bundled prior."""
    champion_at: datetime | None = None
    contest: Contest | None = None
    window: Window | None = None
    changed_share: float | None = None
    """Customers who would be shown in other segments, of all."""
    taken: Mapping[str, str] = field(default_factory=dict)
    """Segments that are shown and would be withheld -> why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Former:
    """Numbers that were in force, with the name of their model, to go back to."""

    numbers: Numbers
    catalogue: str
    """The one that they were frozen for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A model that would move too many customers to be put in force unasked."""

    card: ModelCard
    numbers: Numbers
    catalogue: str
    """The one that the numbers were frozen for."""
    replaces: datetime | None
    """When the numbers were frozen that these would replace."""


def describe(card: ModelCard) -> list[str]:
    """Put a card in words."""
    return [*_data(card), *_compared(card), *_outcome(card)]


def _data(card: ModelCard) -> Iterator[str]:
    since = f", the first order on {card.first_order_at:%Y-%m-%d}" if card.first_order_at else ""
    yield (
        f"looked at on {card.at:%Y-%m-%d}: {card.customers} customers{since}; "
        f"{card.second_orders} have ordered again"
    )
    if card.sampled:
        yield f"a sample of {card.sampled} of them, drawn by their ids, stood for all"


def _compared(card: ModelCard) -> Iterator[str]:
    if card.contest is None:
        return
    dates = ", ".join(f"{origin:%Y-%m-%d}" for origin in card.contest.origins)
    yield f"compared on the 30 days after {dates}, which neither had seen: in force, new"
    for name, pair in card.contest.figures.items():
        measure = MEASURES[name]
        better = "more" if measure.more_is_better else "less"
        worse = "  <- worse" if name in card.contest.lost_on else ""
        yield f"  {measure.words}: {pair.champion:.3f}, {pair.challenger:.3f} ({better} is better){worse}"


def _outcome(card: ModelCard) -> Iterator[str]:
    match card.decision:
        case Decision.TOO_SMALL:
            yield (
                f"nothing changed: with fewer than {LEAST_SECOND_ORDERS} second orders what is known of "
                "stores in general tells more than your own past; it will be replaced once there are enough"
            )
        case Decision.TOO_YOUNG if card.champion_at:
            yield (
                "nothing changed: the model in force is too new to be judged; "
                f"from {card.champion_at + JUDGED_AFTER:%Y-%m-%d} on it can be"
            )
        case Decision.KEPT if card.contest and card.contest.lost_on:
            yield "nothing changed: a new model would be worse in what is marked"
        case Decision.KEPT:
            yield "nothing changed: a new model would forecast no better than the one in force"
        case Decision.PROPOSED:
            yield f"waits for you: it would show {card.changed_share or 0:.0%} of customers elsewhere"
            yield from taken_in_words(card.taken)
        case _:
            yield from _promoted(card)


def _promoted(card: ModelCard) -> Iterator[str]:
    why = "it forecast better and was worse in nothing" if card.contest else "the store had none of its own"
    yield f"put in force: {why}; the thresholds of the segments were taken anew"
    if card.window:
        yield (
            f"what it means: four of five second orders come within {card.window.days} days, "
            "so a customer with one order is waited for until then"
        )
