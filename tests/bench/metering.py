"""What a process writes and sends: DynamoDB write units and SQS messages, seen at its own clients."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nextorder.adapters.dynamodb.items import Item
from tests.bench.measuring import item_bytes

KIBIBYTE = 1024
INDEX_KEYS = ("due_shard", "due_at")


@dataclass
class Meter:
    """
    Counts by DynamoDB's rules from the items themselves.

    A write takes one unit a KiB of the larger of old and new; the index takes one for an
    entry that comes or goes, two for one that moves; a refused write takes those of the old item.
    """

    looker: Any
    """A DynamoDB client that is not metered."""
    writes: list[tuple[str, int]] = field(default_factory=list)
    """Sort key and units."""
    reported: float = 0.0
    """The same as the local AWS counts it."""
    sent: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Queue and message."""

    def watch(self, dynamodb: Any, sqs: Any) -> None:
        """Listen to two clients."""
        for operation in ("PutItem", "DeleteItem", "BatchWriteItem"):
            dynamodb.meta.events.register(f"provide-client-params.dynamodb.{operation}", self._before)
            dynamodb.meta.events.register(f"after-call.dynamodb.{operation}", self._after)
        sqs.meta.events.register("provide-client-params.sqs.SendMessage", self._one)
        sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", self._many)

    def take(self) -> tuple[list[tuple[str, int]], float, list[tuple[str, Mapping[str, Any]]]]:
        """Return what was counted since the last time."""
        taken = self.writes, self.reported, self.sent
        self.writes, self.reported, self.sent = [], 0.0, []
        return taken

    def _before(self, params: dict[str, Any], **_: Any) -> dict[str, Any]:
        for table, changes in params.get("RequestItems", {}).items():
            for change in changes:
                put, gone = change.get("PutRequest", {}), change.get("DeleteRequest", {})
                self._count(table, put.get("Item"), gone.get("Key"))
        if "TableName" in params:
            self._count(params["TableName"], params.get("Item"), params.get("Key"))
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _count(self, table: str, new: Item | None, key: Item | None) -> None:
        place = key or {name: (new or {})[name] for name in ("pk", "sk")}
        old = self.looker.get_item(TableName=table, Key=place, ConsistentRead=True).get("Item")
        self.writes.append((place["sk"]["S"], write_units(old, new)))

    def _after(self, parsed: dict[str, Any], **_: Any) -> None:
        told = parsed.get("ConsumedCapacity", [])
        for one in told if isinstance(told, list) else [told]:
            self.reported += one["CapacityUnits"]
        if "Error" in parsed:
            sort_key, _units = self.writes.pop()
            self.writes.append((f"{sort_key} refused", 1))

    def _one(self, params: dict[str, Any], **_: Any) -> None:
        self.sent.append((params["QueueUrl"], params))

    def _many(self, params: dict[str, Any], **_: Any) -> None:
        self.sent += [(params["QueueUrl"], entry) for entry in params["Entries"]]


def write_units(old: Item | None, new: Item | None) -> int:
    """Return the units of one write, the index's included."""
    largest = max(item_bytes(item) for item in (old, new, {}) if item is not None)
    before, after = _index_entry(old), _index_entry(new)
    moved = 0 if before == after else bool(before) + bool(after)
    return max(1, math.ceil(largest / KIBIBYTE)) + moved


def _index_entry(item: Item | None) -> tuple[str, ...]:
    return tuple(item[name]["S"] for name in INDEX_KEYS) if item and INDEX_KEYS[0] in item else ()
