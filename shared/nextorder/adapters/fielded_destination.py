"""What destinations have in common whose fields have to be there before a value can be."""

from abc import abstractmethod
from collections.abc import Collection, Mapping, Sequence

from nextorder.adapters import plain
from nextorder.adapters.many import one_by_one
from nextorder.adapters.patience import Patience
from nextorder.adapters.plain_destination import PlainDestination
from nextorder.domain.changes import Change, Desired
from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.health import Health, Problem
from nextorder.domain.shop import Shop
from nextorder.ports import Outcome


class FieldedDestination(PlainDestination):
    """ports.Destination and ports.Installs; a folder says which fields there are, and how they are made."""

    fields: Mapping[str, str]
    """Plain name of a value -> what its field is called there."""
    tags: bool = True
    """Whether segments are tags; else they are one of the values."""
    room: str = ""
    """How many fields there can be, as a hint to whoever lacks some."""
    riders = frozenset()

    @abstractmethod
    def account(self, shop: Shop) -> str:
        """Return what the account is called; raises what `deliver` raises."""

    @abstractmethod
    def held(self, shop: Shop) -> Collection[str]:
        """Return what all fields are called that are there."""

    @abstractmethod
    def make(self, shop: Shop, names: Sequence[str]) -> None:
        """Make the fields of these values."""

    def look(self, shop: Shop) -> Health:
        """Return the account's name, and which of our fields it lacks."""
        account = self.account(shop)
        gone = ", ".join(self.fields[name] for name in self._missing(shop))
        problem = Problem(f"{self.name} lacks {gone}", "; ".join(filter(None, (self.remedy, self.room))))
        return Health(account=account, problems=(problem,) if gone else ())

    def install(self, shop: Shop) -> Sequence[str]:
        """Make the fields that are missing; return what they are called."""
        if missing := self._missing(shop):
            self.make(shop, missing)
        return [self.fields[name] for name in missing]

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Send many together as far as the platform lets us; of whom it then says nothing goes alone."""
        patience = self.patience()
        try:
            outcomes = self.together(shop, changes, patience) if changes else {}
        except (RetryLater, NeedsHuman) as failure:
            return [failure] * len(changes)
        rest = [one for one in changes if one.person.customer not in outcomes]
        single = one_by_one(lambda one: self.deliver(shop, one), rest, patience)
        outcomes |= {one.person.customer: outcome for one, outcome in zip(rest, single, strict=True)}
        return [outcomes[one.person.customer] for one in changes]

    def together(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> dict[str, Outcome]:  # noqa: ARG002 - a folder's to change
        """Return by customer what became of those who could be sent in one."""
        return {}

    @property
    def remedy(self) -> str:
        """Say what brings missing fields back."""
        return f"run `nextorder connect {self.name}`"

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:
        """Call values by their fields, and segments by the shop's prefix."""
        return plain.renamed(
            desired,
            attribute=lambda name: self.fields.get(name, ""),
            audience=lambda name: shop.tag_prefix + name if self.tags else "",
        )

    def _missing(self, shop: Shop) -> Sequence[str]:
        held = self.held(shop)
        return [name for name, field in self.fields.items() if field not in held]
