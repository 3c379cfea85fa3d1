"""What one unit of a variant costs, and since when: the merchant's word before the platform's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from nextorder.domain.facts import Order, OrderLine, UnitCost

ALWAYS: Final = 0
"""A cost that holds from here on holds on any order's day."""
UNKNOWN_CATEGORY: Final = "other"


class Step(NamedTuple):
    """What a unit costs from a moment on."""

    since: int
    """Seconds since 1970."""
    cost: int | None
    """Minor units; None = not known from then on."""
    currency: str = ""
    """The shop's when it was told; empty = nobody said, so it goes for an order in any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """One variant with all that is known of its cost; steps rise by time."""

    variant: str
    sku: str = ""
    category: str = UNKNOWN_CATEGORY
    told: tuple[Step, ...] | None = None
    """The merchant's own; empty = taken back, None = the merchant has never spoken of it."""
    platform: tuple[Step, ...] = ()

    def cost_at(self, at: datetime, currency: str) -> int | None:
        """Return what one unit cost on an order's day; None = nobody has said, in the order's currency."""
        return cost_at(timeline(_told_in(currency, self.told), _told_in(currency, self.platform)), at)

    def decides(self, at: datetime, currency: str) -> bool:
        """
        Whether what is known by now goes before what was known when an order of a day was delivered.

        It does where the merchant has spoken, be it that no word shall hold any more, and where the
        platform's step of that day is known, which may have been told late.
        """
        steps = _told_in(currency, self.platform)
        is_told = self.told == () or bool(_told_in(currency, self.told))
        return is_told or any(step.since <= at.timestamp() for step in steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostWord:
    """What the merchant says of one variant."""

    variant: str
    unit_cost: int | None
    """None = as the platform says, again."""
    since: int = ALWAYS
    currency: str = ""


def by_sku(goods: Iterable[Goods]) -> Mapping[str, str]:
    """Name the variant of each SKU that one alone carries."""
    carriers: dict[str, list[str]] = {}
    for one in goods:
        carriers.setdefault(one.sku, []).append(one.variant)
    return {sku: variants[0] for sku, variants in carriers.items() if sku and len(variants) == 1}


def timeline(told: Sequence[Step], platform: Sequence[Step]) -> Sequence[Step]:
    """Return the platform's steps until the merchant's word begins, and the merchant's from there on."""
    if not told:
        return platform
    return [*(step for step in platform if step.since < told[0].since), *told]


def cost_at(steps: Sequence[Step], at: datetime) -> int | None:
    """Return the cost that held at a moment; before the first that is known, the first known."""
    seconds = at.timestamp()
    first = next((number for number, step in enumerate(steps) if step.cost is not None), len(steps))
    known = steps[first:]
    held = [step.cost for step in known if step.since <= seconds]
    return held[-1] if held else next((step.cost for step in known), None)


def step_at(told: UnitCost, steps: Sequence[Step]) -> UnitCost | None:
    """Return the cost that held when another was told, as the platform told it; None = it had told none."""
    before = [step for step in steps if step.since <= told.updated_at.timestamp()]
    if not before:
        return None
    since = datetime.fromtimestamp(before[-1].since, UTC)
    return UnitCost(id=told.id, updated_at=since, unit_cost=before[-1].cost, currency=before[-1].currency)


def retold(held: Sequence[Step], words: Iterable[CostWord]) -> tuple[Step, ...]:
    """
    Return the merchant's steps after more words on the same variant.

    A word without a day is all there is to say in its currency and puts what was said before aside;
    one with a day is added to it. The order of the words is without effect.
    """
    steps = {(step.since, step.currency): step for step in held}
    for word in sorted(words, key=lambda one: one.since):
        if word.since == ALWAYS:
            steps = {
                place: step
                for place, step in steps.items()
                if word.unit_cost is not None and step.currency not in ("", word.currency)
            }
        if word.unit_cost is not None or word.since != ALWAYS:
            steps[word.since, word.currency] = Step(word.since, word.unit_cost, word.currency)
    return tuple(steps[place] for place in sorted(steps))


def after_words(goods: Mapping[str, Goods], words: Iterable[CostWord]) -> Mapping[str, Goods]:
    """Return goods as they will be known once the merchant's words are kept."""
    by_variant: dict[str, list[CostWord]] = {}
    for word in words:
        by_variant.setdefault(word.variant, []).append(word)
    held = {variant: goods.get(variant, Goods(variant=variant)) for variant in by_variant}
    return {**goods} | {
        variant: replace(one, told=retold(one.told or (), by_variant[variant]))
        for variant, one in held.items()
    }


def repriced(order: Order, goods: Mapping[str, Goods]) -> Order:
    """
    Give the lines of an order the unit costs of its day that are known by now.

    A line that has a cost keeps it, unless the merchant has spoken of the variant, or the cost of the
    order's day was told late: it is never replaced by what the platform says of a later day.
    """
    lines = tuple(_repriced(line, goods.get(line.variant), order) for line in order.lines)
    return order if lines == order.lines else replace(order, lines=lines)


def _repriced(line: OrderLine, known: Goods | None, order: Order) -> OrderLine:
    if known is None or (line.unit_cost is not None and not known.decides(order.placed_at, order.currency)):
        return line
    category = known.category if line.category == UNKNOWN_CATEGORY else line.category
    return replace(line, unit_cost=known.cost_at(order.placed_at, order.currency), category=category)


def _told_in(currency: str, steps: Sequence[Step] | None) -> Sequence[Step]:
    return [step for step in steps or () if step.currency in ("", currency)]
