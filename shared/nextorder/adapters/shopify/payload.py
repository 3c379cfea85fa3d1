"""One JSON object of a webhook body, read field by field; every refusal names the field's path."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, Final

from nextorder.domain.errors import BadPayload
from nextorder.domain.money import minor_digits, minor_units

_MOST_DIGITS: Final = 12
"""Before the point; a larger amount is a broken body, and a huge exponent would eat the memory."""
_MOST_UNITS: Final = 10**9
_LONGEST_ID: Final = 20
_BEYOND_IDS: Final = 10**_LONGEST_ID
_GID: Final = "gid://shopify/"
_NO_AMOUNT: Final = 'expected an amount such as "12.50"'


# Not frozen: making one would cost three times as much, and an import makes millions.
@dataclass(slots=True, repr=False, eq=False)
class Node:
    """A JSON object and where it stands in the body; it is never printed, bodies hold personal data."""

    body: Mapping[str, Any]
    path: str = ""

    def bad(self, key: str, reason: str) -> BadPayload:
        """Return the error for one field; it says what was expected, never what was found."""
        return BadPayload(reason, field=f"{self.path}{key}")

    def has(self, key: str) -> bool:
        """Whether the field is there, null or not."""
        return key in self.body

    def require(self, *keys: str) -> None:
        """Refuse a body that was cut: a missing field would read as nothing."""
        for key in keys:
            if key not in self.body:
                raise self.bad(key, "missing: the include_fields of the subscription must name it")

    def text(self, key: str) -> str:
        """Read text; empty when null or missing."""
        value = self.body.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self.bad(key, "expected text")
        return value

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Read true or false; the default when null or missing."""
        value = self.body.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.bad(key, "expected true or false")
        return value

    def units(self, key: str, default: int | None = None) -> int:
        """Read a whole number from 0; without a default it must be there."""
        value = self.body.get(key)
        if value is None and default is not None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_UNITS:
            raise self.bad(key, "expected a whole number from 0")
        return value

    def id_of(self, key: str = "id", gid_key: str = "admin_graphql_api_id") -> str:
        """Read a required id as digits, from the gid where there is one."""
        identity = self.maybe_id(key, gid_key)
        if not identity:
            raise self.bad(key, "expected an id")
        return identity

    def maybe_id(self, key: str, gid_key: str = "") -> str:
        """Read an id as digits; empty when null or missing."""
        # NOTE: Ids in Shopify's own samples went through a double and lost their last digits;
        # the gid beside them is exact.
        if gid_key and self.body.get(gid_key) is not None:
            return self._digits(gid_key, self.body[gid_key])
        return self._digits(key, self.body[key]) if self.body.get(key) is not None else ""

    def _digits(self, key: str, value: Any) -> str:
        if isinstance(value, str):
            digits = value.rpartition("/")[2].partition("?")[0] if value.startswith(_GID) else value
            if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_ID):
                raise self.bad(key, "expected an id: digits or gid://shopify/...")
            return digits
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < _BEYOND_IDS:
            raise self.bad(key, "expected an id: a whole number or a gid, never a float")
        return str(value)

    def moment(self, *keys: str) -> datetime | None:
        """Read the first of these fields that is set as aware UTC."""
        for key in keys:
            if self.body.get(key) is not None:
                return self._utc(key)
        return None

    def _utc(self, key: str) -> datetime:
        try:
            moment = datetime.fromisoformat(self.text(key))
            if moment.tzinfo is None:
                raise self.bad(key, "expected a moment with its time zone")
            return moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise self.bad(key, "expected an ISO 8601 moment") from error

    def currency(self, key: str, default: str = "") -> str:
        """Read a code of ISO 4217."""
        code = self.text(key) or default
        try:
            minor_digits(code)
        except ValueError as error:
            raise self.bad(key, "expected a currency of ISO 4217, such as EUR") from error
        return code

    def amount(self, key: str, currency: str, *, signed: bool = False) -> int:
        """
        Read money as minor units of the shop's currency; 0 when null or missing.

        `{key}_set.shop_money` comes first, the plain field in `currency` second.
        """
        both = self.child(f"{key}_set")
        shop = both.child("shop_money") if both else None
        if shop and shop.body.get("amount") is not None:
            return shop.money("amount", shop.currency("currency_code", currency), signed=signed)
        return self.money(key, currency, signed=signed)

    def money(self, key: str, currency: str, *, signed: bool = False) -> int:
        """Read a plain amount, text or number, as minor units of `currency`; 0 when null or missing."""
        value = self.body.get(key)
        if value is None:
            return 0
        if not isinstance(value, (str, int, float)):
            raise self.bad(key, _NO_AMOUNT)
        try:
            return _minor_units(value, currency, signed)
        except ValueError as error:
            raise self.bad(key, str(error)) from error

    def child(self, key: str) -> "Node | None":
        """Read an object; None when null or missing."""
        value = self.body.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            raise self.bad(key, "expected an object")
        return Node(value, f"{self.path}{key}.")

    def children(self, key: str) -> Sequence["Node"]:
        """Read a list of objects; empty when null or missing."""
        nodes = []
        for place, item in enumerate(self._list(key)):
            if not isinstance(item, dict):
                raise self.bad(f"{key}[{place}]", "expected an object")
            nodes.append(Node(item, f"{self.path}{key}[{place}]."))
        return nodes

    def texts(self, key: str) -> Sequence[str]:
        """Read a list of texts; empty when null or missing."""
        value = self._list(key)
        if not all(isinstance(item, str) for item in value):
            raise self.bad(key, "expected a list of texts")
        return value

    def _list(self, key: str) -> Sequence[Any]:
        value = self.body.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self.bad(key, "expected a list")
        return value


# A shop has few prices. Typed: 1, 1.0 and true would be one key.
@lru_cache(maxsize=4096, typed=True)
def _minor_units(value: str | float, currency: str, signed: bool) -> int:  # noqa: FBT001 - a cache's key
    """Return an amount as minor units; ValueError says what was expected."""
    if isinstance(value, bool):
        raise ValueError(_NO_AMOUNT)  # noqa: TRY004 - of a body, not of a program
    try:
        amount = Decimal(str(value) if isinstance(value, float) else value)
    except InvalidOperation:
        raise ValueError(_NO_AMOUNT) from None
    if not amount.is_finite() or abs(amount.adjusted()) > _MOST_DIGITS:
        raise ValueError("expected an amount of money, not an infinite or an absurd number")
    if amount < 0 and not signed:
        raise ValueError("expected an amount of 0 or more")
    return minor_units(amount, currency)
