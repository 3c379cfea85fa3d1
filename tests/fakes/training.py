"""What a training reads and keeps, in memory."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from nextorder.domain.facts import StoredFact
from nextorder.domain.model_card import Former, ModelCard, Proposal
from nextorder.ports import CustomerRecord
from tests.fakes.in_memory import InMemoryCustomers


@dataclass
class InMemoryCensus:
    """Everyone of whom something is held."""

    held: InMemoryCustomers
    places: Sequence[Sequence[StoredFact]] = ()

    def take(
        self,
        shop: str,
        *,
        wanted: Callable[[str], bool],
        note: Callable[[str, CustomerRecord], None],
        place: Callable[[Sequence[StoredFact]], None] | None = None,
    ) -> None:
        for customer, record in self.held.everyone(shop):
            if wanted(customer):
                note(customer, record)
        if place:
            for facts in self.places:
                place(facts)


@dataclass
class InMemoryModelRecords:
    """Cards, former numbers and proposals in dictionaries."""

    cards: dict[tuple[str, str], ModelCard] = field(default_factory=dict)
    formers: dict[str, Former] = field(default_factory=dict)
    proposals: dict[str, Proposal] = field(default_factory=dict)

    def card(self, shop: str, model: str = "") -> ModelCard | None:
        return self.cards.get((shop, model))

    def save_card(self, shop: str, card: ModelCard) -> None:
        self.cards[shop, ""] = self.cards[shop, card.model] = card

    def former(self, shop: str) -> Former | None:
        return self.formers.get(shop)

    def keep_former(self, shop: str, former: Former) -> None:
        self.formers[shop] = former

    def proposal(self, shop: str) -> Proposal | None:
        return self.proposals.get(shop)

    def propose(self, shop: str, proposal: Proposal) -> None:
        self.proposals[shop] = proposal

    def withdraw(self, shop: str) -> None:
        self.proposals.pop(shop, None)
