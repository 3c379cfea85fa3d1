"""What is not published because it did not hold: chances of a horizon, and segments that rest on them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.own_words import NONE, Condition, Kind
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.segments_families import ENOUGH_SECOND_ORDERS, has_enough_history
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.verdict import Segment

SOON: Final = "buy:5d"
SOON_RESTS_ON: Final = "5"
VALUE: Final = "value"
"""The family that is withheld where costs or returns are not known well enough."""
TOO_FEW: Final = (
    f"no fit has seen {ENOUGH_SECOND_ORDERS} customers who had ordered again yet, so all chances are what is "
    "known of shops in general, by which nobody is ranked"
)
NOT_SAID: Final = "How many order within 30 days is not said: lately it did not hold in this shop."


def rests_on(name: str, catalogue: Catalogue) -> frozenset[str]:
    """
    Name the published horizons whose chance decides who is in a segment; and value, where it does.

    Carts and hot now rest on chances that are not published; risk and life on none.
    """
    if name == SOON:
        return frozenset({SOON_RESTS_ON})
    return frozenset(horizon for one in catalogue.own.get(name, ()) for horizon in _asks_for(one))


def _asks_for(condition: Condition) -> Iterator[str]:
    if condition.kind is Kind.CHANCE:
        yield condition.word.removeprefix("p_").removesuffix("d")
    if condition.kind is Kind.WORTH or (condition.kind is Kind.FAMILY and condition.word == VALUE):
        yield VALUE
    family, _, value = SOON.partition(":")
    # with it withheld everybody who would be in it is in none
    if condition.kind is Kind.FAMILY and condition.word == family and condition.among & {value, NONE}:
        yield SOON_RESTS_ON


def withheld_segments(shop: Shop, catalogue: Catalogue) -> frozenset[str]:
    """Name the segments that nobody is in while what they rest on is withheld."""
    withheld = shop.withheld.keys() | ({VALUE} & shop.numbers.withheld.keys())
    if not withheld:
        return frozenset()
    return frozenset(name for name in (SOON, *catalogue.own) if rests_on(name, catalogue) & withheld)


def taken_away(
    before: Numbers, then: Numbers, catalogue: Catalogue, left: Iterable[str]
) -> Mapping[str, str]:
    """
    Say what other numbers would withhold that is shown now, and why.

    `left` are the segments that somebody would leave for none: of what nobody is in nothing is lost.
    """
    resting = {part for name in left for part in (name, name.partition(":")[0], *rests_on(name, catalogue))}
    return {
        part: why for part, why in then.withheld.items() if part not in before.withheld and part in resting
    }


def taken_in_words(taken: Mapping[str, str]) -> Iterator[str]:
    """Tell the merchant what they would lose; empty where it is nothing."""
    for part, why in taken.items():
        yield f"nobody would be in {part} any more: {why} `nextorder audit` says what to do"


def without(segments: Mapping[str, Segment], names: frozenset[str]) -> Mapping[str, Segment]:
    """Leave out where a customer stood in segments that are withheld: no shortest stay keeps them there."""
    family, _, value = SOON.partition(":")
    return {
        key: one
        for key, one in segments.items()
        if key not in names and not (SOON in names and key == family and one.value == value)
    }


def horizon_in_words(horizon: str) -> str:
    """Put a horizon behind "the chance of"."""
    if horizon == WINDOW_HORIZON:
        return "a second order within the window"
    return f"an order within {horizon} days"


def withheld_in_words(shop: Shop, catalogue: Catalogue) -> Iterator[str]:
    """Say what is not published and why: segments of a small shop; chances, one by one, since when."""
    if not has_enough_history(shop.numbers):
        yield f"every segment but life and hold: {TOO_FEW}"
    for horizon, one in shop.withheld.items():
        resting = sorted(name for name in (SOON, *catalogue.own) if horizon in rests_on(name, catalogue))
        also = f"; nor is what rests on it: {', '.join(resting)}" if resting else ""
        yield (
            f"the chance of {horizon_in_words(horizon)} is not published since {one.since:%Y-%m-%d}: "
            f"{one.reason}{also}"
        )
