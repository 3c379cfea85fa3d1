"""What is sold and what it costs: variants' categories, and unit costs with the days they hold from."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.items import Item, key, row, text
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import ShopFact, UnitCost, VariantCategory, sort_key
from nextorder.domain.unit_costs import Goods, Step, step_at

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CACHE_SECONDS: Final = 300
_COST_STEPS: Final = 20
"""Changes of one item's cost that are remembered, for orders that are imported late."""
_SAID: Final = ("doc", "told")
"""What the platform says of a variant or a cost, and what the merchant has told of it."""


class DynamoAssortment:
    """ports.Assortment on the table; what was looked up is kept for 5 minutes."""

    def __init__(
        self, client: "DynamoDBClient", table: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._cached: dict[tuple[str, str], tuple[float, Item]] = {}

    def store_all(self, shop: str, facts: Sequence[ShopFact]) -> None:
        """
        Store what variants are and what inventory items cost, each only if it is news.

        Raises:
            VersionConflict: Somebody else wrote the same items, again and again.
        """
        if not all(self._store_together(shop, part) for part in items.parts(facts)):
            for fact in facts:
                if not self._store_together(shop, [fact]):
                    raise VersionConflict("the assortment changes while it is stored")

    def variants(
        self, shop: str, ids: Iterable[str], at: datetime, currency: str
    ) -> Mapping[str, tuple[str, int | None]]:
        """
        Look up category and unit cost of an order's day; a variant we do not know is left out.

        What the merchant has told of a cost stands in the variant's own item, so it is one look-up
        with or without it.
        """
        found = self._look_up(shop, [f"variant#{variant}" for variant in sorted(set(ids))])
        carried_by = {sk: inventory_item(item) for sk, item in found.items()}
        costs = self._look_up(shop, [f"cost#{one}" for one in sorted(set(carried_by.values())) if one])
        known = [goods_of(item, costs.get(f"cost#{carried_by[sk]}")) for sk, item in found.items()]
        return {one.variant: (one.category, one.cost_at(at, currency)) for one in known}

    def titles(self, shop: str) -> Mapping[str, str]:
        """Return what products are called, by id, as was told last: one query, a page a megabyte."""
        held = items.beside(self._client, self._table, shop, "variant#", ProjectionExpression="sk, doc")
        told = (_variant(item) for item in held if "doc" in item)
        titled = sorted((one.updated_at, one.product_title, one.product) for one in told if one.product_title)
        return {product: title for _, title, product in titled}

    def _store_together(self, shop: str, facts: Sequence[ShopFact]) -> bool:
        places = {sort_key(fact) for fact in facts}
        found = items.batch_get(self._client, self._table, [key(shop, place) for place in sorted(places)])
        held: dict[str, Item | None] = dict.fromkeys(places) | {text(item, "sk"): item for item in found}
        before = dict(held)
        for fact in sorted(facts, key=version_of):
            held[sort_key(fact)] = _with(held[sort_key(fact)], shop, fact)
        changed = [place for place in sorted(places) if held[place] != before[place]]
        for place in changed:
            self._cached.pop((shop, place), None)
        puts = [{"Item": held[place], **if_still(before[place])} for place in changed]
        return items.put_together(self._client, self._table, puts)

    def _look_up(self, shop: str, places: list[str]) -> dict[str, Item]:
        now = self._clock()
        fresh = {place: self._cached.get((shop, place)) for place in places}
        missing = [place for place, hit in fresh.items() if hit is None or now - hit[0] > _CACHE_SECONDS]
        found = items.batch_get(self._client, self._table, [key(shop, place) for place in missing])
        # what is not there yet is not remembered: it may come with the next webhook
        self._cached |= {(shop, text(item, "sk")): (now, item) for item in found}
        return {place: self._cached[shop, place][1] for place in places if (shop, place) in self._cached}


def goods_of(item: Item, cost: Item | None) -> Goods:
    """Read a variant's item, and that of its cost, as goods."""
    _, _, variant = text(item, "sk").partition("#")
    told = tuple(steps_of(item, "told")) if "told" in item else None
    platform = tuple(steps_of(cost, "doc"))
    if "doc" not in item:
        return Goods(variant=variant, told=told)
    fact = _variant(item)
    return Goods(variant=variant, sku=fact.sku, category=fact.category, told=told, platform=platform)


def held_of(told: ShopFact, item: Item | None) -> ShopFact | None:
    """Read what an item says of a variant, or which cost held when another was told; None = nothing."""
    if isinstance(told, UnitCost):
        return step_at(told, steps_of(item, "doc"))
    return _variant(item) if item and "doc" in item else None


def inventory_item(item: Item) -> str:
    """Name what carries the cost of a variant; empty where nothing is known to."""
    return _variant(item).inventory_item if "doc" in item else ""


def steps_of(item: Item | None, name: str) -> list[Step]:
    """Read the steps of a cost; none where nothing was told."""
    return [Step(*step) for step in json.loads(text(item, name))] if item and name in item else []


def if_still(held: Item | None) -> dict[str, Any]:
    """Return the condition that an item of the assortment says what it said; None = there was none."""
    if held is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    said = {name: held[name] for name in _SAID if name in held}
    missing = [f"attribute_not_exists({name})" for name in _SAID if name not in held]
    return {
        "ConditionExpression": " AND ".join([*(f"{name} = :{name}" for name in said), *missing]),
        "ExpressionAttributeValues": {f":{name}": value for name, value in said.items()},
    }


def _variant(item: Item) -> VariantCategory:
    return cast("VariantCategory", fact_codec.decode(text(item, "sk"), text(item, "doc")))


def _with(held: Item | None, shop: str, fact: ShopFact) -> Item:
    if isinstance(fact, UnitCost):
        news = Step(items.epoch(fact.updated_at), fact.unit_cost, fact.currency)
        steps = {step.since: step for step in (*steps_of(held, "doc"), news)}
        return row(shop, sort_key(fact), doc=json.dumps([steps[at] for at in sorted(steps)][-_COST_STEPS:]))
    version = version_of(fact)
    if held and text(held, "newest") >= version:
        return held
    told = {"told": held["told"]} if held and "told" in held else {}
    return row(shop, sort_key(fact), newest=version, doc=fact_codec.encode(fact)) | told
