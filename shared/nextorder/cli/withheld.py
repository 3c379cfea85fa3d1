"""What of a shop's chances is not published: told wherever the merchant looks at them."""

from collections.abc import Iterator

from nextorder.bootstrap.update import shops
from nextorder.domain.segments_families import has_enough_history
from nextorder.domain.shop import Shop
from nextorder.domain.withholding import withheld_in_words


def withheld_lines(shop: Shop) -> Iterator[str]:
    """Say what is withheld, line by line; the catalogue is read only where there is something."""
    if shop.withheld or not has_enough_history(shop.numbers):
        yield from (f"withheld: {line}" for line in withheld_in_words(shop, shops().catalogue(shop)))
