"""ports.UnitCosts in memory, under the same contract tests as the real table."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nextorder.domain.facts import Order, sort_key
from nextorder.domain.unit_costs import CostWord, Goods, after_words
from tests.fakes.in_memory import InMemoryCustomers


@dataclass
class InMemoryUnitCosts:
    """Goods by shop, and the orders of the customers beside them."""

    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    by_shop: dict[str, dict[str, Goods]] = field(default_factory=lambda: defaultdict(dict))

    def goods(self, shop: str) -> Mapping[str, Goods]:
        return self.by_shop[shop]

    def tell(self, shop: str, words: Iterable[CostWord]) -> None:
        self.by_shop[shop] = dict(after_words(self.by_shop[shop], words))

    def rewrite(self, shop: str, customer: str, orders: Sequence[tuple[Order, Order]]) -> bool:
        held = self.customers.facts[shop, customer]
        if any(held.get(sort_key(read)) != read for read, _ in orders):
            return False
        held |= {sort_key(now): now for _, now in orders}
        return True
