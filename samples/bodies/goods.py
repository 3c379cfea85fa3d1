"""Products with their variants, and inventory items with their unit cost."""

from collections.abc import Sequence
from datetime import datetime

from samples.assortment import Variant
from samples.bodies.money import Payload, pounds
from samples.invented import shopify_id


def _variant_body(variant: Variant, position: int, moment: str) -> Payload:
    identifier = shopify_id("ProductVariant", variant.number)
    return {
        "admin_graphql_api_id": f"gid://shopify/ProductVariant/{identifier}",
        "barcode": None,
        "compare_at_price": None,
        "created_at": moment,
        "id": identifier,
        "inventory_policy": "deny",
        "position": position,
        "price": pounds(variant.price),
        "product_id": shopify_id("Product", variant.product),
        "sku": f"NX-{variant.number:05d}",
        "taxable": True,
        "title": variant.title,
        "updated_at": moment,
        "option1": variant.title,
        "option2": None,
        "option3": None,
        "image_id": None,
        "inventory_item_id": shopify_id("InventoryItem", variant.number),
        "inventory_quantity": 0,
        "old_inventory_quantity": 0,
    }


def product_body(variants: Sequence[Variant], since: datetime) -> Payload:
    """Return the body of products/update for all variants of one product."""
    first, moment = variants[0], since.isoformat()
    identifier = shopify_id("Product", first.product)
    bodies = [_variant_body(each, position, moment) for position, each in enumerate(variants, start=1)]
    return {
        "admin_graphql_api_id": f"gid://shopify/Product/{identifier}",
        "body_html": None,
        "created_at": moment,
        "handle": f"product-{first.product}",
        "id": identifier,
        "product_type": first.category,
        "published_at": moment,
        "template_suffix": None,
        "title": first.title if len(variants) == 1 else first.category,
        "updated_at": moment,
        "vendor": None,
        "status": "active",
        "published_scope": "web",
        "tags": "",
        "variants": bodies,
        "options": [],
        "images": [],
        "image": None,
        "media": [],
        "variant_gids": [
            {"admin_graphql_api_id": each["admin_graphql_api_id"], "updated_at": moment} for each in bodies
        ],
        "has_variants_that_requires_components": False,
        "category": None,
    }


def inventory_item_body(variant: Variant, since: datetime) -> Payload:
    """Return the body of inventory_items/update; `cost` is null where none is entered."""
    identifier, moment = shopify_id("InventoryItem", variant.number), since.isoformat()
    return {
        "id": identifier,
        "sku": f"NX-{variant.number:05d}",
        "created_at": moment,
        "updated_at": moment,
        "requires_shipping": True,
        "cost": None if variant.unit_cost is None else pounds(variant.unit_cost),
        "country_code_of_origin": None,
        "province_code_of_origin": None,
        "harmonized_system_code": None,
        "tracked": True,
        "country_harmonized_system_codes": [],
        "weight_value": 0,
        "weight_unit": "kg",
        "admin_graphql_api_id": f"gid://shopify/InventoryItem/{identifier}",
    }
