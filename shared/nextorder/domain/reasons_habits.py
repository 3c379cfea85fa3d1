"""Why a customer is in the families of habits and of service, in words for a marketing person."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from nextorder.domain.affinity import base_of
from nextorder.domain.features import Features
from nextorder.domain.phrases import day_in_words, percent
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Segment


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    name: str
    """What follows the family in the key: the category, or the product."""
    segment: Segment
    features: Features
    shop: Shop


def reasons_of_habits(segments: Mapping[str, Segment], features: Features, shop: Shop) -> Mapping[str, str]:
    """Say why, by key of the verdict's segments: in counts that only an order or a return changes."""
    found = {}
    for key, segment in segments.items():
        family, _, name = key.partition(":")
        if family in _REASONS:
            found[key] = _REASONS[family](_Case(name=name, segment=segment, features=features, shop=shop))
    return found


def _replenish(case: _Case) -> str:
    bought = [one.at for one in case.features.purchases if case.name in one.categories]
    last = f"They last bought {_words(case.name)} on {day_in_words(bought[-1], case.shop)}"
    gaps = case.shop.numbers.gaps.get(case.name)
    if gaps is None:
        # held from before a fit that no longer finds the rhythm
        return f"{last}."
    return (
        f"{last}; of 100 who buy it again within a year, 40 have done so "
        f"after {gaps.day_40:.0f} days and 75 after {gaps.day_75:.0f}."
    )


def _love(case: _Case) -> str:
    purchases = case.features.purchases
    holding = sum(case.name in purchase.categories for purchase in purchases)
    who = "Their only order" if len(purchases) == 1 else f"{holding} of their {len(purchases)} orders"
    return (
        f"{who} {'holds' if holding == 1 else 'hold'} {_words(case.name)}; "
        f"of all orders in the shop {_about(base_of(case.name, case.shop.numbers))} do."
    )


def _promo(case: _Case) -> str:
    purchases = case.features.purchases
    discounted = sum(purchase.discounted for purchase in purchases)
    return f"{discounted} of their {len(purchases)} orders came with a discount of 5 % or more."


def _returns(case: _Case) -> str:
    purchases = case.features.purchases
    came_back = sum(purchase.returned_at is not None for purchase in purchases)
    return (
        f"Of {came_back} of their {len(purchases)} orders something came back; "
        f"in the shop it is {_about(case.shop.numbers.return_rate)} of all orders."
    )


def _reach(_: _Case) -> str:
    return "They have ordered, and have not agreed to e-mail."


def _care(case: _Case) -> str:
    return (
        f"Since {day_in_words(case.segment.since, case.shop)} something has gone wrong for them: "
        f"a return, a refund or an order that is late."
    )


def _overstock(case: _Case) -> str:
    categories = [push.category for push in case.shop.pushes if push.product == case.name]
    return f"They still buy, and buy {_words(categories[-1])} more often than others do."


def _words(category: str) -> str:
    return category.replace("-", " ")


def _about(share: float) -> str:
    """Round to whole percents: the shop's numbers move a little with each fit."""
    return percent(rounded) if (rounded := round(share, 2)) else "less than 1 %"


_REASONS: Final[Mapping[str, Callable[[_Case], str]]] = {
    "replenish": _replenish,
    "love": _love,
    "promo": _promo,
    "returns": _returns,
    "reach": _reach,
    "care": _care,
    "overstock": _overstock,
}
