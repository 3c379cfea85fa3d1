"""What the table holds of persons for a while, and whom it must not hold again."""

import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import customer_key, key, row, text
from nextorder.domain.messages import Contact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONTACT_SECONDS: Final = 86_400
_FORGOTTEN_SECONDS: Final = 400 * 86_400


class HeldContacts:
    """
    ports.HeldContacts and ContactHolder: until the destination has told its own id of the person.

    NOTE: DynamoDB may delete expired items late, so an expired one is not handed out either.

    Args:
        client: Of DynamoDB.
        table: Name of the table.
        wanted: Whether a shop has a destination that finds people by contact.
        clock: Seconds since 1970.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        wanted: Callable[[str], bool] = lambda _: True,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._table = table
        self._wanted = wanted
        self._clock = clock

    def hold(self, shop: str, contact: Contact, at: datetime) -> None:
        """Keep a contact until tomorrow, if the shop has a destination that needs it."""
        if not self._wanted(shop):
            return
        item = row(
            customer_key(shop, contact.customer),
            items.CONTACT,
            email=contact.email,
            phone=contact.phone,
            expires_at=items.epoch(at) + _CONTACT_SECONDS,
        )
        self._client.put_item(TableName=self._table, Item=item)

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        """Find the contacts that are held; a customer without one is left out."""
        keys = [self._key(shop, customer) for customer in customers]
        found = items.batch_get(self._client, self._table, keys)
        contacts = [
            _contact(shop, item) for item in found if items.number(item, "expires_at") > self._clock()
        ]
        return {contact.customer: contact for contact in contacts}

    def drop(self, shop: str, customers: Sequence[str]) -> None:
        """Let contacts go before their day is over."""
        requests: list[items.Item] = [
            {"DeleteRequest": {"Key": self._key(shop, customer)}} for customer in customers
        ]
        items.write_all(self._client, self._table, requests)

    def _key(self, shop: str, customer: str) -> items.Item:
        return key(customer_key(shop, customer), items.CONTACT)


def _contact(shop: str, item: Mapping[str, Any]) -> Contact:
    customer = text(item, "pk").removeprefix(f"{shop}#")
    return Contact(customer=customer, email=text(item, "email"), phone=text(item, "phone"))


class Forgotten:
    """Customers who were redacted: a late or redriven webhook must not bring them back."""

    def __init__(self, client: "DynamoDBClient", table: str, *, secret: Callable[[], bytes]) -> None:
        self._client = client
        self._table = table
        self._secret = secret

    def mark(self, shop: str, customer: str, at: datetime) -> None:
        """Remember a keyed hash of the id for 400 days; the id itself is not kept."""
        item = row(
            self._partition(shop, customer),
            items.FORGOTTEN,
            expires_at=items.epoch(at) + _FORGOTTEN_SECONDS,
        )
        self._client.put_item(TableName=self._table, Item=item)

    def contains(self, shop: str, customer: str) -> bool:
        """Tell whether this customer was redacted."""
        place = key(self._partition(shop, customer), items.FORGOTTEN)
        reply = self._client.get_item(TableName=self._table, Key=place, ConsistentRead=True)
        return "Item" in reply

    def among(self, shop: str, customers: Collection[str]) -> frozenset[str]:
        """Return those of many who were redacted."""
        places = {self._partition(shop, customer): customer for customer in customers}
        keys = [key(partition, items.FORGOTTEN) for partition in places]
        found = items.batch_get(self._client, self._table, keys)
        return frozenset(places[text(item, "pk")] for item in found)

    def _partition(self, shop: str, customer: str) -> str:
        digest = hmac.new(self._secret(), f"{shop}#{customer}".encode(), hashlib.sha256).hexdigest()
        return f"{shop}#{items.FORGOTTEN}#{digest}"
