"""ports.Assortment in memory."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.facts import ShopFact, UnitCost, VariantCategory
from nextorder.domain.unit_costs import Goods, Step


@dataclass
class InMemoryAssortment:
    """Variants, and costs with the moments they hold from, in dictionaries."""

    variant_facts: dict[str, VariantCategory] = field(default_factory=dict)
    costs: dict[str, dict[int, Step]] = field(default_factory=dict)

    def store_all(self, shop: str, facts: Sequence[ShopFact]) -> None:
        for fact in facts:
            if isinstance(fact, UnitCost):
                step = Step(int(fact.updated_at.timestamp()), fact.unit_cost, fact.currency)
                self.costs.setdefault(fact.id, {})[step.since] = step
            elif (
                fact.id not in self.variant_facts or fact.updated_at > self.variant_facts[fact.id].updated_at
            ):
                self.variant_facts[fact.id] = fact

    def variants(
        self, shop: str, ids: Iterable[str], at: datetime, currency: str
    ) -> Mapping[str, tuple[str, int | None]]:
        known = [self._goods(self.variant_facts[i]) for i in ids if i in self.variant_facts]
        return {one.variant: (one.category, one.cost_at(at, currency)) for one in known}

    def steps(self, item: str) -> tuple[Step, ...]:
        held = self.costs.get(item, {})
        return tuple(held[since] for since in sorted(held))

    def goods(self) -> dict[str, Goods]:
        return {one.id: self._goods(one) for one in self.variant_facts.values()}

    def titles(self, shop: str) -> Mapping[str, str]:
        return {v.product: v.product_title for v in self.variant_facts.values() if v.product_title}

    def _goods(self, fact: VariantCategory) -> Goods:
        platform = self.steps(fact.inventory_item)
        return Goods(variant=fact.id, sku=fact.sku, category=fact.category, platform=platform)
