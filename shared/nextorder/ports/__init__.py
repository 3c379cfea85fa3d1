"""What the use cases need from the outside, named by need."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Accepted
from nextorder.domain.facts import Order, OrderFact, Payment, ShopFact, StoredFact
from nextorder.domain.messages import Contact, ShopChanged
from nextorder.domain.model_card import Former, ModelCard, Proposal
from nextorder.domain.passes import Pass, SegmentSizes
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports.destinations import BulkJobs as BulkJobs
from nextorder.ports.destinations import Delivered as Delivered
from nextorder.ports.destinations import Denials as Denials
from nextorder.ports.destinations import Destination as Destination
from nextorder.ports.destinations import Finds as Finds
from nextorder.ports.destinations import Installs as Installs
from nextorder.ports.destinations import Outcome as Outcome
from nextorder.ports.destinations import TellsAccount as TellsAccount
from nextorder.ports.records import CustomerRecord as CustomerRecord
from nextorder.ports.records import Gone as Gone
from nextorder.ports.records import OrderPlace as OrderPlace
from nextorder.scoring.model import StoreModel


class Customers(Protocol):
    """Facts, states and orders' owners, strongly consistent."""

    def store(self, shop: str, customer: str, fact: StoredFact) -> bool: ...
    def store_newer(self, shop: str, customer: str, facts: Sequence[StoredFact]) -> None: ...
    def remove(self, shop: str, customer: str, facts: Iterable[StoredFact]) -> None: ...
    def read(self, shop: str, customer: str) -> CustomerRecord: ...
    def state(self, shop: str, customer: str) -> State | None: ...
    def save_state(self, shop: str, customer: str, state: State, *, replaces: int) -> None: ...
    def drop_state(self, shop: str, customer: str, *, version: int) -> None: ...
    def mark_gone(self, shop: str, customer: str, *, into: str, at: datetime) -> None: ...
    def gone(self, shop: str, customer: str) -> Gone | None: ...
    def leave(self, shop: str, customer: str, *, orders: Iterable[str], facts: Iterable[StoredFact]) -> None:
        """Leave at the sign of a deleted customer what a merge carries on that is told later."""
        ...

    def place_of_order(self, shop: str, order: str) -> OrderPlace: ...
    def own_order(
        self, shop: str, order: str, customer: str | None, *, version: str, former: Sequence[str]
    ) -> None: ...
    def park(self, shop: str, order: str, fact: StoredFact) -> None: ...
    def unpark(self, shop: str, order: str, facts: Iterable[StoredFact]) -> None: ...
    def due(self, shop: str, until: datetime) -> Iterator[tuple[str, datetime]]: ...
    def everyone(
        self, shop: str, *, after: str = "", most: int | None = None
    ) -> Iterator[tuple[str, CustomerRecord]]:
        """Yield customers in an order of the table's own: of those `after` one, at most `most`."""
        ...

    def versions(self, shop: str, customers: Sequence[str]) -> Mapping[str, int]: ...


class Eraser(Protocol):
    """Takes everything of a customer or a shop out of the table."""

    def absorbed(self, shop: str, customer: str) -> Sequence[str]:
        """Name the records that were merged into a customer's."""
        ...

    def erase_customer(self, shop: str, customer: str, orders: Sequence[str]) -> None: ...
    def erase_shop(self, shop: str) -> None: ...


class BulkFacts(Protocol):
    """Many facts at once, for an import."""

    def store_all(self, shop: str, facts: Mapping[str, Sequence[StoredFact]]) -> None:
        """Store facts by customer, each only if newer."""
        ...

    def own_all(self, shop: str, orders: Sequence[Order]) -> Sequence[Order]: ...
    def waiting(self, shop: str) -> Iterator[OrderFact]: ...
    def save_states(self, shop: str, states: Mapping[str, State]) -> Sequence[str]: ...


class Forgotten(Protocol):
    """Customers who were redacted; nothing of them is stored again."""

    def contains(self, shop: str, customer: str) -> bool: ...
    def among(self, shop: str, customers: Collection[str]) -> Collection[str]:
        """Return those of many who are."""
        ...

    def mark(self, shop: str, customer: str, at: datetime) -> None: ...


class AcceptedStore(Protocol):
    """
    What each destination last took; written by its publisher alone.

    `save_all` takes, of each customer, what was read and what is to stand there now; it leaves
    alone and returns whoever was written meanwhile.
    """

    def load(self, shop: str, customer: str, destination: str) -> Accepted | None: ...
    def save(self, shop: str, customer: str, destination: str, accepted: Accepted) -> None: ...
    def save_all(
        self, shop: str, destination: str, news: Mapping[str, tuple[Accepted | None, Accepted]]
    ) -> Sequence[str]: ...
    def delete(self, shop: str, customer: str, destination: str) -> None: ...


class Contacts(Protocol):
    """E-mail and phone of a customer, for finding the person at a destination."""

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]: ...


class HeldContacts(Contacts, Protocol):
    """Contacts that webhooks brought, kept for a day at most."""

    def drop(self, shop: str, customers: Sequence[str]) -> None: ...


class ContactHolder(Protocol):
    """Keeps a contact for a day, until the destination has told its own id of the person."""

    def hold(self, shop: str, contact: Contact, at: datetime) -> None: ...


class Shops(Protocol):
    """
    Settings, frozen numbers, store models and catalogues.

    A shop that is known is never saved whole: others write at the same time. `change` writes the
    fields that it is given and `follow` what the platform says, if that is newer; both return
    False for a shop that is not connected.
    """

    def get(self, shop: str) -> Shop | None: ...
    def save(self, shop: Shop) -> None: ...
    def change(self, shop: str, **changes: Any) -> bool: ...
    def follow(self, shop: str, told: ShopChanged) -> bool: ...
    def model(self, shop: Shop) -> StoreModel: ...
    def save_model(self, shop: str, model: StoreModel) -> None: ...
    def catalogue(self, shop: Shop) -> Catalogue: ...
    def save_catalogue(self, shop: str, text: str) -> str:
        """Keep a catalogue's text and return the name to pin it by; it is not in force yet."""
        ...


class Census(Protocol):
    """Everyone of a shop in no order, several at once and eventually consistent: never for a verdict."""

    def take(
        self,
        shop: str,
        *,
        wanted: Callable[[str], bool],
        note: Callable[[str, CustomerRecord], None],
        place: Callable[[Sequence[StoredFact]], None] | None = None,
    ) -> None:
        """
        Ask of each customer whether they are wanted, then note their record, one call at a time.

        `place` is called with what stands at each order's own place.
        """
        ...


class ModelRecords(Protocol):
    """What is kept of a shop's trainings, beside the models themselves."""

    def card(self, shop: str, model: str = "") -> ModelCard | None:
        """Return the card of a model, or of the latest training."""
        ...

    def save_card(self, shop: str, card: ModelCard) -> None: ...
    def former(self, shop: str) -> Former | None: ...
    def keep_former(self, shop: str, former: Former) -> None: ...
    def proposal(self, shop: str) -> Proposal | None: ...
    def propose(self, shop: str, proposal: Proposal) -> None: ...
    def withdraw(self, shop: str) -> None: ...


class Artefacts(Protocol):
    """Fitted models as files, for whoever wants to look at them; nothing online reads them."""

    def keep(self, shop: str, model: str, files: Mapping[str, bytes]) -> None: ...


class Passes(Protocol):
    """Where each shop's look at everyone stands; `save` leaves alone what another has written meanwhile."""

    def load(self, shop: str) -> Pass | None: ...
    def save(self, shop: str, now: Pass, *, replaces: Pass | None) -> bool: ...


class Sizes(Protocol):
    """How many customers each segment is shown for, known without a scan."""

    def read(self, shop: str) -> SegmentSizes | None:
        """Return the counts; None until they have been reckoned once."""
        ...

    def add(self, shop: str, changes: Mapping[str, int]) -> None:
        """Count on; nothing until they have been reckoned once."""
        ...

    def reckon(self, shop: str, sizes: SegmentSizes) -> None:
        """Replace the counts by those of everyone's states."""
        ...


class Assortment(Protocol):
    """What is sold, and what it costs."""

    def store_all(self, shop: str, facts: Sequence[ShopFact]) -> None: ...
    def variants(
        self, shop: str, ids: Iterable[str], at: datetime, currency: str
    ) -> Mapping[str, tuple[str, int | None]]: ...


class Fees(Protocol):
    """Payment fees as the processor charged them; None where it does not say."""

    def of_payment(self, shop: str, payment: Payment) -> int | None: ...


class ChangeNotice(Protocol):
    """Tells one destination's publisher which customers to look at again."""

    def changed(self, shop: str, changes: Iterable[tuple[str, str]]) -> None: ...


class Waker(Protocol):
    """Puts customers whose verdict is due back on the queue of facts."""

    def wake(self, shop: str, due: Sequence[tuple[str, datetime]]) -> None: ...
    def look_again(self, shop: str, customers: Sequence[str]) -> None:
        """The same of customers who are not due, but whose state would be another now."""
        ...

    def waiting(self) -> int:
        """Count roughly what already waits there."""
        ...
