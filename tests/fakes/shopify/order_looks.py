"""Orders, their lines, shipping and discounts, as queries see them; derived from the webhook's body."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.shopify.ids import gid, moment
from tests.fakes.shopify.looks import (
    Body,
    Field,
    Look,
    Part,
    always,
    at,
    bag,
    identity,
    money,
    moneys,
    moneys_if_any,
    plain,
    sum_of,
    word,
)
from tests.fakes.shopify.paging import connection
from tests.fakes.shopify.store import Info, customer_of

FULFILLMENT = {
    None: "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}


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


# Money of lines


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


def _shipping_lines(part: Part) -> Any:
    def field(_info: Info, *, includeRemovals: bool = False, **page: Any) -> Any:  # noqa: N803 - the schema's name
        lines = part.body.get("shipping_lines") or ()
        kept = [one for one in lines if includeRemovals or not one.get("is_removed")]
        return connection([Look("ShippingLine", SHIPPING_LINE, part.inner(one)) for one in kept], page)

    return field


# The order itself


def address(key: str) -> Field:
    """Return a MailingAddress; only what is no personal data is kept here."""

    def field(part: Part) -> Any:
        given = part.body.get(key)
        if not given:
            return None
        code = given.get("country_code")
        return {
            "__typename": "MailingAddress",
            "id": gid("MailingAddress", given.get("id") or 1),
            "countryCodeV2": code,
            "country": given.get("country"),
            "provinceCode": given.get("province_code"),
            "city": given.get("city"),
            "zip": given.get("zip"),
        }

    return field


def _customer(part: Part) -> Any:
    from tests.fakes.shopify.views import view  # noqa: PLC0415 - they show each other

    customer = customer_of(part.body)
    return view(part.store, customer) if customer else None


def _buyer(part: Part) -> Any:
    company = part.body.get("company")
    if not company:
        return _customer(part)
    id_ = gid("Company", company["id"])
    return {"__typename": "PurchasingCompany", "company": {"__typename": "Company", "id": id_}}


def _visit(part: Part) -> Any:
    """Return the last visit, from the page that the order's body says the buyer landed on."""
    landing, referrer = part.body.get("landing_site"), part.body.get("referring_site")
    if not landing and not referrer:
        return None
    asked = dict(parse_qsl(urlsplit(landing or "").query))
    names = ("source", "medium", "campaign", "content", "term")
    utm = {name: asked.get(f"utm_{name}") for name in names}
    return {
        "__typename": "CustomerVisit",
        "id": gid("CustomerVisit", part.body["id"]),
        "landingPage": landing,
        "referrerUrl": referrer,
        "source": utm["source"] or urlsplit(referrer or "").netloc or "direct",
        "occurredAt": at("created_at")(part),
        "utmParameters": utm if any(utm.values()) else None,
    }


def _journey(part: Part) -> Any:
    visit = _visit(part)
    return {
        "ready": True,
        "firstVisit": visit,
        "lastVisit": visit,
        "customerOrderIndex": None,
        "daysToConversion": None,
    }


def _codes(part: Part) -> list[str]:
    return [one["code"] for one in part.body.get("discount_codes") or ()]


def _application(part: Part) -> Any:
    def looks() -> list[Any]:
        return [
            _one_application(at_, one, part)
            for at_, one in enumerate(part.body.get("discount_applications") or ())
        ]

    return lambda _info, **page: connection(looks(), page)


def _one_application(index: int, given: Body, part: Part) -> Any:
    kinds = {"discount_code": "DiscountCodeApplication", "automatic": "AutomaticDiscountApplication"}
    percent = given.get("value_type") == "percentage"
    value = (
        {"__typename": "PricingPercentageValue", "percentage": float(given["value"])}
        if percent
        else {"__typename": "MoneyV2"} | dict(money(given["value"], part.currency))
    )
    return {
        "__typename": kinds.get(given.get("type", ""), "ManualDiscountApplication"),
        "id": gid("DiscountApplication", index + 1),
        "index": index,
        "code": given.get("code"),
        "title": given.get("title"),
        "value": value,
        "targetType": str(given.get("target_type", "line_item")).upper(),
        "targetSelection": str(given.get("target_selection", "all")).upper(),
        "allocationMethod": str(given.get("allocation_method", "across")).upper(),
    }


def created(part: Part) -> str:
    """Return when the store first knew of it."""
    assert part.resource
    return moment(part.resource.created_at)


ORDER: Mapping[str, Field] = {
    "name": lambda part: part.body.get("name") or f"#{part.body['id']}",
    "number": lambda part: int(part.body.get("order_number") or part.body.get("number") or 0),
    "email": plain("email"),
    "phone": plain("phone"),
    "note": plain("note"),
    "test": plain("test", default=False),
    "confirmed": plain("confirmed", default=True),
    "closed": lambda part: bool(part.body.get("closed_at")),
    "closedAt": at("closed_at"),
    "processedAt": lambda part: at("processed_at", "created_at")(part) or created(part),
    "cancelledAt": at("cancelled_at"),
    "cancelReason": word("cancel_reason"),
    "currencyCode": lambda part: part.currency,
    "presentmentCurrencyCode": lambda part: part.body.get("presentment_currency") or part.currency,
    "taxesIncluded": plain("taxes_included", default=False),
    "taxExempt": plain("tax_exempt", default=False),
    "dutiesIncluded": plain("duties_included", default=False),
    "displayFinancialStatus": word("financial_status", "paid"),
    "displayFulfillmentStatus": lambda part: FULFILLMENT[part.body.get("fulfillment_status")],
    "sourceName": plain("source_name", "web"),
    "sourceIdentifier": plain("source_identifier"),
    "paymentGatewayNames": plain("payment_gateway_names", []),
    "customerAcceptsMarketing": plain("buyer_accepts_marketing", default=False),
    "customerLocale": plain("customer_locale"),
    "customer": _customer,
    "purchasingEntity": _buyer,
    "customerJourneySummary": _journey,
    "app": always(None),
    "billingAddress": address("billing_address"),
    "shippingAddress": address("shipping_address"),
    "discountCode": lambda part: next(iter(_codes(part)), None),
    "discountCodes": _codes,
    "discountApplications": _application,
    "lineItems": pages("line_items", "LineItem", LINE),
    "shippingLines": _shipping_lines,
    "taxLines": listed("tax_lines", "TaxLine", TAX),
    "customAttributes": always([]),
    "subtotalPriceSet": moneys("subtotal_price"),
    "currentSubtotalPriceSet": moneys("current_subtotal_price", "subtotal_price"),
    "totalPriceSet": moneys("total_price"),
    "currentTotalPriceSet": moneys("current_total_price", "total_price"),
    "totalDiscountsSet": moneys("total_discounts"),
    "currentTotalDiscountsSet": moneys("current_total_discounts", "total_discounts"),
    "totalTaxSet": moneys("total_tax"),
    "currentTotalTaxSet": moneys("current_total_tax", "total_tax"),
    "totalShippingPriceSet": moneys("total_shipping_price"),
    "currentShippingPriceSet": moneys("current_shipping_price"),
    "totalTipReceivedSet": moneys("total_tip_received"),
    "totalOutstandingSet": moneys("total_outstanding"),
    "originalTotalDutiesSet": moneys_if_any("original_total_duties"),
    "currentTotalDutiesSet": moneys_if_any("current_total_duties"),
}
