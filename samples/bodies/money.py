"""Money as Shopify writes it."""

from typing import Any

from samples.invented import SHOP

Payload = dict[str, Any]


def pounds(pence: int) -> str:
    """Return Shopify's money text: two decimals, the sign in front."""
    sign = "-" if pence < 0 else ""
    return f"{sign}{abs(pence) // 100}.{abs(pence) % 100:02d}"


def money_set(pence: int) -> Payload:
    """Return the amount in shop and presentment currency, which are the same here."""
    money = {"amount": pounds(pence), "currency_code": SHOP["currency"]}
    return {"shop_money": money, "presentment_money": dict(money)}


def both(name: str, pence: int) -> Payload:
    """Return the plain text field and its `_set` companion."""
    return {name: pounds(pence), f"{name}_set": money_set(pence)}
