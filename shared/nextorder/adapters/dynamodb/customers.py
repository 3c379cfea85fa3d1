"""Customers in the table: facts only if newer, the state by its version, orders' owners."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.exceptions import ClientError

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items, signs
from nextorder.adapters.dynamodb.items import Item, customer_key, key, order_key, row, text
from nextorder.adapters.dynamodb.records import due_text, fact_of, record_of, state_item, state_of
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Checkout, StoredFact, sort_key
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord, Gone, OrderPlace

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CHECKOUT_DAYS: Final = 90
"""Long enough for three monthly fits to count what came of it."""
_DELETED_DAYS: Final = 30
"""A queue and the dead letters behind it keep a delivery for 28 days at most."""
_DAY_SECONDS: Final = 86_400
_AFTER_ALL: Final = "~"
"""Sorts after every sort key that we use."""
_ITEMS_A_CUSTOMER: Final = 10
"""Roughly: a page of a few customers need not be a megabyte."""


class DynamoCustomers:
    """ports.Customers on one DynamoDB table; all reads of single customers are strongly consistent."""

    def __init__(self, client: "DynamoDBClient", table: str, *, new_log_key: Callable[[], str]) -> None:
        self._client = client
        self._table = table
        self._new_log_key = new_log_key

    def store(self, shop: str, customer: str, fact: StoredFact) -> bool:
        """Store a fact if it is newer than the one we hold; tell whether it was."""
        return self._put(**self.put_if_newer(customer_key(shop, customer), fact))

    def store_newer(self, shop: str, customer: str, facts: Sequence[StoredFact]) -> None:
        """Store several facts, without a write for those that the table has already."""
        pk = customer_key(shop, customer)
        newest = {sort_key(fact): fact for fact in sorted(facts, key=version_of)}
        held = items.batch_get(self._client, self._table, [key(pk, sk) for sk in newest], "sk, newest")
        versions = {text(item, "sk"): text(item, "newest") for item in held}
        for sk, fact in newest.items():
            if versions.get(sk, "") < version_of(fact):
                self._put(**self.put_if_newer(pk, fact))

    def remove(self, shop: str, customer: str, facts: Iterable[StoredFact]) -> None:
        """Take facts away, as when an order changes hands."""
        self._remove(customer_key(shop, customer), facts)

    def read(self, shop: str, customer: str) -> CustomerRecord:
        """Read all we hold of one customer in one query."""
        pk = customer_key(shop, customer)
        return record_of(customer, list(self._query(pk)))

    def state(self, shop: str, customer: str) -> State | None:
        """Read the state item alone."""
        item = self._get(customer_key(shop, customer), items.STATE)
        return state_of(item) if item else None

    def save_state(self, shop: str, customer: str, state: State, *, replaces: int) -> None:
        """
        Write the state in place of version `replaces` (0 = there is none yet).

        Raises:
            VersionConflict: Someone else wrote first.
        """
        if not self._put(self.state_item(shop, customer, state), **items.unmoved(replaces)):
            raise VersionConflict("the state moved on")

    def drop_state(self, shop: str, customer: str, *, version: int) -> None:
        """
        Take the state away: nothing is to be shown of this customer any more.

        Raises:
            VersionConflict: Someone else wrote first.
        """
        place = key(customer_key(shop, customer), items.STATE)
        if not items.delete_if(self._client, self._table, place, **items.unmoved(version)):
            raise VersionConflict("the state moved on")

    def mark_gone(self, shop: str, customer: str, *, into: str, at: datetime) -> None:
        """
        Leave a sign at a customer who is gone, for deliveries that come late.

        Of one who was deleted for 30 days alone, and nothing else of theirs stays: no delivery waits
        longer. A merge deletes a record, too: its sign stands, whichever of the two is told last.
        """
        said: Item = {":at": {"S": at.isoformat()}}
        if into:
            said[":into"] = {"S": into}
            self._sign(
                shop, customer, said, UpdateExpression="SET #at = :at, #into = :into REMOVE expires_at"
            )
            return
        said[":until"] = {"N": str(items.epoch(at) + _DELETED_DAYS * _DAY_SECONDS)}
        self._sign(shop, customer, said, UpdateExpression="SET #at = :at, expires_at = :until")

    def leave(self, shop: str, customer: str, *, orders: Iterable[str], facts: Iterable[StoredFact]) -> None:
        """Add to the sign what a merge carries on that is told later; it goes with the sign."""
        texts = {":orders": [*orders], ":facts": [signs.written(fact) for fact in facts]}
        said: Item = {name: {"SS": each} for name, each in texts.items() if each}
        added = ", ".join(f"{name.removeprefix(':')} {name}" for name in said)
        if added:
            self._sign(shop, customer, said, UpdateExpression=f"ADD {added}")

    def gone(self, shop: str, customer: str) -> Gone | None:
        """Read that sign alone."""
        item = self._get(customer_key(shop, customer), items.GONE)
        return signs.gone_of(customer, item) if item else None

    def place_of_order(self, shop: str, order: str) -> OrderPlace:
        """Read whose an order is and which facts wait for it."""
        found = list(self._query(order_key(shop, order)))
        owner = next((item for item in found if text(item, "sk") == items.OWNER), None)
        parked = tuple(fact_of(item) for item in found if fact_codec.is_fact(text(item, "sk")))
        if owner is None:
            return OrderPlace(parked=parked)
        return OrderPlace(
            customer=text(owner, "customer") or None,
            known=True,
            newest=text(owner, "newest"),
            former=tuple(text(owner, "former").split()),
            parked=parked,
        )

    def own_order(
        self, shop: str, order: str, customer: str | None, *, version: str, former: Sequence[str]
    ) -> None:
        """
        Write whose an order is (None = a guest's), unless a newer version has said so.

        Each former owner gets a sign, by which a redaction finds the order's place.
        """
        for one in former:
            self._put(row(customer_key(shop, one), items.HANDED_ON + order))
        self._put(
            row(
                order_key(shop, order),
                items.OWNER,
                customer=customer,
                newest=version,
                former=" ".join(former),
            ),
            ConditionExpression="attribute_not_exists(pk) OR attribute_not_exists(newest) OR newest <= :n",
            ExpressionAttributeValues={":n": {"S": version or " "}},
        )

    def park(self, shop: str, order: str, fact: StoredFact) -> None:
        """Keep a fact at its order until the order's customer is known."""
        self._put(**self.put_if_newer(order_key(shop, order), fact))

    def unpark(self, shop: str, order: str, facts: Iterable[StoredFact]) -> None:
        """Take away facts that have moved to their customer."""
        self._remove(order_key(shop, order), facts)

    def due(self, shop: str, until: datetime) -> Iterator[tuple[str, datetime]]:
        """Yield customers whose verdict changes by time by `until`, each with the moment."""
        for shard in range(items.DUE_SHARDS):
            request = {
                "TableName": self._table,
                "IndexName": items.DUE_INDEX,
                "KeyConditionExpression": "due_shard = :s AND due_at <= :u",
                "ExpressionAttributeValues": {
                    ":s": {"S": f"{shop}#{shard}"},
                    ":u": {"S": due_text(until)},
                },
            }
            for item in items.pages(self._client.query, **request):
                customer = text(item, "pk").removeprefix(f"{shop}#")
                yield customer, datetime.fromisoformat(text(item, "due_at"))

    def everyone(
        self, shop: str, *, after: str = "", most: int | None = None
    ) -> Iterator[tuple[str, CustomerRecord]]:
        """
        Yield customers with what we hold of them, eventually consistent; all, or `most` of those `after` one.

        NOTE: a Scan hands out one partition's items together, so one customer is in memory at a time,
        and goes on after any key, whether an item has it or not.
        """
        request = items.of_everyone(self._table, shop)
        if after:
            request["ExclusiveStartKey"] = key(customer_key(shop, after), _AFTER_ALL)
        if most is not None:
            request["Limit"] = most * _ITEMS_A_CUSTOMER
        scan = items.pages(self._client.scan, **request)
        partitions = groupby(scan, key=lambda item: text(item, "pk"))
        for pk, partition in islice(partitions, most):
            customer = pk.removeprefix(f"{shop}#")
            yield customer, record_of(customer, list(partition))

    def put_if_newer(self, pk: str, fact: StoredFact) -> Item:
        """Return the request that stores a fact if it is newer than the one the table holds."""
        newest = version_of(fact)
        expires = None
        if isinstance(fact, Checkout):
            expires = items.epoch(fact.updated_at) + _CHECKOUT_DAYS * _DAY_SECONDS
        return {
            "Item": row(pk, sort_key(fact), newest=newest, doc=fact_codec.encode(fact), expires_at=expires),
            "ConditionExpression": "attribute_not_exists(pk) OR newest < :n",
            "ExpressionAttributeValues": {":n": {"S": newest}},
        }

    def versions(self, shop: str, customers: Sequence[str]) -> dict[str, int]:
        """Read the versions of many states; a customer without a state is left out."""
        keys = [key(customer_key(shop, customer), items.STATE) for customer in customers]
        found = items.batch_get(self._client, self._table, keys, "pk, version")
        return {text(item, "pk").removeprefix(f"{shop}#"): items.number(item, "version") for item in found}

    def state_item(self, shop: str, customer: str, state: State) -> Item:
        """Return a state as an item; a new one gets its log key here."""
        return state_item(customer_key(shop, customer), shop, state, state.log_key or self._new_log_key())

    def _put(self, Item: Item, **condition: Any) -> bool:  # noqa: N803  # DynamoDB's own word
        try:
            self._client.put_item(TableName=self._table, Item=Item, **condition)
        except ClientError as error:
            if items.refused_condition(error):
                return False
            raise
        return True

    def _sign(self, shop: str, customer: str, said: Item, **update: Any) -> None:
        """Change a sign; what is about a deletion alone does not touch that of a merge."""
        names = {
            name: name.removeprefix("#") for name in ("#at", "#into") if name in update["UpdateExpression"]
        }
        if ":into" not in said:
            names["#into"] = "into"
            update["ConditionExpression"] = "attribute_not_exists(#into)"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(customer_key(shop, customer), items.GONE),
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=said,
                **update,
            )
        except ClientError as error:
            if not items.refused_condition(error):
                raise

    def _get(self, pk: str, sk: str) -> Item | None:
        reply = self._client.get_item(TableName=self._table, Key=key(pk, sk), ConsistentRead=True)
        return cast("Item | None", reply.get("Item"))

    def _query(self, pk: str) -> Iterator[Item]:
        return items.pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": pk}},
            ConsistentRead=True,
        )

    def _remove(self, pk: str, facts: Iterable[StoredFact]) -> None:
        """Delete facts as they were seen: a newer version that came meanwhile stays."""
        for fact in facts:
            seen = {":n": {"S": version_of(fact)}}
            place = key(pk, sort_key(fact))
            condition = {"ConditionExpression": "newest <= :n", "ExpressionAttributeValues": seen}
            items.delete_if(self._client, self._table, place, **condition)
