"""Amounts as destinations show them."""

from nextorder.domain.money import minor_digits
from nextorder.domain.published import two_digits


def shown_amount(minor_units: float, currency: str) -> float:
    """Return an amount in whole units of its currency, to two significant digits: 1234 cents are 12.0."""
    return two_digits(minor_units) / float(10 ** minor_digits(currency))


def exact_amount(minor_units: float, currency: str) -> str:
    """Write an amount in whole units of its currency with all its digits: 1234 cents are 12.34."""
    digits = minor_digits(currency)
    return f"{minor_units / 10**digits:.{digits}f} {currency}"
