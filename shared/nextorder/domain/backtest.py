"""A forecast of the past laid beside what came: the figures, the rules, and a plain verdict."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from nextorder.domain.model_card import LEAST_SECOND_ORDERS

LEAST_EVENTS: Final = 30
"""With fewer orders a horizon cannot be judged."""
LEAST_HISTORY_DAYS: Final = 90
LEAST_GROUPS: Final = 5
"""Of about 200 customers: with fewer their coverage says nothing."""
LONGEST_JUDGED_DAYS: Final = 30.0
"""At least one horizon as long as this must have been judged."""
FAIR: Final = (0.8, 1.25)
"""Forecast over happened within which totals can be planned with."""
TOLERABLE: Final = (0.67, 1.5)
"""Outside of it a horizon is not to be used at all."""
LEAST_COVERAGE: Final = 0.7
"""Of ranges that promise 80 %."""
TOP: Final = 0.20
_MOST_DIGITS: Final = 6
WHOSE: Final[Mapping[str, str]] = {"all": "of everyone", "top_decile": "of the top tenth"}


class Use(StrEnum):
    """What to do with the forecasts."""

    USE = "use"
    WITH_CARE = "use with care"
    NOT_ENOUGH = "not enough data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenth:
    """A tenth of the customers by their chance."""

    n: int
    said: float
    lo: float
    hi: float
    """80 % range of the rate of such customers, as it was said."""
    happened: float
    happened_lo: float
    happened_hi: float
    """80 % range of the rate that so few customers leave open (Wilson)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """How one horizon's chances did."""

    days: float
    n: int
    expected: float
    """Customers who were to order."""
    happened: int
    tenths: tuple[Tenth, ...] = ()
    """The least likely first."""
    loss: float = 1.0
    """Log loss in units of the entropy of what happened: 1 is as good as knowing the base rate."""
    auc: float = 0.5
    slope: float = 1.0
    lift: float = 1.0
    """The likeliest tenth's rate over everyone's."""
    groups: int = 0
    """Of about 200 customers alike."""
    covered: int = 0
    """Of these, where the rate came to lie in the range."""

    @property
    def ratio(self) -> float:
        """Forecast over happened."""
        return self.expected / max(self.happened, 1)

    @property
    def is_judged(self) -> bool:
        """Whether enough happened, and enough did not, to tell."""
        return LEAST_EVENTS <= self.happened < self.n

    @property
    def coverage(self) -> float | None:
        """Share of groups in their range; None with too few."""
        return self.covered / self.groups if self.groups >= LEAST_GROUPS else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """The share of all money that the top 20 % by a ranking brought."""

    ranking: str
    share: float
    ahead: float = 0.0
    """By how much ours is ahead of it."""
    ahead_lo: float = 0.0
    ahead_hi: float = 0.0
    """80 % range over resamples of the customers."""
    n: int = 0
    """Customers whom it ranks; ours is compared on these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """Had it been on since then."""

    as_of: datetime
    until: datetime
    """Up to where what came is known."""
    customers: int
    orders_changed: int = 0
    """Of before that day which were changed after it: of them not everything is known as it was."""
    second_orders: int
    """As known then."""
    history_days: float
    model: str
    horizons: tuple[Horizon, ...]
    money: str
    """What is captured: gross profit 2, or net revenue where the file knows no costs."""
    money_days: float = 0.0
    captures: tuple[Capture, ...] = ()
    """Ours first."""
    best_share: float = 0.0
    """What the top 20 % brought who could be known only afterwards."""
    spend_covered: Mapping[str, float] = field(default_factory=dict)
    """Whose own spend came to lie in its 80 % range: of all, and of the top decile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One rule, and whether it holds."""

    rule: str
    found: str
    holds: bool
    amiss: str = ""
    """What was wrong where it does not hold, for who does not know the rules."""


def verdict(told: Backtest) -> tuple[Use, tuple[Check, ...]]:
    """Return what to do and why: no use without enough data, and care where any rule is broken."""
    enough = tuple(_enough(told))
    if not all(check.holds for check in enough):
        return Use.NOT_ENOUGH, enough
    rules = (*enough, *_rules(told))
    return (Use.USE if all(check.holds for check in rules) else Use.WITH_CARE), rules


def not_to_use(told: Backtest) -> Sequence[float]:
    """Return the horizons, in days, whose totals were too far off for any use."""
    low, high = TOLERABLE
    return [one.days for one in told.horizons if one.is_judged and not low <= one.ratio <= high]


def _beside(found: float, bounds: Sequence[float], *, digits: int) -> str:
    """Write a number to `digits` decimals, to more where it would read as a bound that it is only near to."""
    while digits < _MOST_DIGITS and any(
        found != bound and f"{found:.{digits}f}" == f"{bound:.{digits}f}" for bound in bounds
    ):
        digits += 1
    return f"{found:.{digits}f}"


def _enough(told: Backtest) -> Iterator[Check]:
    yield Check(
        rule=f"at least {LEAST_SECOND_ORDERS} customers had ordered again",
        found=f"{told.second_orders}",
        holds=told.second_orders >= LEAST_SECOND_ORDERS,
    )
    yield Check(
        rule=f"at least {LEAST_HISTORY_DAYS} days of history before",
        found=f"{told.history_days:.0f}",
        holds=told.history_days >= LEAST_HISTORY_DAYS,
    )
    longest = max((one.days for one in told.horizons if one.is_judged), default=0.0)
    yield Check(
        rule=f"a horizon of {LONGEST_JUDGED_DAYS:g} days or more came to its end with {LEAST_EVENTS} orders",
        found=f"{longest:g} days" if longest else "none",
        holds=longest >= LONGEST_JUDGED_DAYS,
    )


def _rules(told: Backtest) -> Iterator[Check]:
    low, high = FAIR
    for one in told.horizons:
        if not one.is_judged:
            continue
        yield Check(
            rule=f"{one.days:g} d: forecast over happened within {low:g} to {high:g}",
            found=_beside(one.ratio, FAIR, digits=2),
            holds=low <= one.ratio <= high,
            amiss=f"{abs(one.ratio - 1):.0%} {'fewer' if one.ratio < 1 else 'more'} were expected than "
            f"ordered within {one.days:g} days",
        )
        yield Check(
            rule=f"{one.days:g} d: better than knowing how many order (below 1)",
            found=_beside(one.loss, (1,), digits=3),
            holds=one.loss < 1,
            amiss=f"the chances of {one.days:g} days told no more than how many order in all",
        )
        if one.coverage is not None:
            yield Check(
                rule=f"{one.days:g} d: at least {LEAST_COVERAGE:.0%} of groups in their range",
                found=f"{one.covered} of {one.groups}",
                holds=one.coverage >= LEAST_COVERAGE,
                amiss=f"the ranges of {one.days:g} days held for {one.covered} of {one.groups} groups only",
            )
    for whose, share in told.spend_covered.items():
        yield Check(
            rule=f"own spend in its range for at least {LEAST_COVERAGE:.0%}, {WHOSE[whose]}",
            found=f"{_beside(100 * share, (100 * LEAST_COVERAGE,), digits=0)}%",
            holds=share >= LEAST_COVERAGE,
            amiss=f"{share:.0%} {WHOSE[whose]} spent as much as their own range said, where it should be 80%",
        )
    for other in told.captures[1:]:
        yield Check(
            rule=f"the top {TOP:.0%} bring no less than those by {other.ranking}",
            found=f"{other.ahead:+.1%} [{other.ahead_lo:+.1%} to {other.ahead_hi:+.1%}]",
            holds=other.ahead_hi >= 0,
            amiss=f"the customers whom {other.ranking} puts first brought more than those put first here",
        )
