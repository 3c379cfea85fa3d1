"""What destinations have in common that show plain words, one customer a call, and run no jobs."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from nextorder.adapters import plain
from nextorder.adapters.asking import health, unless_missing
from nextorder.adapters.destination_parts import Parts
from nextorder.adapters.many import one_by_one
from nextorder.adapters.patience import Patience
from nextorder.domain.capabilities import Capabilities
from nextorder.domain.changes import Change, Desired, Handed, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import NeedsHuman
from nextorder.domain.health import Health, Problem
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered, Outcome

IDENTIFIED = "yes"


class PlainDestination(ABC):
    """ports.Destination; a folder says how one change is delivered, and how its key is looked at."""

    name: str
    capabilities: Capabilities
    riders: frozenset[str] = plain.RIDERS

    def __init__(self, parts: Parts) -> None:
        self.parts = parts

    @abstractmethod
    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """Send one customer's change."""

    @abstractmethod
    def look(self, shop: Shop) -> str | Health:
        """Return the account's name or more; raises what `deliver` raises."""

    def check(self, shop: Shop) -> Health:
        """Ask whether the settings serve."""
        return health(self.name, lambda: self.look(shop))

    def everything(self, shop: Shop) -> Desired:
        """Return all that could ever be ours, but for segments whose names are the shop's own words."""
        return self.in_own_words(shop, plain.everything(self.parts.catalogue(shop)))

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        """Return what the person should show."""
        needs = self.capabilities.consent
        return self.in_own_words(shop, plain.project(shop, verdict, self.parts.catalogue(shop), needs=needs))

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:  # noqa: ARG002 - a folder's to change
        """Rename what is to be shown; an empty name leaves it out."""
        return desired

    def weigh(self, shop: Shop, change: Change) -> int:  # noqa: ARG002 - the port's
        """Return nothing: only rows are counted."""
        return 0

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Send one after the other, waiting while the platform is busy."""
        return one_by_one(lambda change: self.deliver(shop, change), changes, self.patience())

    def patience(self) -> Patience:
        """Return the waiting that one `deliver_many` has."""
        return Patience(self.parts.sleep, seconds=self.parts.patience_seconds)

    def take_up(
        self,
        shop: Shop,  # noqa: ARG002 - the port's
        is_meant: Callable[[Handed], bool],  # noqa: ARG002 - the port's
    ) -> Sequence[tuple[Handed, Outcome]]:
        """Return nothing: there are no jobs."""
        return ()

    def settled(self, shop: Shop) -> None:  # noqa: B027 - nothing to do is the rule
        """Keep nothing, so drop nothing."""

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:  # noqa: ARG002 - the port's
        """Take everything of ours off; nobody there is no error."""
        unless_missing(lambda: self.deliver(shop, removal(person, self.everything(shop))))


class IdentifiedDestination(PlainDestination):
    """
    A destination that cannot be asked whom it knows: whoever is told of is made there.

    So nothing is told before the merchant has said that people go by the shop's own ids there.
    """

    def check(self, shop: Shop) -> Health:
        """Ask first whether the people there are ours to tell of."""
        if self._is_identified(shop):
            return super().check(shop)
        remedy = (
            f"let your site tell {self.name} who is logged in, by the Shopify customer id, and then run "
            f"`nextorder connect {self.name} --set identified=yes`"
        )
        problem = Problem(f"{self.name} would make a new user of every customer that we tell of", remedy)
        return Health(problems=(problem,))

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """Take everything of ours off; of whom nothing was ever told, nothing is: it would make a user."""
        if person.remote_id:
            super().forget(shop, person, delete=delete)

    def require_identified(self, shop: Shop) -> None:
        """Raise NeedsHuman until the merchant has said so."""
        if not self._is_identified(shop):
            look = f"`nextorder connect {self.name} --check`"
            raise NeedsHuman(f"{self.name} may not know people by the shop's ids: run {look}")

    def _is_identified(self, shop: Shop) -> bool:
        return self.parts.settings(shop.id).get("identified", "").strip().lower() == IDENTIFIED
