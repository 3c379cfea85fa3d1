"""A whole store's customers, for a first sync on a simulated clock."""

from dataclasses import dataclass

from nextorder.domain.verdict import State, Verdict
from nextorder.ports import CustomerRecord
from tests.adapters.destination_cases import SHOP
from tests.fakes.in_memory import InMemoryCustomers


@dataclass
class ManyCustomers(InMemoryCustomers):
    """A hundred thousand are looked up by their keys, for one destination."""

    destination: str = ""

    def read(self, shop: str, customer: str) -> CustomerRecord:
        held = self.accepted.get((shop, customer, self.destination))
        accepted = {self.destination: held} if held else {}
        return CustomerRecord(state=self.states.get((shop, customer)), accepted=accepted)

    @property
    def names(self) -> list[str]:
        """Their ids, in order."""
        return [customer for _, customer in self.states]


def many(count: int, verdict: Verdict, *, destination: str) -> ManyCustomers:
    """Return so many, each with this verdict since an import."""
    state = State(verdict=verdict, digest="", version=1, run="import-1")
    states = {(SHOP.id, str(10**12 + n)): state for n in range(count)}
    return ManyCustomers(states=states, destination=destination)
