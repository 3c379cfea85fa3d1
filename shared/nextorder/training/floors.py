"""Which segments are too small to act on, and what their people are shown in instead."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil
from typing import Final

from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.own_window import with_own_window
from nextorder.domain.placing import Placing
from nextorder.domain.possible_names import possible_names
from nextorder.domain.published import BANDS, segment_name
from nextorder.domain.segments import place
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.too_small import LEAST_EXPECTED_ORDERS, LEAST_MEMBERS, LEAST_SHARE
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import expected_order_days

STAYS_ON: Final = 0.8
"""A segment that was given is kept down to this share of the floor."""
MOST_PLACED: Final = 20_000
"""Of more customers a sample is placed: a floor of 0.25 % is then still 50 of them, known to a seventh."""


@dataclass(frozen=True, slots=True)
class Size:
    """What a segment holds: customers, and the orders to expect of them while it is measured."""

    members: int = 0
    orders: float = 0.0

    def __add__(self, other: "Size") -> "Size":
        """Join two segments that share nobody."""
        return Size(self.members + other.members, self.orders + other.orders)


def frozen_floors(
    everyone: Sequence[Features],
    shop: Shop,
    model: StoreModel,
    catalogue: Catalogue,
    as_of: datetime,
    before: Mapping[str, str] | None,
) -> Numbers:
    """
    Place everyone by the shop's new numbers and add what `merged` makes of the sizes.

    Placed afresh, without memory: the floors are about the numbers, not about who held what.
    """
    stands_for = ceil(len(everyone) / MOST_PLACED)
    placed = sorted(everyone, key=lambda one: one.customer)[:: max(stands_for, 1)]
    held = (_held(features, shop, model, catalogue, as_of) for features in placed)
    sizes = sizes_of(possible_names(catalogue, shop.numbers), held)
    scaled = {name: Size(size.members * stands_for, size.orders * stands_for) for name, size in sizes.items()}
    into = merged(scaled, shop.numbers.customers, catalogue, before)
    # one that is only rolled up into has none of its own to tell
    too_small = {name: scaled[name].members for name in into if name in scaled}
    return replace(shop.numbers, shown_as=into, too_small=too_small)


def _held(
    features: Features, shop: Shop, model: StoreModel, catalogue: Catalogue, as_of: datetime
) -> Mapping[str, float]:
    """Return a customer's segments with the orders expected in each one's measurement window."""
    shop = with_own_window(features, shop)
    buyer = Buyer(features=features, shop=shop, model=model) if features.order_days else None
    placing = Placing(features=features, shop=shop, buyer=buyer, catalogue=catalogue)
    history = buyer.history(as_of) if buyer else None
    days = {name: _measured_days(catalogue, name) for name in _names(placing)}
    orders = {d: expected_order_days(model, history, d) if history else 0.0 for d in set(days.values())}
    return {name: orders[d] for name, d in days.items()}


def _names(placing: Placing) -> Iterator[str]:
    """Name the segments that a placing gives."""
    for key, segment in place(placing).segments.items():
        yield segment_name(key, segment)


def _measured_days(catalogue: Catalogue, name: str) -> int:
    entry = catalogue.entry(name)
    return entry.measured_days if entry else 30


def sizes_of(names: Iterable[str], everyone: Iterable[Mapping[str, float]]) -> dict[str, Size]:
    """
    Add up segments: of each customer the names held, and the orders expected in each one's window.

    `names` are those that could be held, if nobody does: an empty segment is a small one.
    """
    found = dict.fromkeys(names, Size())
    for held in everyone:
        for name, orders in held.items():
            found[name] = found.get(name, Size()) + Size(1, orders)
    return found


def merged(
    sizes: Mapping[str, Size], customers: int, catalogue: Catalogue, before: Mapping[str, str] | None
) -> dict[str, str]:
    """
    Return segment -> the one its people are shown in; empty where they are shown in none.

    The floor is 30 or 0.25 % of the customers, and 10 expected orders; 80 % of it for what was
    shown `before`, None = nothing yet. The smallest segment goes first, and its people count
    where they went.
    """
    held = dict(sizes)
    into: dict[str, str] = {}
    while small := [name for name in held if _is_small(name, held[name], customers, catalogue, before)]:
        name = min(small, key=lambda one: held[one].members)
        target = _target(name, catalogue, into)
        members = held.pop(name)
        if not target and _is_band(name):
            continue
        into[name] = target
        if target:
            held[target] = held.get(target, Size()) + members
    return {name: _last(name, into) for name in sorted(into)}


def _is_small(
    name: str, size: Size, customers: int, catalogue: Catalogue, before: Mapping[str, str] | None
) -> bool:
    entry = catalogue.entry(name)
    if entry is None or not (entry.floor or (_is_band(name) and entry.rolls_up_into)):
        return False
    ease = 1.0 if before is None or name in before else STAYS_ON
    if size.members < ease * max(LEAST_MEMBERS, LEAST_SHARE * customers):
        return True
    return not _is_band(name) and size.orders < ease * LEAST_EXPECTED_ORDERS


def _target(name: str, catalogue: Catalogue, into: Mapping[str, str]) -> str:
    """Return the nearest segment that has not itself been merged; empty when there is none."""
    seen = {name}
    target = _rolls_up_into(name, catalogue)
    while target in into and target not in seen:
        seen.add(target)
        target = into[target]
    return "" if target in seen else target


def _rolls_up_into(name: str, catalogue: Catalogue) -> str:
    entry = catalogue.entry(name)
    return entry.rolls_up_into if entry else ""


def _last(name: str, into: Mapping[str, str]) -> str:
    target = into[name]
    while target in into:
        target = into[target]
    return target


def _is_band(name: str) -> bool:
    return name.partition(":")[0] in BANDS
