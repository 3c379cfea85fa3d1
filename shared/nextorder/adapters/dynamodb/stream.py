"""Records of the table's stream: what changed in customers' states."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nextorder.adapters.dynamodb.items import text
from nextorder.domain.passes import sizes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChange:
    """
    One customer's state before and after; `name` tells two changes of one customer apart.

    It is the record's own: a customer who is gone and comes back starts at version 1 again.
    """

    shop: str
    customer: str
    name: str
    to_route: bool


def change_of(record: Mapping[str, Any]) -> StateChange:
    """
    Read a stream record of a state item.

    A state that an import or a re-solve wrote (`run`) is left to the bulk publisher; one that
    shows the same as before is no change; one that is gone is.

    Raises:
        KeyError, ValueError: It is no record of a state item.
    """
    images = record["dynamodb"]
    shop, customer = images["Keys"]["pk"]["S"].split("#")
    new, old = images.get("NewImage", {}), images.get("OldImage", {})
    is_new = text(new, "shown") != text(old, "shown")
    return StateChange(
        shop=shop,
        customer=customer,
        name=str(images["SequenceNumber"]),
        to_route=not text(new, "run") and is_new,
    )


def size_changes(records: Iterable[Mapping[str, Any]]) -> Mapping[str, Mapping[str, int]]:
    """Return by shop what a batch of state items adds to the sizes of segments; what stays is left out."""
    changes: dict[str, Counter[str]] = defaultdict(Counter)
    for record in records:
        images = record["dynamodb"]
        shop = images["Keys"]["pk"]["S"].split("#")[0]
        changes[shop].update(_sizes(images, "NewImage"))
        changes[shop].subtract(_sizes(images, "OldImage"))
    return {shop: {name: by for name, by in total.items() if by} for shop, total in changes.items()}


def _sizes(images: Mapping[str, Any], name: str) -> Counter[str]:
    return sizes_of([text(images[name], "shown_in").split()] if name in images else [])
