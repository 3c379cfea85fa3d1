"""Products, their variants and what these cost, as queries see them."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.shopify.ids import gid, number_of
from tests.fakes.shopify.looks import Body, Field, Part, at, money, plain
from tests.fakes.shopify.paging import connection


def _to(kind: str, key: str) -> Field:
    """Return the resource that the body names by number."""

    def field(part: Part) -> Any:
        from tests.fakes.shopify.views import view_or_bare  # noqa: PLC0415 - they show each other

        number = part.body.get(key)
        return view_or_bare(part.store, gid(kind, number)) if number else None

    return field


def _item(part: Part) -> Any:
    """A variant always has an inventory item; one that is not named has the variant's own number."""
    from tests.fakes.shopify.views import view_or_bare  # noqa: PLC0415 - they show each other

    return view_or_bare(
        part.store, gid("InventoryItem", part.body.get("inventory_item_id") or part.body["id"])
    )


def _variants(part: Part) -> Any:
    from tests.fakes.shopify.views import view_or_bare  # noqa: PLC0415 - they show each other

    ids = [gid("ProductVariant", one["id"]) for one in part.body.get("variants") or ()]
    return lambda _info, **page: connection([view_or_bare(part.store, id_) for id_ in ids], page)


def _category(part: Part) -> Any:
    given = part.body.get("category")
    if not given:
        return None
    name = given.get("name", "")
    return {
        "__typename": "TaxonomyCategory",
        "id": given.get("admin_graphql_api_id") or gid("TaxonomyCategory", given.get("id", "na")),
        "name": name,
        "fullName": given.get("full_name", name),
        "isLeaf": True,
        "isRoot": False,
        "isArchived": False,
        "level": 1,
    }


def _cost(part: Part) -> Body | None:
    cost = part.body.get("cost")
    currency = part.body.get("currency") or part.store.currency
    return money(cost, currency) if cost not in (None, "") else None


PRODUCT: Mapping[str, Field] = {
    "title": plain("title", ""),
    "handle": plain("handle", ""),
    "vendor": plain("vendor", ""),
    "productType": plain("product_type", ""),
    "status": lambda part: str(part.body.get("status") or "active").upper(),
    "isGiftCard": plain("gift_card", default=False),
    "publishedAt": at("published_at"),
    "category": _category,
    "variants": _variants,
}
VARIANT: Mapping[str, Field] = {
    "title": plain("title", ""),
    "displayName": plain("title", ""),
    "sku": plain("sku"),
    "barcode": plain("barcode"),
    "position": plain("position", 1),
    "price": lambda part: str(part.body.get("price", "0.00")),
    "taxable": plain("taxable", default=True),
    "product": _to("Product", "product_id"),
    "inventoryItem": _item,
}
INVENTORY_ITEM: Mapping[str, Field] = {
    "sku": plain("sku"),
    "tracked": plain("tracked", default=True),
    "requiresShipping": plain("requires_shipping", default=True),
    "unitCost": _cost,
    "legacyResourceId": lambda part: number_of(gid("InventoryItem", part.body["id"])),
}
