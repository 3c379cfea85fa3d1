"""What products are called where people read of them."""

from collections import Counter
from collections.abc import Mapping


def told_apart(titles: Mapping[str, str]) -> Mapping[str, str]:
    """
    Name products by their titles, with the id where two are called the same.

    >>> told_apart({"1": "Mug", "2": "mug", "3": "Pot"})
    {'1': 'Mug (1)', '2': 'mug (2)', '3': 'Pot'}
    """
    alike = Counter(title.casefold() for title in titles.values())
    return {
        product: title if alike[title.casefold()] == 1 else f"{title} ({product})"
        for product, title in titles.items()
    }
