"""
GraphQL nodes -> the bodies that webhooks would bring, so that one reader makes the same facts of both.

GraphQL does not say three things that a webhook says. Whether a line is a tip: told from the
order's sum of tips. The id of a product that was deleted since: the line has none. Of a refund's
adjustment, whether it is for shipping: those without a reason are. Where a fact differs for that,
webhook and import win or lose by `updated_at` alone, as ever.
"""

from datetime import datetime, timedelta
from typing import Final

from nextorder.adapters.shopify.line_nodes import line_body, list_price, shipping_line_body, tips_among
from nextorder.adapters.shopify.node_money import Body, JsonNode, amount_of, as_paid, total
from nextorder.adapters.shopify.refund_nodes import knows_lines, lacks_refund_lines, refund_body

# The other words say that nothing was sent, which a webhook says with null.
_SENT: Final = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial", "RESTOCKED": "restocked"}
_A_MOMENT: Final = timedelta(seconds=1)


def order_body(node: JsonNode) -> Body:
    """
    Return an order's body, with its refunds.

    `lineItems`, `shippingLines` and a refund's own connections are lists of nodes. A refund whose
    lines are not known is left out: units that came back then look as if an edit had taken them
    away, and the body is dated a second early, so that whatever knows better wins.
    """
    lines = node["lineItems"]
    tips = tips_among(lines, amount_of(node["totalTipReceivedSet"]))
    refunds = node["refunds"]
    return {
        "admin_graphql_api_id": node["id"],
        "name": node["name"],
        "created_at": node["createdAt"],
        "processed_at": node["processedAt"],
        "updated_at": _early(node["updatedAt"]) if lacks_refund_lines(node) else node["updatedAt"],
        "test": node["test"],
        "currency": node["currencyCode"],
        "taxes_included": node["taxesIncluded"],
        "duties_included": node["dutiesIncluded"],
        "source_name": node["sourceName"],
        **_visit(node.get("customerJourneySummary")),
        "discount_codes": [{"code": code} for code in node.get("discountCodes", ())],
        "tags": ", ".join(node["tags"]),
        "payment_gateway_names": node["paymentGatewayNames"],
        **standing_of(node),
        "company": _company(node["purchasingEntity"]),
        "buyer_accepts_marketing": node["customerAcceptsMarketing"],
        "customer": node["customer"] and customer_body(node["customer"]),
        "shipping_address": _address(node["shippingAddress"]),
        "billing_address": _address(node["billingAddress"]),
        "total_price": amount_of(node["totalPriceSet"]),
        "total_discounts": amount_of(node["totalDiscountsSet"]),
        "total_line_items_price": str(sum(list_price(line) for line in lines if line["id"] not in tips)),
        "original_total_duties": amount_of(node["originalTotalDutiesSet"]),
        "current_total_duties": amount_of(node["currentTotalDutiesSet"]),
        "line_items": [line_body(line, is_tip=line["id"] in tips) for line in lines],
        "shipping_lines": [shipping_line_body(line) for line in node["shippingLines"]],
        "refunds": [refund_body(refund, node["id"], tips) for refund in refunds if knows_lines(refund)],
    }


def standing_of(node: JsonNode) -> Body:
    """Return how far along an order is."""
    return {
        "cancelled_at": node["cancelledAt"],
        "financial_status": (node["displayFinancialStatus"] or "").lower(),
        "fulfillment_status": _SENT.get(node["displayFulfillmentStatus"]),
    }


def transaction_body(node: JsonNode, order: JsonNode) -> Body:
    """Return a transaction's body; its fee, which no webhook names, stands beside it where it is known."""
    body = {
        "admin_graphql_api_id": node["id"],
        "order_id": order["id"],
        "kind": node["kind"],
        "status": node["status"],
        "test": node["test"],
        "gateway": node["gateway"],
        "manual_payment_gateway": node["manualPaymentGateway"],
        "created_at": node["createdAt"],
        "processed_at": node["processedAt"],
        **as_paid(node["amountSet"]),
    }
    fees = [fee["amount"] for fee in node["fees"]]
    if fees and all(fee["currencyCode"] == order["currencyCode"] for fee in fees):
        body["fee"] = total(fee["amount"] for fee in fees)
    return body


def customer_body(node: JsonNode) -> Body:
    """Return a customer's body; it has no name, address, e-mail or phone."""
    return {
        "admin_graphql_api_id": node["id"],
        "created_at": node["createdAt"],
        "updated_at": node["updatedAt"],
        "default_address": _address(node["defaultAddress"]),
    }


def email_consent_body(node: JsonNode) -> Body | None:
    """Return a customer's consent to e-mail; None where there is no address to consent for."""
    email = node["defaultEmailAddress"]
    if not email:
        return None
    consent = {"state": email["marketingState"], "consent_updated_at": email["marketingUpdatedAt"]}
    return {"customer_id": node["id"], "email_marketing_consent": consent}


def sms_consent_body(node: JsonNode) -> Body | None:
    """Return a customer's consent to text messages; None where there is no phone number."""
    phone = node["defaultPhoneNumber"]
    if not phone:
        return None
    given = phone["smsMarketingConsent"]
    consent = {"state": given["state"], "consent_updated_at": given["updatedAt"]}
    return {"admin_graphql_api_id": node["id"], "sms_marketing_consent": consent}


def order_count_body(node: JsonNode) -> Body:
    """Return how many orders Shopify itself counts for a customer."""
    return {
        "customerId": node["id"],
        "numberOfOrders": int(node["numberOfOrders"]),
        "occurredAt": node["updatedAt"],
    }


def product_body(node: JsonNode) -> Body:
    """Return a product's body; `variants` is a list of nodes."""
    return {
        "admin_graphql_api_id": node["id"],
        "title": node["title"],
        "product_type": node["productType"],
        "category": node["category"],
        "updated_at": node["updatedAt"],
        "variants": [
            {
                "admin_graphql_api_id": variant["id"],
                "inventory_item_id": variant["inventoryItem"]["id"],
                "sku": variant["sku"],
            }
            for variant in node["variants"]
        ],
    }


def inventory_body(node: JsonNode) -> Body:
    """Return an inventory item's body; a null cost is a cost that is not known."""
    cost = node["unitCost"]
    return {
        "admin_graphql_api_id": node["id"],
        "updated_at": node["updatedAt"],
        "cost": cost and cost["amount"],
        "currency": cost and cost["currencyCode"],
    }


def _visit(journey: JsonNode | None) -> Body:
    last = (journey or {}).get("lastVisit") or {}
    return {"landing_site": last.get("landingPage"), "referring_site": last.get("referrerUrl")}


def _company(entity: JsonNode | None) -> Body | None:
    return {} if entity and entity["__typename"] == "PurchasingCompany" else None


def _address(node: JsonNode | None) -> Body | None:
    return {"country_code": node["countryCodeV2"]} if node else None


def _early(moment: str) -> str:
    return (datetime.fromisoformat(moment) - _A_MOMENT).isoformat()
