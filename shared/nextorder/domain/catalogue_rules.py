"""What a catalogue file may say: all segments that can be placed, their keys, which numbers fit together."""

from collections.abc import Mapping
from itertools import pairwise
from math import inf

from nextorder.domain.own_words import SWITCH

LIFE_BY_AGE = ("new", "second-window", "closing")
RISKS = ("cooling", "at-risk", "lost")
TIERS = ("platinum", "gold", "silver", "bronze")

RANKS = ("clv_rank", "clv_rank_out")
CHANCE_RANKS = ("rank", "rank_out")
_RISK = ("chance_kept", "refit_back")
THRESHOLDS: Mapping[str, tuple[str, ...]] = {
    "life:prospect": (),
    **{f"life:{value}": ("until_share_of_c",) for value in LIFE_BY_AGE},
    "life:missed": (),
    "life:repeat": (),
    "life:loyal": (),
    "life:champion": ("order_days", "chance_kept", "chance_kept_out", *RANKS),
    "life:subscriber": (),
    **{f"risk:{value}": _RISK for value in RISKS},
    **{f"value:{value}": RANKS for value in TIERS},
    "value:negative": ("order_days",),
    "hold": (),
    **{f"cart:{value}": ("p", "hours") for value in ("hot", "warm")},
    "replenish:*": (),
    "love:*": ("over_base", "over_base_out", "share", "at_most"),
    "buy:5d": (*CHANCE_RANKS, "lo_over_base"),
    "buy:now": ("over_base", "hours", "once_in_days", "signal_hours"),
    "care": ("days",),
    "reach:unreached": (),
    **{f"promo:{value}": ("share", "share_out", "order_count") for value in ("only", "fullprice")},
    "returns:high": ("over_store", "over_store_out"),
    "overstock:*": ("days",),
}
"""Every segment that can be placed, and the numbers its table must give; * = any category or product."""

_RISING = (
    tuple((f"life:{value}", "until_share_of_c") for value in LIFE_BY_AGE),
    tuple((f"value:{value}", "clv_rank") for value in TIERS),
    tuple((f"value:{value}", "clv_rank_out") for value in TIERS),
    tuple((f"risk:{value}", "chance_kept") for value in reversed(RISKS)),
    (("cart:warm", "p"), ("cart:hot", "p")),
    (("promo:fullprice", "share_out"), ("promo:only", "share_out")),
)
_COUNTS = frozenset(
    {
        *("flow_days", "measured_days", "order_days", "days", "once_in_days"),
        *("hours", "signal_hours", "order_count", "at_most"),
    }
)
_MULTIPLES = frozenset({"over_base", "over_base_out", "lo_over_base", "over_store", "over_store_out"})
_NOT_BELOW = (
    ("clv_rank_out", "clv_rank"),
    ("rank_out", "rank"),
    ("chance_kept", "chance_kept_out"),
    ("refit_back", "chance_kept"),
    ("over_base", "over_base_out"),
    ("over_store", "over_store_out"),
)
"""A way out is never easier than its way in."""

VOCABULARY: Mapping[str, frozenset[str]] = {
    **{
        family: frozenset(name.partition(":")[2] for name in THRESHOLDS if name.startswith(f"{family}:"))
        for family in {name.partition(":")[0] for name in THRESHOLDS} - {"hold"}
    },
    **{name.removesuffix(":*"): frozenset() for name in THRESHOLDS if name.endswith(":*")},
    "care": SWITCH,
    "value": frozenset(TIERS),
}
"""
Family -> the values that a segment of one's own may name; none where they are the shop's own words.

Not value:negative: nothing but paid-ad audiences and gifts may be decided by it.
"""

WORDS = ("meaning", "out", "flow", "rests_on")
SWITCHES = ("on", "starter")
_DAYS = ("flow_days", "measured_days")
OPTIONAL = ("internal", "floor", "rolls_up_into", *_DAYS)


def fault(key: str, value: object) -> str:
    """Say what is wrong with a value; nothing when it is right."""
    if key in (*SWITCHES, "internal", "floor"):
        return "" if isinstance(value, bool) else "must be true or false"
    if key in WORDS:
        return "" if isinstance(value, str) and value else "must be words"
    if key == "rolls_up_into":
        return "" if _is_segment(value) else "must name a segment"
    if key in _COUNTS:
        return "" if type(value) is int and value >= 1 else "must be a whole number from 1"
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    if key in _MULTIPLES:
        return "" if 0 < number < inf else "must be a number above 0"
    return "" if 0 < number <= 1 else "must be a number above 0 and at most 1"


def _is_segment(name: object) -> bool:
    return name in THRESHOLDS or f"{str(name).partition(':')[0]}:*" in THRESHOLDS


def crossing(given: Mapping[str, Mapping[str, float]]) -> tuple[str, str, str] | None:
    """
    Find a way out that is easier than its way in, or two bands of one family that cross.

    `given` are the thresholds by segment. Returns segment, key and what is wrong; None = nothing is.
    """
    for name, numbers in given.items():
        shares = ("share_out", "share") if name == "promo:fullprice" else ("share", "share_out")
        for greater, lesser in (*_NOT_BELOW, shares):
            if greater in numbers and lesser in numbers and numbers[greater] < numbers[lesser]:
                return name, *_blame(greater, lesser)
    for band in _RISING:
        for (lower, key), (upper, _) in pairwise(band):
            if given[lower][key] >= given[upper][key]:
                return upper, key, f"must be above that of {lower}"
    return None


def _blame(greater: str, lesser: str) -> tuple[str, str]:
    """Return the key that is the way out, and what is wrong with it."""
    if greater.endswith(("_out", "_back")):
        return greater, f"must not be below {lesser}"
    return lesser, f"must not be above {greater}"
