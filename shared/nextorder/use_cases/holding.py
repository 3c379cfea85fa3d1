"""Of several customers who match one person of a destination, the one with the later order is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from nextorder.domain.changes import PERSON_TAKEN
from nextorder.domain.facts import Order
from nextorder.ports import AcceptedStore, Customers
from nextorder.ports.holding import Holders, Standing

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """
    ports.Claims; safe to repeat.

    Facts are read only of those who meet: two records of one person are rare.
    """

    destination: str
    holders: Holders
    customers: Customers
    accepted: AcceptedStore

    def settle(self, shop: str, found: Mapping[str, str]) -> Mapping[str, Standing]:
        """
        Return the standing of each customer; whoever has lost a person is on record as refused.

        Who has no order loses to who has; ids decide between orders of one moment.
        """
        wanted: dict[str, str] = {}
        for customer, remote_id in found.items():
            wanted.setdefault(remote_id, customer)
        holding = dict(self.holders.hold(shop, self.destination, wanted))
        standings: dict[str, Standing] = {}
        for customer, remote_id in found.items():
            standings[customer] = self._stand(shop, customer, remote_id, holding[remote_id])
            if standings[customer] is Standing.TAKEN_OVER:
                standings |= (
                    {holding[remote_id]: Standing.ANOTHERS} if holding[remote_id] in standings else {}
                )
                holding[remote_id] = customer
        return standings

    def release(self, shop: str, customer: str, remote_id: str) -> None:
        """Let a person go again; what another holds by now stays."""
        self.holders.release(shop, self.destination, remote_id, held_by=customer)

    def _stand(self, shop: str, customer: str, remote_id: str, holder: str) -> Standing:
        if holder == customer:
            return Standing.OWN
        if self._rank(shop, customer) < self._rank(shop, holder):
            return Standing.ANOTHERS
        if not self.holders.hand_over(shop, self.destination, remote_id, held_by=holder, to=customer):
            return Standing.ANOTHERS
        self._record_loss(shop, holder, remote_id)
        return Standing.TAKEN_OVER

    def _rank(self, shop: str, customer: str) -> tuple[datetime, str]:
        orders = (fact for fact in self.customers.read(shop, customer).facts if isinstance(fact, Order))
        placed = [one.placed_at for one in orders if not (one.test or one.deleted or one.cancelled_at)]
        return max(placed, default=_NEVER), customer

    def _record_loss(self, shop: str, customer: str, remote_id: str) -> None:
        """Have them look for a person afresh when next they change; meanwhile say why they are not shown."""
        held = self.accepted.load(shop, customer, self.destination)
        if held is None or held.remote_id != remote_id:
            return
        lost = replace(
            held,
            attributes={},
            audiences=frozenset(),
            joined={},
            remote_id="",
            unsure=True,
            refused=PERSON_TAKEN,
            refused_version=max(held.version, 1),
        )
        self.accepted.save_all(shop, self.destination, {customer: (held, lost)})
