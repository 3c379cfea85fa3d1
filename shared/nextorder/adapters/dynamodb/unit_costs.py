"""Unit costs as a whole: the merchant's words on them, and orders that are priced anew."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.assortment import goods_of, if_still, inventory_item, steps_of
from nextorder.adapters.dynamodb.items import Item, customer_key, key, row, text
from nextorder.adapters.dynamodb.records import fact_of
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Order, sort_key
from nextorder.domain.unit_costs import CostWord, Goods, retold

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES: Final = 10


class DynamoUnitCosts:
    """ports.UnitCosts on the table."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def goods(self, shop: str) -> Mapping[str, Goods]:
        """Return every variant of which anything is known: two queries, a page a megabyte."""
        costs = {text(item, "sk"): item for item in self._all(shop, "cost#")}
        found = (
            goods_of(item, costs.get(f"cost#{inventory_item(item)}")) for item in self._all(shop, "variant#")
        )
        return {one.variant: one for one in found}

    def tell(self, shop: str, words: Iterable[CostWord]) -> None:
        """
        Keep what the merchant says, beside what the platform says of the same variant.

        Raises:
            VersionConflict: Somebody else wrote the same items, again and again.
        """
        by_variant: dict[str, list[CostWord]] = defaultdict(list)
        for word in words:
            by_variant[f"variant#{word.variant}"].append(word)
        for part in items.parts(sorted(by_variant)):
            if not any(self._tell_together(shop, part, by_variant) for _ in range(_TRIES)):
                raise VersionConflict("the assortment changes while it is told of")

    def rewrite(self, shop: str, customer: str, orders: Sequence[tuple[Order, Order]]) -> bool:
        """Put orders in place of those that were read, a hundred together; False when one moved on."""
        pk = customer_key(shop, customer)
        held = {text(item, "sk"): item for item in self._all(pk, "order#", ConsistentRead=True)}
        if any(_order(held.get(sort_key(read)), customer) != read for read, _ in orders):
            return False
        puts = [_in_place_of(held[sort_key(now)], now) for _, now in orders]
        return all(items.put_together(self._client, self._table, part) for part in items.parts(puts))

    def _tell_together(
        self, shop: str, places: Sequence[str], words: Mapping[str, Sequence[CostWord]]
    ) -> bool:
        keys = [key(shop, place) for place in places]
        held = {text(item, "sk"): item for item in items.batch_get(self._client, self._table, keys)}
        puts = []
        for place in places:
            before = held.get(place)
            told = retold(steps_of(before, "told"), words[place])
            now = (before or row(shop, place)) | {"told": {"S": json.dumps(told)}}
            puts += [{"Item": now, **if_still(before)}] if now != before else []
        return items.put_together(self._client, self._table, puts)

    def _all(self, pk: str, prefix: str, **more: bool) -> Iterable[Item]:
        return items.beside(self._client, self._table, pk, prefix, **more)


def _order(item: Item | None, customer: str) -> object:
    return fact_of(item, customer) if item else None


def _in_place_of(held: Item, now: Order) -> Item:
    """
    Return the request that writes an order where the one that was read still stands.

    NOTE: its version counts known costs, among equals only: whoever read the same words from the
    platform and knows as many costs is the same version, and any later word is a greater one.
    """
    return {
        "Item": held | {"newest": {"S": version_of(now)}, "doc": {"S": fact_codec.encode(now)}},
        "ConditionExpression": "newest = :n",
        "ExpressionAttributeValues": {":n": held["newest"]},
    }
