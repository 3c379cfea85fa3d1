"""Two models, judged on the same past: by what, by how much, and which of them is the better one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure that a model must not lose on."""

    words: str
    slack: float
    """So much worse is still as good."""
    more_is_better: bool = False


MEASURES: Final[Mapping[str, Measure]] = {
    "loss_5": Measure(words="surprise at who orders within 5 days", slack=0.002),
    "loss_30": Measure(words="surprise at who orders within 30 days", slack=0.002),
    "auc_5": Measure(words="telling buyers of 5 days from the others", slack=0.002, more_is_better=True),
    "auc_30": Measure(words="telling buyers of 30 days from the others", slack=0.002, more_is_better=True),
    "bias_30": Measure(words="error in the number of buyers of 30 days", slack=0.10),
    "gini_30": Measure(words="ranking by spend of 30 days", slack=0.01, more_is_better=True),
}
"""
Log loss in units of the base rate's entropy, where 0.2 % is a tie in every comparison of ours; AUC;
|log of expected over true|, whose tenth is well within what one month does to any model; rank
Gini of spend over that of a perfect order.
"""
DECIDING: Final = ("loss_5", "loss_30")
SURE_OF: Final = 2.0
"""Standard errors beyond which a difference is not taken for chance: one in twenty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What the model in force reached, and what its challenger did."""

    champion: float
    challenger: float
    noise: float = 0.0
    """Standard error of the difference: what another draw of as many customers might say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """The figures, means over the origins; key = one of MEASURES, absent where nothing could be judged."""

    origins: tuple[datetime, ...]
    figures: Mapping[str, Pair]

    @property
    def lost_on(self) -> tuple[str, ...]:
        """What the challenger is worse in: by more than the measure's slack, and than chance explains."""
        return tuple(
            name for name, pair in self.figures.items() if -_gain(name, pair) > _forgiven(name, pair)
        )

    @property
    def won(self) -> bool:
        """Whether the challenger is worse in nothing, and less surprised by who ordered."""
        decided = [_gain(name, self.figures[name]) for name in DECIDING if name in self.figures]
        return bool(decided) and fmean(decided) > 0 and not self.lost_on


def _gain(name: str, pair: Pair) -> float:
    more = pair.challenger - pair.champion
    return more if MEASURES[name].more_is_better else -more


def _forgiven(name: str, pair: Pair) -> float:
    return max(MEASURES[name].slack, SURE_OF * pair.noise)
