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
_ISO_4217: Final = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT
    LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR
    NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP
    STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYI UYU UZS VED VES VND VUV WST XAF
    XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
"""Without metals, funds and the code that stands for no currency."""
_FORMER: Final = "BYR CUC EEK HRK LTL LVL MRO SLL STD VEB VEF ZMK ZWL"
"""Withdrawn while shops sold in them."""
_OF_SHOPIFY: Final = "JEP KID USDC"
_CODES: Final = frozenset(f"{_ISO_4217} {_FORMER} {_OF_SHOPIFY}".split())


def is_currency(code: str) -> bool:
    """Whether it is the code of a currency, in capital letters."""
    return code in _CODES


@cache
def minor_digits(currency: str) -> int:
    """Return how many decimals a currency has; ValueError when it is none."""
    if not is_currency(currency):
        raise ValueError("a currency is a code of ISO 4217")
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
    return round_half_up(Decimal(amount) * part / whole) if whole and part != whole else amount
