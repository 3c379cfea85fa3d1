"""Whole minor units of a currency, and the one way in which this package rounds."""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final

# Minor digits by ISO 4217, where they are not two.
_WHOLE: Final = frozenset(
    {"BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV"}
    | {"XAF", "XOF", "XPF"}
)
_THOUSANDTHS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_CODE_LENGTH: Final = 3


def is_currency(code: str) -> bool:
    """Whether it is three capital letters."""
    return len(code) == _CODE_LENGTH and code.isascii() and code.isalpha() and code.isupper()


@cache
def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has; ValueError when it is not three capital letters."""
    if not is_currency(currency):
        raise ValueError("a currency is three capital letters")
    if currency in _WHOLE:
        return 0
    return 3 if currency in _THOUSANDTHS else 2


def round_half_up(amount: Decimal) -> int:
    """Round to a whole number; a half goes away from zero, as an invoice does it."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def minor_units(amount: Decimal, currency: str) -> int:
    """Turn 12.345 USD into 1235, 12 JPY into 12; ValueError for what is no currency."""
    return round_half_up(amount.scaleb(minor_digits(currency)))


def portion(amount: int, part: int, whole: int) -> int:
    """Return amount x part / whole, rounded; all of it when there is no whole to divide by."""
    return round_half_up(Decimal(amount) * part / whole) if whole else amount
