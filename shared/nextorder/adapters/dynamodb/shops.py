"""Shops in the table: settings, frozen numbers, store models, catalogues."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final, get_type_hints

from botocore.exceptions import ClientError

from nextorder.adapters import document
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue import Catalogue, catalogue_name, parse_catalogue
from nextorder.domain.catalogue_text import completed
from nextorder.domain.errors import BadSettings
from nextorder.domain.messages import ShopChanged
from nextorder.domain.shop import Shop
from nextorder.scoring.model import StoreModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CACHE_SECONDS: Final = 60
_ALL_SHOPS: Final = "shops"
_FIELDS: Final = frozenset(field.name for field in fields(Shop)) - {"id"}
_MADE_ANEW: Final = frozenset({"numbers", "withheld"})
"""What a later release wrote there is of another fit, and would be false beside this one's."""


class DynamoShops:
    """
    ports.Shops on the table; a shop is read again after a minute, a model or a catalogue never.

    Their names are their hashes.

    Each field of a shop is an attribute of its own: a fit, a merchant and a webhook write at the
    same time, each from what it read up to a minute ago. Settings that only a later release knows
    stay where they are, also within a field that is written.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        *,
        prior: Callable[[], StoreModel],
        packaged: Callable[[], str] = packaged_catalogue,
        clock: Callable[[], float] = time.monotonic,
        cache_seconds: float = _CACHE_SECONDS,
    ) -> None:
        self._client = client
        self._table = table
        self._cache_seconds = cache_seconds
        self._prior = prior
        self._packaged = packaged
        self._clock = clock
        self._shops: dict[str, tuple[float, Shop]] = {}
        self._models: dict[str, StoreModel] = {}
        self._catalogues: dict[tuple[str, str], Catalogue] = {}

    def get(self, shop: str) -> Shop | None:
        """Read a connected shop; None = not connected, which is never remembered."""
        read_at, found = self._shops.get(shop, (float("-inf"), None))
        if found and self._clock() - read_at < self._cache_seconds:
            return found
        item = self._item(shop, "shop")
        if item is None:
            return None
        now = _shop_of(shop, item)
        self._shops[shop] = (self._clock(), now)
        return now

    def save(self, shop: Shop) -> None:
        """Write all of a shop, and its name among the connected shops; for one that is new."""
        self._put(key(shop.id, "shop") | _attributes({name: getattr(shop, name) for name in _FIELDS}))
        self._put(row(_ALL_SHOPS, shop.id))
        self._shops.pop(shop.id, None)

    def change(self, shop: str, **changes: Any) -> bool:
        """Write these fields and no others; False when the shop is not connected."""
        held = self._item(shop, "shop") or {}
        return self._update(shop, _attributes(changes, held), "attribute_exists(pk)")

    def follow(self, shop: str, told: ShopChanged) -> bool:
        """Take over what the platform says of the shop; False when newer is known, or nothing of the shop."""
        terms = _attributes(
            {
                "timezone": told.timezone,
                "currency": told.currency,
                "domain": told.domain,
                "updated_at": told.at,
            }
        )
        return self._update(
            shop, terms, "attribute_exists(pk) AND (attribute_not_exists(#told_at) OR #told_at < :told_at)"
        )

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

    def catalogue(self, shop: Shop) -> Catalogue:
        """
        Read the catalogue that the shop has pinned, or the packaged one while it has none.

        Raises:
            BadSettings: The text is missing, or this release cannot read it.
        """
        place = (shop.catalogue, shop.tag_prefix)
        if place not in self._catalogues:
            whole = completed(self.catalogue_text(shop), self._packaged())
            self._catalogues[place] = parse_catalogue(whole, prefix=shop.tag_prefix)
        return self._catalogues[place]

    def catalogue_text(self, shop: Shop) -> str:
        """Read the text of the catalogue in force; raises BadSettings when it is missing."""
        if not shop.catalogue:
            return self._packaged()
        item = self._item(shop.id, f"catalogue#{shop.catalogue}")
        if item is None:
            raise BadSettings(f"catalogue {shop.catalogue} is missing: run `nextorder catalogue apply`")
        return text(item, "doc")

    def save_catalogue(self, shop: str, text: str) -> str:
        """Write a catalogue's text under its own name, the hash of the text; it is not in force yet."""
        name = catalogue_name(text)
        self._put(row(shop, f"catalogue#{name}", doc=text))
        return name

    def _read_model(self, shop: str, name: str) -> StoreModel:
        item = self._item(shop, f"model#{name}")
        if item is None:
            raise ValueError(f"model {name} is missing: run `nextorder fit`")
        model = StoreModel.from_document(json.loads(text(item, "doc")))
        if model.name != name:
            raise ValueError(f"model {name} is not what its name says: run `nextorder fit`")
        return model

    def _update(self, shop: str, attributes: Item, condition: str) -> bool:
        self._shops.pop(shop, None)
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(shop, "shop"),
                UpdateExpression="SET " + ", ".join(f"#{name} = :{name}" for name in attributes),
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in attributes},
                ExpressionAttributeValues={f":{name}": value for name, value in attributes.items()},
            )
        except ClientError as error:
            if items.refused_condition(error):
                return False
            raise
        return True

    def _item(self, pk: str, sk: str) -> Item | None:
        reply = self._client.get_item(TableName=self._table, Key=key(pk, sk), ConsistentRead=True)
        return dict(reply["Item"]) if "Item" in reply else None

    def _put(self, item: Item) -> None:
        self._client.put_item(TableName=self._table, Item=item)


def _attributes(changes: Mapping[str, Any], held: Item | None = None) -> Item:
    """Write fields as JSON, with every digit: customers are compared with a shop's numbers."""
    if unknown := changes.keys() - _FIELDS:
        raise TypeError(f"a shop has no {', '.join(sorted(unknown))}")
    written = {name: {"S": json.dumps(_written(name, value, held or {}))} for name, value in changes.items()}
    told_at = changes.get("updated_at")
    # beside the text, which does not sort: it has fractions of a second only where there are some
    return written | ({"told_at": {"N": f"{told_at.timestamp():.6f}"}} if told_at else {})


def _written(name: str, value: Any, held: Item) -> Any:
    plain = document.to_plain(value, digits=document.ALL_DIGITS)
    if name in _MADE_ANEW or name not in held:
        return plain
    return document.kept_beside(get_type_hints(Shop)[name], plain, json.loads(text(held, name)))


def _shop_of(shop: str, item: Item) -> Shop:
    held = {name: json.loads(text(item, name)) for name in _FIELDS & item.keys()}
    found: Shop = document.from_plain(Shop, {"id": shop, **held})
    return found
