"""Which customer each person of a destination stands for: items of the shop, one a person."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import key, row, text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_HOLDER: Final = "holder#"


class DynamoHolders:
    """ports.Holders: the destination's own id of a person leads to our customer's."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def hold(self, shop: str, destination: str, wanted: Mapping[str, str]) -> Mapping[str, str]:
        """Give persons whom nobody holds to customers, a hundred a request; return who holds each now."""
        places = {remote_id: _place(destination, remote_id) for remote_id in wanted}
        keys = [key(shop, place) for place in places.values()]
        found = items.batch_get(self._client, self._table, keys)
        held = {text(item, "sk"): text(item, "customer") for item in found}
        free = {remote_id: one for remote_id, one in wanted.items() if places[remote_id] not in held}
        for part in items.parts(list(free)):
            puts = {one: _put(shop, places[one], free[one]) for one in part}
            if items.put_together(self._client, self._table, [*puts.values()]):
                held |= {places[one]: free[one] for one in part}
                continue
            for one, put in puts.items():
                is_ours = items.put_together(self._client, self._table, [put])
                held[places[one]] = free[one] if is_ours else self._holder(shop, places[one])
        return {remote_id: held[place] for remote_id, place in places.items()}

    def hand_over(self, shop: str, destination: str, remote_id: str, *, held_by: str, to: str) -> bool:
        """Write another customer over the one who was read."""
        put = {
            "Item": row(shop, _place(destination, remote_id), customer=to),
            "ConditionExpression": "customer = :was",
            "ExpressionAttributeValues": {":was": {"S": held_by}},
        }
        return bool(items.put_together(self._client, self._table, [put]))

    def release(self, shop: str, destination: str, remote_id: str, *, held_by: str) -> None:
        """Delete the item, unless another holds the person by now."""
        items.delete_if(
            self._client,
            self._table,
            key(shop, _place(destination, remote_id)),
            ConditionExpression="customer = :was",
            ExpressionAttributeValues={":was": {"S": held_by}},
        )

    def _holder(self, shop: str, place: str) -> str:
        reply = self._client.get_item(TableName=self._table, Key=key(shop, place), ConsistentRead=True)
        return text(reply.get("Item", {}), "customer")


def _place(destination: str, remote_id: str) -> str:
    return f"{_HOLDER}{destination}#{remote_id}"


def _put(shop: str, place: str, customer: str) -> items.Item:
    return {
        "Item": row(shop, place, customer=customer),
        "ConditionExpression": "attribute_not_exists(pk)",
    }
