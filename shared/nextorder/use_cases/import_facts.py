"""Import a history: the same facts as the webhooks make, many at a time."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, OrderFact, Payment, Refund, Return, ShopFact, StoredFact, sort_key
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop
from nextorder.ports import BulkFacts
from nextorder.use_cases.take_facts import Books, take_facts, with_costs


@dataclass(slots=True)
class History:
    """A history in memory, sorted by customer; of each fact only the newest version."""

    shop_facts: list[ShopFact] = field(default_factory=list)
    by_customer: dict[str, dict[str, StoredFact]] = field(default_factory=dict)
    owners: dict[str, str | None] = field(default_factory=dict)
    of_guests: list[StoredFact] = field(default_factory=list)
    _waiting: list[OrderFact] = field(default_factory=list)

    def add(self, reading: Reading) -> None:
        """Take in what one line of the file says."""
        self.shop_facts += reading.shop_facts
        for fact in reading.facts:
            if isinstance(fact, Refund | Payment | Return):
                self._waiting.append(fact)
            elif fact.customer is None:
                self.of_guests.append(fact)
            else:
                self._keep(fact.customer, fact)
                if isinstance(fact, Order):
                    self.owners[fact.id] = fact.customer

    def sort_out(self) -> None:
        """Give facts that name an order but no customer to the order's customer."""
        for fact in self._waiting:
            owner = self.owners.get(fact.order)
            if owner:
                self._keep(owner, fact)
            else:
                self.of_guests.append(fact)
        self._waiting.clear()

    def _keep(self, customer: str, fact: StoredFact) -> None:
        held = self.by_customer.setdefault(customer, {})
        before = held.get(sort_key(fact))
        if before is None or version_of(before) < version_of(fact):
            held[sort_key(fact)] = fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """The stores that an import writes."""

    shop: Shop
    books: Books
    bulk: BulkFacts
    each: Callable[[Callable[[str], None], Iterable[str]], None]
    """Applies a function to every customer; a thread pool where that helps."""

    def import_facts(self, history: History) -> None:
        """
        Store a history; safe to repeat. Webhooks that come meanwhile win or lose by `updated_at` alone.

        Owners go first, so that a refund's webhook finds its order from then on; what came
        before that and waits at an order is taken up at the end.
        """
        history.sort_out()
        self.books.assortment.store_all(self.shop.id, history.shop_facts)
        self.bulk.own_all(self.shop.id, history.owners)

        def store(customer: str) -> None:
            if not self.books.forgotten.contains(self.shop.id, customer):
                facts = [self._priced(fact) for fact in history.by_customer[customer].values()]
                self.bulk.store_all(self.shop.id, customer, facts)

        self.each(store, history.by_customer)
        late = (*history.of_guests, *self.bulk.waiting(self.shop.id))
        for fact in late:
            take_facts(Reading(facts=(fact,)), shop=self.shop, books=self.books)

    def _priced(self, fact: StoredFact) -> StoredFact:
        return with_costs(fact, self.shop.id, self.books.assortment) if isinstance(fact, Order) else fact
