"""From where on a history carries what rests on it: one bound for the fit that withholds and the audit."""

from typing import Final

from nextorder.domain.phrases import in_percent
from nextorder.domain.shop import Costs

LEAST_DAYS: Final = 180
"""Of history: of less than half a year nobody can tell what a year will bring."""
MOST_GUESSED: Final = 0.3
"""Of the revenue of goods: with more of their costs guessed, ranks by profit are ranks by that guess."""
MOST_BARE: Final = 0.6
"""Of refunds that name no line: with more, what came back is not known."""


def is_margin_told(costs: Costs) -> bool:
    """Whether the merchant has put a margin of their own in place of the packaged one."""
    return costs.default_margin != Costs().default_margin


def why_no_value(history_days: float, guessed: float) -> str:
    """
    Say why nobody is ranked by what they are worth; empty = they are.

    `guessed` is the share of the revenue of goods of which neither a cost nor any margin was told.
    """
    if history_days < LEAST_DAYS:
        return (
            f"The history is {history_days:.0f} days long: a year's profit takes {LEAST_DAYS} days to tell."
        )
    if guessed > MOST_GUESSED:
        told, needed = in_percent(1 - guessed), in_percent(1 - MOST_GUESSED)
        return f"Costs or margins are told of {told} of what was sold: it takes {needed}."
    return ""


def why_no_returns(bare: int, refunds: int) -> str:
    """Say why nobody is told to send much back; empty = somebody may be."""
    if refunds and bare > MOST_BARE * refunds:
        return f"{bare} of {refunds} refunds do not say what came back."
    return ""
