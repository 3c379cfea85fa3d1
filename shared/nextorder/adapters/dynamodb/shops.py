"""Shops in the table: settings, frozen numbers, store models."""

import json
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CACHE_SECONDS: Final = 60
_ALL_SHOPS: Final = "shops"


class DynamoShops:
    """ports.Shops on the table; a shop is read again after a minute, a model never: its name is its hash."""

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
        self._shops: dict[str, tuple[float, Shop | None]] = {}
        self._models: dict[str, StoreModel] = {}

    def get(self, shop: str) -> Shop | None:
        """Read a connected shop; None = never connected."""
        read_at, found = self._shops.get(shop, (float("-inf"), None))
        if self._clock() - read_at > _CACHE_SECONDS:
            item = self._item(shop, "shop")
            found = document.decode(Shop, text(item, "doc")) if item else None
            self._shops[shop] = (self._clock(), found)
        return found

    def save(self, shop: Shop) -> None:
        """Write a shop's settings and numbers, and its name among the connected shops."""
        self._put(row(shop.id, "shop", doc=document.encode(shop)))
        self._put(row(_ALL_SHOPS, shop.id))
        self._shops.pop(shop.id, None)

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
            ValueError: The document does not have the hash that names it, or is missing.
        """
        name = shop.numbers.model
        if name not in self._models:
            self._models[name] = self._read_model(shop.id, name) if name else self._prior()
        return self._models[name]

    def save_model(self, shop: str, model: StoreModel) -> None:
        """Write a model under its own name, the hash of its document."""
        self._put(row(shop, f"model#{model.name}", doc=json.dumps(model.to_document())))

    def _read_model(self, shop: str, name: str) -> StoreModel:
        item = self._item(shop, f"model#{name}")
        if item is None:
            raise ValueError(f"model {name} is missing: run `nextorder fit`")
        model = StoreModel.from_document(json.loads(text(item, "doc")))
        if model.name != name:
            raise ValueError(f"model {name} is not what its name says: run `nextorder fit`")
        return model

    def _item(self, pk: str, sk: str) -> Item | None:
        reply = self._client.get_item(TableName=self._table, Key=key(pk, sk), ConsistentRead=True)
        return dict(reply["Item"]) if "Item" in reply else None

    def _put(self, item: Item) -> None:
        self._client.put_item(TableName=self._table, Item=item)
