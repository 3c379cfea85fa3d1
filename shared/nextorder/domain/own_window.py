"""Which second-order window is a customer's: the shop's, or that of where they come from."""

from collections.abc import Iterator
from dataclasses import replace

from nextorder.domain.affinity import NO_CATEGORY
from nextorder.domain.features import Features
from nextorder.domain.shop import Numbers, Shop, Window


def origins(features: Features) -> Iterator[str]:
    """Name what may have a window of its own, the more telling first: the first category, the country."""
    if features.first_category not in ("", NO_CATEGORY):
        yield f"category {features.first_category}"
    if features.first_country:
        yield f"country {features.first_country}"


def window_of_customer(features: Features, numbers: Numbers) -> Window:
    """Return the window of the customer's origin where it differs from the shop's."""
    return next(
        (numbers.windows[name] for name in origins(features) if name in numbers.windows), numbers.window
    )


def with_own_window(features: Features, shop: Shop) -> Shop:
    """Return the shop as this customer is judged by it."""
    if not shop.numbers.windows:
        return shop
    window = window_of_customer(features, shop.numbers)
    return replace(shop, numbers=replace(shop.numbers, window=window))
