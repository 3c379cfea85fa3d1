"""Facts in many places of the table at once, by exact keys: no partition is read whole."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.assortment import held_of
from nextorder.adapters.dynamodb.items import customer_key, key, order_key, text
from nextorder.adapters.dynamodb.records import fact_of
from nextorder.domain.facts import ShopFact, StoredFact, sort_key
from nextorder.domain.reconciliation import Place

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoHoldings:
    """The facts that reconcile compares with; strongly consistent, 100 keys a request."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of_orders(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        """
        Return facts by order; each lives with the order's owner, or at the order's own place.

        One that moves between the two reads is not found, and so is taken in once more.
        """
        owners = self._owners(shop, (order for order, _ in places))
        lives_at = {
            (order, sk): customer_key(shop, owners[order]) if owners.get(order) else order_key(shop, order)
            for order, sk in places
        }
        return self._found(lives_at, owners)

    def of_customers(self, shop: str, places: Sequence[Place]) -> Mapping[Place, StoredFact]:
        """Return facts by customer."""
        lives_at = {(customer, sk): customer_key(shop, customer) for customer, sk in places}
        return self._found(lives_at, {customer: customer for customer, _ in places})

    def of_goods(self, shop: str, told: Sequence[ShopFact]) -> Mapping[str, ShopFact]:
        """Return what is held of variants and costs."""
        keys = [key(shop, place) for place in sorted({sort_key(fact) for fact in told})]
        found = {text(item, "sk"): item for item in items.batch_get(self._client, self._table, keys)}
        known = ((fact, held_of(fact, found.get(sort_key(fact)))) for fact in told)
        return {sort_key(fact): held for fact, held in known if held}

    def _owners(self, shop: str, orders: Iterable[str]) -> Mapping[str, str]:
        by_pk = {order_key(shop, order): order for order in orders}
        found = items.batch_get(
            self._client, self._table, [key(pk, items.OWNER) for pk in by_pk], "pk, customer"
        )
        return {by_pk[text(item, "pk")]: text(item, "customer") for item in found}

    def _found(
        self, lives_at: Mapping[Place, str], customers: Mapping[str, str]
    ) -> Mapping[Place, StoredFact]:
        places = {(pk, place[1]): place for place, pk in lives_at.items()}
        keys = [key(pk, sk) for pk, sk in places]
        found: dict[Place, StoredFact] = {}
        for item in items.batch_get(self._client, self._table, keys, "pk, sk, doc"):
            place = places[text(item, "pk"), text(item, "sk")]
            found[place] = fact_of(item, customers.get(place[0]) or None)
        return found
