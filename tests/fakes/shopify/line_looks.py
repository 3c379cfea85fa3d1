"""The lines of an order, goods and shipping, as queries see them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from tests.fakes.shopify.ids import gid
from tests.fakes.shopify.looks import (
    Body,
    Field,
    Look,
    Part,
    always,
    bag,
    identity,
    moneys,
    plain,
    sum_of,
)
from tests.fakes.shopify.paging import connection
from tests.fakes.shopify.store import Info


def pages(key: str, type_: str, fields: Mapping[str, Field]) -> Field:
    """Return a connection over the bodies under a key."""

    def field(part: Part) -> Any:
        looks = [Look(type_, fields, part.inner(one)) for one in part.body.get(key) or ()]
        return lambda _info, **page: connection(looks, page)

    return field


def listed(key: str, type_: str, fields: Mapping[str, Field]) -> Field:
    """Return a list over the bodies under a key; `first` cuts it."""

    def field(part: Part) -> Any:
        looks = [Look(type_, fields, part.inner(one)) for one in part.body.get(key) or ()]
        return lambda _info, first=None, **_: looks[:first]

    return field


def discounts(part: Part) -> Decimal:
    """Return what all allocations of a line come to."""
    return sum(
        (sum_of(part.inner(one), "amount") for one in part.body.get("discount_allocations") or ()), Decimal()
    )


def _taxes(part: Part) -> Decimal:
    return sum((sum_of(part.inner(one), "price") for one in part.body.get("tax_lines") or ()), Decimal())


def _units(part: Part) -> int:
    return int(part.body["quantity"])


def _total(part: Part) -> Decimal:
    return sum_of(part, "price") * _units(part)


def _after_discounts(part: Part) -> Decimal:
    return (_total(part) - discounts(part)) / (_units(part) or 1)


def _before_taxes(part: Part) -> Body:
    current = int(part.body.get("current_quantity", _units(part)))
    left = (_after_discounts(part) * current).quantize(Decimal("0.01"))
    taxes = _taxes(part) * current / (_units(part) or 1) if part.whole.get("taxes_included") else Decimal()
    return bag((left - taxes).quantize(Decimal("0.01")), part)


ALLOCATION: Mapping[str, Field] = {"allocatedAmountSet": moneys("amount")}
TAX: Mapping[str, Field] = {
    "title": plain("title", ""),
    "rate": lambda part: float(part.body["rate"]) if part.body.get("rate") is not None else None,
    "priceSet": moneys("price"),
}
LINE: Mapping[str, Field] = {
    "id": identity("LineItem"),
    "title": plain("title", ""),
    "name": plain("name", ""),
    "sku": plain("sku"),
    "vendor": plain("vendor"),
    "variantTitle": plain("variant_title"),
    "quantity": plain("quantity"),
    "currentQuantity": lambda part: part.body.get("current_quantity", part.body["quantity"]),
    "isGiftCard": plain("gift_card", default=False),
    "requiresShipping": plain("requires_shipping", default=True),
    "taxable": lambda part: part.body.get("taxable", "tip_payment_gateway" not in part.body),
    "product": lambda part: _of_line(part, "Product", "product_id"),
    "variant": lambda part: _of_line(part, "ProductVariant", "variant_id"),
    "originalUnitPriceSet": moneys("price"),
    "originalTotalSet": lambda part: bag(_total(part), part),
    "totalDiscountSet": lambda part: bag(discounts(part), part),
    "discountedTotalSet": lambda part: lambda _info, **_: bag(_total(part) - discounts(part), part),
    "discountedUnitPriceAfterAllDiscountsSet": lambda part: bag(
        _after_discounts(part).quantize(Decimal("0.01")), part
    ),
    "priceAfterAllDiscountsBeforeTaxesSet": _before_taxes,
    "discountAllocations": listed("discount_allocations", "DiscountAllocation", ALLOCATION),
    "taxLines": listed("tax_lines", "TaxLine", TAX),
    "sellingPlan": always(None),
    "contract": always(None),
}
SHIPPING_LINE: Mapping[str, Field] = {
    "id": lambda part: gid("ShippingLine", part.body["id"]) if part.body.get("id") else None,
    "title": plain("title", "Shipping"),
    "code": plain("code"),
    "source": plain("source"),
    "isRemoved": plain("is_removed", default=False),
    "originalPriceSet": moneys("price"),
    "discountedPriceSet": lambda part: bag(sum_of(part, "price") - discounts(part), part),
    "currentDiscountedPriceSet": lambda part: bag(sum_of(part, "price") - discounts(part), part),
    "discountAllocations": listed("discount_allocations", "DiscountAllocation", ALLOCATION),
    "taxLines": listed("tax_lines", "TaxLine", TAX),
}


def _of_line(part: Part, kind: str, key: str) -> Any:
    """A line keeps the number of what was deleted; GraphQL shows null then."""
    from tests.fakes.shopify.views import view_or_bare  # noqa: PLC0415 - they show each other

    number = part.body.get(key)
    return (
        view_or_bare(part.store, gid(kind, number))
        if number and part.body.get("product_exists", True)
        else None
    )


def shipping_lines(part: Part) -> Any:
    """Return the connection of shipping lines: without those that an edit removed, unless asked for."""

    def field(_info: Info, *, includeRemovals: bool = False, **page: Any) -> Any:  # noqa: N803 - the schema's name
        lines = part.body.get("shipping_lines") or ()
        kept = [one for one in lines if includeRemovals or not one.get("is_removed")]
        return connection([Look("ShippingLine", SHIPPING_LINE, part.inner(one)) for one in kept], page)

    return field
