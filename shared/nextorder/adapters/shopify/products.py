"""Product and inventory bodies -> what a variant is and what it costs."""

import re
import unicodedata
from typing import Final

from nextorder.adapters.shopify.envelope import Envelope
from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import UnitCost, VariantCategory
from nextorder.domain.messages import Reading

_LONGEST_CATEGORY: Final = 24
_LONGEST_TITLE: Final = 80
_OTHER: Final = "other"


def read_product(body: Node, envelope: Envelope) -> Reading:
    """Read products/create and products/update; the category is the product's, for each variant."""
    product, title = body.id_of(), title_of(body.text("title"))
    taxonomy = body.child("category")
    category = category_of(body.text("product_type"), taxonomy.text("name") if taxonomy else "")
    updated_at = envelope.clock(body, "updated_at")
    variants = tuple(
        VariantCategory(
            id=variant.id_of(),
            inventory_item=variant.maybe_id("inventory_item_id"),
            category=category,
            updated_at=updated_at,
            sku=variant.text("sku"),
            product=product,
            product_title=title,
        )
        for variant in body.children("variants")
    )
    return Reading(shop_facts=variants)


def read_inventory_item(body: Node, envelope: Envelope) -> Reading:
    """Read inventory_items/update; null = not known. What webhooks say is in the shop's currency."""
    body.require("cost")
    currency = body.text("currency") or envelope.currency
    cost = UnitCost(
        id=body.id_of(),
        updated_at=envelope.clock(body, "updated_at"),
        unit_cost=None if body.body["cost"] in (None, "") else body.money("cost", currency),
        currency=currency,
    )
    return Reading(shop_facts=(cost,))


def category_of(product_type: str, taxonomy: str = "") -> str:
    """
    Name a category as a slug of at most 24 of a-z, 0-9 and -.

    >>> category_of("Café & Küche")
    'cafe-kuche'
    >>> category_of("", "")
    'other'
    """
    return slug(product_type) or slug(taxonomy) or _OTHER


def title_of(written: str) -> str:
    """
    Return a title on one line, of at most 80 characters.

    >>> title_of(" Mug,  blue ")
    'Mug, blue'
    """
    return " ".join(written.split())[:_LONGEST_TITLE].rstrip()


def slug(name: str) -> str:
    """Return a name as at most 24 of a-z, 0-9 and -; empty where nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_CATEGORY].rstrip("-")
