"""Segments that are too small to act on: what their people are shown as instead, and why, in words."""

from math import ceil
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.phrases import counted
from nextorder.domain.published import shown_name
from nextorder.domain.shop import Numbers

LEAST_MEMBERS: Final = 30
LEAST_SHARE: Final = 0.0025
LEAST_EXPECTED_ORDERS: Final = 10.0


def shown_elsewhere(name: str, catalogue: Catalogue, numbers: Numbers) -> str | None:
    """Name what the people of a segment are shown in instead; empty = in none, None = it is shown or off."""
    into = shown_name(name, catalogue, numbers.shown_as)
    return into if catalogue.on(name) and into != name else None


def too_small_in_words(name: str, catalogue: Catalogue, numbers: Numbers) -> str:
    """Say where the people of a segment are shown instead and why; empty where that is not so."""
    into = shown_elsewhere(name, catalogue, numbers)
    if into is None:
        return ""
    return f"{name} is {f'shown as {into}' if into else 'not shown'}: {_why(name, numbers)}"


def _why(name: str, numbers: Numbers) -> str:
    members, least = numbers.too_small.get(name), max(LEAST_MEMBERS, ceil(LEAST_SHARE * numbers.customers))
    if members is None:
        return f"it had too few customers at the last fit, it takes {least}"
    had = f"it had {counted(members, 'customer') if members else 'no customers'} at the last fit"
    if members < least:
        return f"{had}, it takes {least}"
    return f"{had}, and fewer than {LEAST_EXPECTED_ORDERS:g} orders were to be expected of them"
