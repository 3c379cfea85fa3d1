"""Orders as queries see them; derived from the webhook's body."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.shopify.ids import gid, moment
from tests.fakes.shopify.line_looks import LINE, TAX, listed, pages, shipping_lines
from tests.fakes.shopify.looks import (
    Body,
    Field,
    Part,
    always,
    at,
    money,
    moneys,
    moneys_if_any,
    plain,
    word,
)
from tests.fakes.shopify.paging import connection
from tests.fakes.shopify.store import customer_of

FULFILLMENT = {
    None: "UNFULFILLED",
    "partial": "PARTIALLY_FULFILLED",
    "fulfilled": "FULFILLED",
    "restocked": "RESTOCKED",
}


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
    "shippingLines": shipping_lines,
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
