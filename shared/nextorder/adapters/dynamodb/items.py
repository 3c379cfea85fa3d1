"""Keys and plain items of the table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from botocore.exceptions import ClientError

from nextorder.domain.errors import RetryLater

Item = dict[str, Any]

STATE: Final = "state"
GONE: Final = "gone"
HANDED_ON: Final = "handed-on#"
"""An order that the customer had before another one did."""
OWNER: Final = "owner"
CONTACT: Final = "contact"
FORGOTTEN: Final = "forgotten"
ACCEPTED: Final = "accepted#"
DUE_INDEX: Final = "due"
DUE_SHARDS: Final = 8
_READS_AT_ONCE: Final = 100
_ACTIONS_AT_ONCE: Final = 100
_NOT_ALLOWED: Final = "ConditionalCheckFailed"

T = TypeVar("T")


def customer_key(shop: str, customer: str) -> str:
    """Return the partition of one customer."""
    return f"{shop}#{customer}"


def order_key(shop: str, order: str) -> str:
    """Return the partition that leads from an order to its customer."""
    return f"{shop}#order#{order}"


def key(pk: str, sk: str) -> Item:
    """Return a primary key in DynamoDB's own words."""
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def row(pk: str, sk: str, **attributes: str | int | None) -> Item:
    """Return an item in DynamoDB's own words; attributes that are None or empty are left out."""
    values = {
        name: {"N": str(value)} if isinstance(value, int) else {"S": value}
        for name, value in attributes.items()
        if value is not None and value != ""
    }
    return key(pk, sk) | values


def text(item: Mapping[str, Any], name: str) -> str:
    """Read a text attribute, empty when it is missing."""
    return str(item.get(name, {}).get("S", ""))


def number(item: Mapping[str, Any], name: str) -> int:
    """Read a whole number, 0 when it is missing."""
    return int(item.get(name, {}).get("N", "0"))


def epoch(at: datetime) -> int:
    """Write a moment as DynamoDB's time to live wants it."""
    return int(at.astimezone(UTC).timestamp())


def pages(call: Any, **request: Any) -> Iterator[Item]:
    """Yield the items of a Query or Scan over all its pages."""
    while True:
        reply = call(**request)
        yield from reply["Items"]
        if "LastEvaluatedKey" not in reply:
            return
        request["ExclusiveStartKey"] = reply["LastEvaluatedKey"]


def beside(client: Any, table: str, pk: str, prefix: str, **more: Any) -> Iterator[Item]:
    """Yield the items of one partition whose sort keys begin so, in their order."""
    return pages(
        client.query,
        TableName=table,
        KeyConditionExpression="pk = :p AND begins_with(sk, :s)",
        ExpressionAttributeValues={":p": {"S": pk}, ":s": {"S": prefix}},
        **more,
    )


def of_everyone(table: str, shop: str) -> Item:
    """Return the Scan of what is held of a shop's customers: not orders' places, not the shop's own items."""
    return {
        "TableName": table,
        "FilterExpression": "begins_with(pk, :p) AND NOT begins_with(pk, :o) AND NOT begins_with(pk, :f)",
        "ExpressionAttributeValues": {
            ":p": {"S": f"{shop}#"},
            ":o": {"S": f"{shop}#order#"},
            ":f": {"S": f"{shop}#{FORGOTTEN}#"},
        },
    }


def refused_condition(error: ClientError) -> bool:
    """Tell a failed condition from everything else that can go wrong."""
    return bool(error.response["Error"]["Code"] == "ConditionalCheckFailedException")


def unmoved(version: int) -> Item:
    """Return the condition that an item still has this version; 0 = there is none."""
    if not version:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "version = :v",
        "ExpressionAttributeValues": {":v": {"N": str(version)}},
    }


def batch_get(client: Any, table: str, keys: Sequence[Item], projection: str = "") -> Iterator[Item]:
    """Yield the items that are there, strongly consistent, 100 keys a request."""
    for start in range(0, len(keys), _READS_AT_ONCE):
        asked: Item = {"Keys": list(keys[start : start + _READS_AT_ONCE]), "ConsistentRead": True}
        request: Item = {table: asked | ({"ProjectionExpression": projection} if projection else {})}
        while request:
            reply = client.batch_get_item(RequestItems=request)
            yield from reply["Responses"].get(table, [])
            request = reply.get("UnprocessedKeys", {})


def delete_if(client: Any, table: str, place: Item, **condition: Any) -> bool:
    """Delete an item if a condition holds; tell whether it did. An item that is not there is deleted."""
    condition["ConditionExpression"] = f"attribute_not_exists(pk) OR ({condition['ConditionExpression']})"
    try:
        client.delete_item(TableName=table, Key=place, **condition)
    except ClientError as error:
        if refused_condition(error):
            return False
        raise
    return True


def parts(everything: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a sequence to what one transaction takes."""
    for start in range(0, len(everything), _ACTIONS_AT_ONCE):
        yield everything[start : start + _ACTIONS_AT_ONCE]


def put_together(client: Any, table: str, puts: Sequence[Item]) -> bool:
    """Put items, all or none; False when one of the conditions does not hold."""
    return not puts or _reasons_against(client, table, puts) is None


def put_where_allowed(client: Any, table: str, puts: Sequence[Item]) -> bool:
    """Put the items whose own conditions hold, together; False when others write the same ones just now."""
    rest = list(puts)
    while rest:
        reasons = _reasons_against(client, table, rest)
        if reasons is None:
            return True
        if len(reasons) != len(rest) or _NOT_ALLOWED not in reasons or set(reasons) - {"None", _NOT_ALLOWED}:
            return False
        rest = [put for put, reason in zip(rest, reasons, strict=True) if reason != _NOT_ALLOWED]
    return True


def _reasons_against(client: Any, table: str, puts: Sequence[Item]) -> list[str] | None:
    """
    Put items, all or none; return None when that was done.

    NOTE: a cancelled transaction says of each action, in their order, why; "None" where it was not the cause.
    """
    try:
        client.transact_write_items(TransactItems=[{"Put": {"TableName": table, **put}} for put in puts])
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return [str(reason.get("Code", "")) for reason in error.response.get("CancellationReasons", ())]
    return None


def write_all(client: Any, table: str, requests: list[Item]) -> None:
    """Send put and delete requests, 25 at a time, until none is left unprocessed."""
    rest = list(requests)
    idle = 0
    while rest:
        reply = client.batch_write_item(RequestItems={table: rest[:25]})
        undone = reply.get("UnprocessedItems", {}).get(table, [])
        # NOTE: under throttling DynamoDB may hand everything back; three empty rounds are enough to give up
        idle = idle + 1 if len(undone) == len(rest[:25]) else 0
        if idle > 3:  # noqa: PLR2004
            raise RetryLater("DynamoDB takes no writes")
        rest = undone + rest[25:]
