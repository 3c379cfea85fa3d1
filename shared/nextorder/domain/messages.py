"""What a delivery asks for besides storing facts."""

from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.facts import Channel, ShopFact, StoredFact
from nextorder.domain.shop import Shop


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """How a destination may find the person; held for a day at most and never printed."""

    customer: str
    email: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach(Contact):
    """Whether a person may be reached, too, by Shopify's word of this moment; never kept at all."""

    subscribed: frozenset[Channel] = frozenset()
    opted_out: bool = False
    """Of the sale and sharing of their data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """Two customer records became one: `kept` lives on, `gone` does not."""

    kept: str
    gone: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerDeleted:
    """The customer record is gone from the shop."""

    customer: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDeleted:
    """The order is gone from the shop; it leaves a tombstone, so that no late delivery revives it."""

    order: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopChanged:
    """The shop's own time zone, currency or domain, as it now is."""

    timezone: str
    currency: str
    domain: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinged:
    """Our own test delivery came through."""

    ping: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Understood and counted; nothing to store (`why` says so in words)."""

    why: str


Command = Merged | CustomerDeleted | OrderDeleted | ShopChanged | Pinged | Noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that one delivery says."""

    facts: tuple[StoredFact, ...] = ()
    shop_facts: tuple[ShopFact, ...] = ()
    commands: tuple[Command, ...] = ()
    contact: Contact | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One message of the queue of facts, read: a delivery, or a customer who is due."""

    id: str
    shop: Shop
    reading: Reading = field(default_factory=Reading)
    wake: str = ""
    """Customer to look at again."""
    refresh: bool = False
    """Asked by the sweep: also numbers that moved by a published step are written."""
    body_key: str = ""
    """Where the body lies that fitted no message."""

    @property
    def changes_currency(self) -> bool:
        """Whether the shop has gone over to another currency: what is held needs a rate from now on."""
        told = [command for command in self.reading.commands if isinstance(command, ShopChanged)]
        return any(command.currency != self.shop.currency for command in told)
