"""Which segments a shop could show: those of the catalogue, and of open families those of its own words."""

from collections.abc import Iterator
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.shop import Numbers, Shop

_PUSHED: Final = "overstock"


def possible_names(catalogue: Catalogue, numbers: Numbers) -> Iterator[str]:
    """Name every segment that could be held, those of open families by the shop's categories."""
    values = {"love": numbers.category_shares, "replenish": numbers.gaps}
    for name in catalogue.entries:
        family, _, value = name.partition(":")
        yield from (f"{family}:{one}" for one in values.get(family, ())) if value == "*" else (name,)


def shown_names(catalogue: Catalogue, shop: Shop) -> Iterator[str]:
    """Name those that are switched on, with the products that the merchant asked to move."""
    yield from filter(catalogue.on, possible_names(catalogue, shop.numbers))
    yield from filter(catalogue.on, (f"{_PUSHED}:{push.product}" for push in shop.pushes))


def stays(name: str, catalogue: Catalogue) -> bool:
    """Whether it may be shown again, though this shop's numbers do not name it now."""
    family = name.partition(":")[0]
    return family in catalogue.open_families - {_PUSHED} and catalogue.on(name)
