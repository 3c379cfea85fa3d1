"""Customers as queries see them."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.shopify.ids import number_of
from tests.fakes.shopify.looks import Body, Field, Part, money, plain, utc
from tests.fakes.shopify.order_looks import address
from tests.fakes.shopify.paging import connection
from tests.fakes.shopify.store import Resource

EMAIL_STATES = {"subscribed", "not_subscribed", "pending", "unsubscribed", "invalid"}
SMS_STATES = {"not_subscribed": "NEVER_SUBSCRIBED", None: "NEVER_SUBSCRIBED"}


def _orders(part: Part) -> list[Resource]:
    assert part.resource
    return part.store.orders_of(part.resource.id)


def _count(part: Part) -> str:
    given = part.body.get("number_of_orders", part.body.get("orders_count"))
    return str(len(_orders(part)) if given is None else given)


def _spent(part: Part) -> Body:
    given = part.body.get("amount_spent", part.body.get("total_spent", "0.0"))
    return money(given or "0.0", part.store.currency)


def _email(part: Part) -> Any:
    if not part.body.get("email"):
        return None
    consent = part.body.get("email_marketing_consent") or {"state": part.body.get("email_marketing")}
    state = str(consent.get("state") or "not_subscribed").lower()
    return {
        "emailAddress": part.body["email"],
        "validFormat": True,
        "marketingState": (state if state in EMAIL_STATES else "not_subscribed").upper(),
        "marketingOptInLevel": _large(consent.get("opt_in_level")),
        "marketingUpdatedAt": _moment(consent.get("consent_updated_at")),
    }


def _phone(part: Part) -> Any:
    if not part.body.get("phone"):
        return None
    consent = part.body.get("sms_marketing_consent") or {}
    state = consent.get("state")
    return {
        "phoneNumber": part.body["phone"],
        "smsMarketingConsent": {
            "__typename": "CustomerSmsMarketingConsent",
            "state": SMS_STATES.get(state) or str(state).upper(),
            "optInLevel": _large(consent.get("opt_in_level")),
            "updatedAt": _moment(consent.get("consent_updated_at")),
            "collectedFrom": _large(consent.get("consent_collected_from")),
        },
    }


def _large(text: str | None) -> str | None:
    return text.upper() if text else None


def _moment(text: str | None) -> str | None:
    return utc(text) if text else None


def _last_order(part: Part) -> Any:
    from tests.fakes.shopify.views import view  # noqa: PLC0415 - they show each other

    placed = sorted(_orders(part), key=lambda order: order.created_at)
    return view(part.store, placed[-1].id) if placed else None


def _order_pages(part: Part) -> Any:
    from tests.fakes.shopify.views import view  # noqa: PLC0415 - they show each other

    def field(_info: Any, **page: Any) -> Any:
        seen = [view(part.store, order.id) for order in _orders(part)]
        return connection([each for each in seen if each], page)

    return field


CUSTOMER: Mapping[str, Field] = {
    "email": plain("email"),
    "phone": plain("phone"),
    "firstName": plain("first_name"),
    "lastName": plain("last_name"),
    "displayName": lambda part: (
        part.body.get("first_name")
        or part.body.get("email")
        or part.body.get("phone")
        or number_of(part.resource.id if part.resource else "")
    ),
    "numberOfOrders": _count,
    "amountSpent": _spent,
    "state": lambda part: str(part.body.get("state") or "disabled").upper(),
    "note": plain("note"),
    "locale": plain("locale", "en"),
    "taxExempt": plain("tax_exempt", default=False),
    "verifiedEmail": plain("verified_email", default=True),
    "dataSaleOptOut": plain("data_sale_opt_out", default=False),
    "defaultAddress": address("default_address"),
    "defaultEmailAddress": _email,
    "defaultPhoneNumber": _phone,
    "statistics": lambda part: {"predictedSpendTier": None, "rfmGroup": part.body.get("rfm_group")},
    "lastOrder": _last_order,
    "orders": _order_pages,
}
