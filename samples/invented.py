"""What the set does not have, invented by rule: people, countries, categories, costs, discounts, consent."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

SHOP: Mapping[str, str] = {
    "domain": "nextorder-sample.myshopify.com",
    "gid": "gid://shopify/Shop/68817223935",
    "timezone": "Europe/London",
    "currency": "GBP",
}
COSTS: Mapping[str, Any] = {
    "payment_rate": Decimal("0.015"),
    "payment_fixed": 20,
    "outbound_shipping": 420,
    "return_shipping": 350,
    "pick_pack": 95,
    "return_handling": 150,
    "unsellable_share": Decimal("0.10"),
    "default_margin": Decimal("0.50"),
}
"""The demo shop's cost settings, under the names of nextorder.domain.shop.Costs; pence unless a rate."""

PAST_A_DOUBLE = 2**53

WITHOUT_EMAIL = 0.02
FOR_A_COMPANY = 0.015
WITH_A_PROFILE = 0.85
SUBSCRIBED, EVER_ASKED = 0.70, 0.80
CODE_USERS, THEIR_CODES, OTHERS_CODES, DEEPER_CODES = 0.125, 0.90, 0.06, 0.30
SHELVED = 0.75
FREE_SHIPPING_AT_HOME, FREE_SHIPPING_ABROAD = 7_500, 15_000
"""Shares of all, by hash; pounds in pence. README.md has them in words."""

FAMILIES = {
    "Customer": 7_100_000_000_000,
    "Order": 5_400_000_000_000,
    "LineItem": 13_900_000_000_000,
    "Product": 8_200_000_000_000,
    "ProductVariant": 44_500_000_000_000,
    "InventoryItem": 46_600_000_000_000,
    "ShippingLine": 4_600_000_000_000,
    "Refund": 903_000_000_000,
    "RefundLineItem": 620_000_000_000,
    "OrderAdjustment": 310_000_000_000,
    "OrderTransaction": 6_300_000_000_000,
    "Address": 9_800_000_000_000,
    "Checkout": 35_700_000_000_000,
    "Company": 2_500_000_000,
    "CompanyLocation": 3_100_000_000,
}
_GIVEN = (
    "Amber",
    "Basil",
    "Clove",
    "Dill",
    "Fern",
    "Hazel",
    "Ivy",
    "Juniper",
    "Olive",
    "Rowan",
    "Sage",
    "Willow",
)
_FAMILY = (
    "Teapot",
    "Lantern",
    "Doorstop",
    "Bunting",
    "Cakestand",
    "Trinket",
    "Parasol",
    "Thimble",
    "Hamper",
    "Jigsaw",
)
_COUNTRIES = (
    (0.90, "GB", "United Kingdom"),
    (0.94, "DE", "Germany"),
    (0.97, "FR", "France"),
    (0.99, "IE", "Ireland"),
    (1.00, "NL", "Netherlands"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """One invented customer."""

    number: int
    id: int
    first_name: str
    last_name: str
    email: str | None
    country: str
    country_name: str
    company: int | None
    """Number of the company they buy for; None = a private customer."""


def share(key: str) -> float:
    """Return a number in [0, 1) that is fixed for the key and even over keys."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]) / 2**48


def shopify_id(family: str, number: int) -> int:
    """Return the id of the family's n-th resource; every 97th lies beyond 2**53, as ids may."""
    return FAMILIES[family] + number + (PAST_A_DOUBLE if number % 97 == 0 else 0)


@cache
def person(number: int) -> Person:
    """Return the customer: 90 % in Britain, 2 % without e-mail, 1.5 % buying for a company."""
    first, last = _GIVEN[number % len(_GIVEN)], _FAMILY[number // len(_GIVEN) % len(_FAMILY)]
    place = share(f"country:{number}")
    country, country_name = next((code, name) for upto, code, name in _COUNTRIES if place < upto)
    has_email = share(f"email:{number}") >= WITHOUT_EMAIL
    return Person(
        number=number,
        id=shopify_id("Customer", number),
        first_name=first,
        last_name=last,
        email=f"{first}.{last}.{number}@example.com".lower() if has_email else None,
        country=country,
        country_name=country_name,
        company=number if share(f"company:{number}") < FOR_A_COMPANY else None,
    )


def has_profile(number: int) -> bool:
    """Tell whether the customer has a Klaviyo profile: 85 % of those with an e-mail."""
    return person(number).email is not None and share(f"profile:{number}") < WITH_A_PROFILE


def consent_state(number: int) -> str | None:
    """Return subscribed (70 %), unsubscribed (10 %) or None: never asked, nothing is sent."""
    drawn = share(f"consent:{number}")
    if person(number).email is None or drawn >= EVER_ASKED:
        return None
    return "subscribed" if drawn < SUBSCRIBED else "unsubscribed"


def discount_percent(customer: int, order: int) -> int:
    """Return 0, 10 or 15; some customers live on codes, others use them now and then."""
    uses = THEIR_CODES if share(f"promo:{customer}") < CODE_USERS else OTHERS_CODES
    if share(f"code:{order}") >= uses:
        return 0
    return 15 if share(f"deep:{order}") < DEEPER_CODES else 10


def shipping_price(goods: int, country: str) -> int:
    """Return what is charged, in pence without tax: free from 75 pounds of goods at home, 150 abroad."""
    if country == "GB":
        return 495 if goods < FREE_SHIPPING_AT_HOME else 0
    return 1_295 if goods < FREE_SHIPPING_ABROAD else 0


def tax_percent(country: str) -> int:
    """Return the VAT rate: 20 at home, none on exports; it is added on top of the rows' amounts."""
    return 20 if country == "GB" else 0


def restock_type(refund: str, *, fulfilled: bool) -> str:
    """Return cancel before the parcel left; afterwards most goods go back on the shelf."""
    if not fulfilled:
        return "cancel"
    return "return" if share(f"restock:{refund}") < SHELVED else "no_restock"
