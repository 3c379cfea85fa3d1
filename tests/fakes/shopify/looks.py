"""How an object looks to a query: its fields are worked out when they are asked for, not before."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from tests.fakes.shopify.ids import id_of
from tests.fakes.shopify.store import Resource, Store

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A REST-shaped body, the whole that it is a part of, and the resource it belongs to."""

    store: Store
    body: Body
    whole: Body
    resource: Resource | None = None

    def inner(self, body: Body) -> "Part":
        """Return a part of this part."""
        return Part(self.store, body, self.whole, self.resource)

    @property
    def currency(self) -> str:
        """The currency of the shop as the whole names it."""
        return str(self.whole.get("currency") or self.store.currency)


Field = Callable[[Part], Any]


class Look(Mapping[str, Any]):
    """One object of a schema type; unknown fields are missing, so that asking for them is an error."""

    __slots__ = ("fields", "part", "type")

    def __init__(self, type_: str, fields: Mapping[str, Field], part: Part) -> None:
        self.type, self.fields, self.part = type_, fields, part

    def __getitem__(self, name: str) -> Any:
        return self.type if name == "__typename" else self.fields[name](self.part)

    def __contains__(self, name: object) -> bool:
        return name == "__typename" or name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


def plain(key: str, default: Any = None) -> Field:
    """Return what the body says under a key."""

    def field(part: Part) -> Any:
        value = part.body.get(key)
        return default if value is None else value

    return field


def always(value: Any) -> Field:
    """Return a field that says the same of every object."""
    return lambda _: value


def word(key: str, default: str | None = None) -> Field:
    """Return an enum value: REST writes small what GraphQL writes large."""

    def field(part: Part) -> str | None:
        value = part.body.get(key) or default
        return str(value).upper().replace(" ", "_") if value else None

    return field


def identity(kind: str) -> Field:
    """Return the global id."""
    return lambda part: id_of(kind, part.body)


def at(*keys: str) -> Field:
    """Return the first moment that is given, in UTC as GraphQL writes it."""

    def field(part: Part) -> str | None:
        given = next((part.body[key] for key in keys if part.body.get(key)), None)
        return utc(given) if given else None

    return field


def utc(text: str) -> str:
    """Write a moment as GraphQL does."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


@lru_cache(maxsize=65_536)
def amount(value: Hashable) -> str:
    """
    Write a sum as recorded: without needless zeros, but one place at least.

    >>> amount("10.00"), amount("89.99"), amount(15)
    ('10.0', '89.99', '15.0')
    """
    text = format(Decimal(str(value)), "f")
    text = text.rstrip("0") if "." in text else text + "."
    return text + "0" if text.endswith(".") else text


def money(value: Hashable, currency: str) -> Body:
    """Return a MoneyV2."""
    return {"amount": amount(value), "currencyCode": currency}


def bag(value: Hashable, part: Part) -> Body:
    """Return a MoneyBag of a sum in the shop's currency; the buyer sees it at the order's own rate."""
    shown = str(part.whole.get("presentment_currency") or part.currency)
    shop = money(value, part.currency)
    if shown == part.currency:
        return {"shopMoney": shop, "presentmentMoney": shop}
    seen = (Decimal(str(value)) * _rate(part.whole)).quantize(Decimal("0.01"))
    return {"shopMoney": shop, "presentmentMoney": money(seen, shown)}


def _rate(whole: Body) -> Decimal:
    total = whole.get("total_price_set")
    shop = Decimal(str(total["shop_money"]["amount"])) if total else Decimal()
    return Decimal(str(total["presentment_money"]["amount"])) / shop if total and shop else Decimal(1)


def sum_of(part: Part, key: str) -> Decimal:
    """Return a sum in the shop's currency: that of the money set, else the plain one, else 0."""
    both = part.body.get(f"{key}_set")
    value = both["shop_money"]["amount"] if both else part.body.get(key)
    return Decimal(str(value or 0))


def shown(part: Part, key: str) -> Body:
    """Return the MoneyBag that the body gives under `key` or `key`_set; what is not given is 0."""
    both = part.body.get(f"{key}_set")
    if not both:
        return bag(sum_of(part, key), part)
    return {
        "shopMoney": money(both["shop_money"]["amount"], both["shop_money"]["currency_code"]),
        "presentmentMoney": money(
            both["presentment_money"]["amount"], both["presentment_money"]["currency_code"]
        ),
    }


def moneys(*keys: str) -> Field:
    """Return a field of a MoneyBag: that of the first key which the body has."""

    def field(part: Part) -> Body:
        given = (key for key in keys if key in part.body or f"{key}_set" in part.body)
        return shown(part, next(given, keys[0]))

    return field


def moneys_if_any(key: str) -> Field:
    """Return a field of a MoneyBag that is null where the body says nothing."""
    return lambda part: shown(part, key) if part.body.get(key) or part.body.get(f"{key}_set") else None
