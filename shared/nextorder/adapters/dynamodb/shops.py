"""Shops in the table: settings, frozen numbers, unit costs, store models."""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, cast

from botocore.exceptions import ClientError

from nextorder.adapters import document, fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import ShopFact, UnitCost, VariantCategory, sort_key
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CACHE_SECONDS: Final = 300
_SHOP_CACHE_SECONDS: Final = 60
_BATCH: Final = 100
_ALL_SHOPS: Final = "shops"
_COST_STEPS: Final = 20
"""Changes of one item's cost that are remembered, for orders that are imported late."""


class DynamoShops:
    """ports.Shops on the table; costs are cached for 5 minutes, the shop item for one."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        prior: Callable[[], StoreModel],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._table = table
        self._prior = prior
        self._clock = clock
        self._cached: dict[tuple[str, str], tuple[float, Item | None]] = {}

    def get(self, shop: str) -> Shop | None:
        """Read a connected shop; None = never connected."""
        item = self._look_up(shop, ["shop"], _SHOP_CACHE_SECONDS)["shop"]
        return document.decode(Shop, text(item, "doc")) if item else None

    def save(self, shop: Shop) -> None:
        """Write a shop's settings and numbers, and its name among the connected shops."""
        self._put(row(shop.id, "shop", doc=document.encode(shop)))
        self._put(row(_ALL_SHOPS, shop.id))

    def connected(self) -> list[str]:
        """Name all connected shops."""
        found = items.pages(
            self._client.query,
            TableName=self._table,
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": _ALL_SHOPS}},
        )
        return [text(item, "sk") for item in found]

    def model(self, shop: Shop) -> StoreModel:
        """
        Read the store's own model, or the bundled prior while it has none.

        Raises:
            ValueError: The document does not have the hash that names it.
        """
        name = shop.numbers.model
        if not name:
            return self._prior()
        item = self._look_up(shop.id, [f"model#{name}"], _CACHE_SECONDS)[f"model#{name}"]
        return StoreModel.from_document(json.loads(text(item, "doc"))) if item else self._prior()

    def save_model(self, shop: str, model: StoreModel) -> None:
        """Write a model under its own name, the hash of its document."""
        self._put(row(shop, f"model#{model.name}", doc=json.dumps(model.to_document())))

    def store(self, shop: str, fact: ShopFact) -> bool:
        """Store what a variant is, or what its inventory item costs from a moment on."""
        return self._store_cost(shop, fact) if isinstance(fact, UnitCost) else self._store_variant(shop, fact)

    def variants(self, shop: str, ids: Iterable[str], at: datetime) -> Mapping[str, tuple[str, int | None]]:
        """Look up category and unit cost as of a moment; a variant we do not know is left out."""
        variants = self._facts(shop, [f"variant#{variant}" for variant in sorted(set(ids))])
        known = [cast("VariantCategory", fact) for fact in variants]
        inventory = [f"cost#{variant.inventory_item}" for variant in known if variant.inventory_item]
        costs = self._look_up(shop, inventory, _CACHE_SECONDS)
        return {
            variant.id: (variant.category, _cost_at(costs.get(f"cost#{variant.inventory_item}"), at))
            for variant in known
        }

    def _facts(self, shop: str, sort_keys: list[str]) -> list[Any]:
        found = self._look_up(shop, sort_keys, _CACHE_SECONDS)
        return [fact_codec.decode(sk, text(item, "doc")) for sk, item in found.items() if item]

    def _store_variant(self, shop: str, fact: VariantCategory) -> bool:
        doc = fact_codec.encode(fact)
        version = version_of(fact)
        return self._put(
            row(shop, sort_key(fact), newest=version, doc=doc),
            ConditionExpression="attribute_not_exists(pk) OR newest < :n",
            ExpressionAttributeValues={":n": {"S": version}},
        )

    def _store_cost(self, shop: str, fact: UnitCost) -> bool:
        sk = sort_key(fact)
        item = self._client.get_item(TableName=self._table, Key=key(shop, sk), ConsistentRead=True).get(
            "Item"
        )
        old = dict(_steps(item))
        steps = old | {items.epoch(fact.updated_at): fact.unit_cost}
        if steps == old:
            return False
        kept = sorted(steps.items())[-_COST_STEPS:]
        condition = "doc = :d" if item else "attribute_not_exists(pk)"
        values = {"ExpressionAttributeValues": {":d": item["doc"]}} if item else {}
        if not self._put(row(shop, sk, doc=json.dumps(kept)), ConditionExpression=condition, **values):
            raise VersionConflict("the cost changed meanwhile")
        return True

    def _put(self, item: Item, **condition: Any) -> bool:
        self._cached.pop((text(item, "pk"), text(item, "sk")), None)
        try:
            self._client.put_item(TableName=self._table, Item=item, **condition)
        except ClientError as error:
            if items.refused_condition(error):
                return False
            raise
        return True

    def _look_up(self, shop: str, sort_keys: list[str], seconds: float) -> dict[str, Item | None]:
        now = self._clock()
        fresh = {sk: self._cached.get((shop, sk)) for sk in sort_keys}
        missing = [sk for sk, hit in fresh.items() if hit is None or now - hit[0] > seconds]
        for start in range(0, len(missing), _BATCH):
            for sk, item in self._batch_get(shop, missing[start : start + _BATCH]).items():
                self._cached[shop, sk] = (now, item)
        return {sk: self._cached[shop, sk][1] for sk in sort_keys}

    def _batch_get(self, shop: str, sort_keys: list[str]) -> dict[str, Item | None]:
        found: dict[str, Item | None] = dict.fromkeys(sort_keys)
        request: Any = {self._table: {"Keys": [key(shop, sk) for sk in sort_keys], "ConsistentRead": True}}
        while request:
            reply = self._client.batch_get_item(RequestItems=request)
            found |= {text(item, "sk"): item for item in reply["Responses"].get(self._table, [])}
            request = reply.get("UnprocessedKeys")
        return found


def _steps(item: Any) -> list[tuple[int, int | None]]:
    return [(at, cost) for at, cost in json.loads(text(item, "doc"))] if item else []


def _cost_at(item: Item | None, at: datetime) -> int | None:
    steps = _steps(item)
    if not steps:
        return None
    seconds = items.epoch(at.astimezone(UTC))
    # before the first cost we know, the first one is the best guess
    return next((cost for since, cost in reversed(steps) if since <= seconds), steps[0][1])
