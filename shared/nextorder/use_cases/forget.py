"""Privacy: tell what we hold of a person, and let it go."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nextorder.ports import ChangeNotice, Customers, Eraser, Forgotten, Shops


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The stores that forget together."""

    customers: Customers
    shops: Shops
    eraser: Eraser
    forgotten: Forgotten
    notices: Sequence[ChangeNotice]
    """One a destination: tells its publisher to look at a customer again."""


def redact_customer(
    shop: str, customer: str, *, orders: Sequence[str] = (), archive: Archive, as_of: datetime
) -> None:
    """
    Let go of everything of one customer; safe to repeat.

    From the first step on no late webhook can bring the customer back; the destinations'
    publishers then find no state and take back what they wrote. `orders` are the ids that the
    platform names, for places whose order never came.
    """
    archive.forgotten.mark(shop, customer, as_of)
    archive.eraser.erase_customer(shop, customer, orders)
    for notice in archive.notices:
        notice.changed(shop, [(customer, f"redact-{as_of:%Y%m%dT%H%M%S}")])


def uninstall(
    shop_id: str, *, archive: Archive, take_back: Sequence[Callable[[str], object]], as_of: datetime
) -> None:
    """
    The app was taken out of the shop: publish nothing more, take back what we can reach.

    Shopify's own token ends with the app, so `nextorder uninstall` is to be run before; what we
    wrote to other destinations is taken back here. Facts stay until shop/redact, 48 hours later.
    """
    shop = archive.shops.get(shop_id)
    if shop is None:
        return
    archive.shops.change(shop_id, uninstalled_at=shop.uninstalled_at or as_of)
    for destination in take_back:
        destination(shop_id)


def redact_shop(
    shop_id: str,
    *,
    archive: Archive,
    take_back: Sequence[Callable[[str], object]],
    disconnect: Callable[[str], object],
    as_of: datetime,
) -> None:
    """Let go of everything of a shop; safe to repeat."""
    uninstall(shop_id, archive=archive, take_back=take_back, as_of=as_of)
    archive.eraser.erase_shop(shop_id)
    disconnect(shop_id)


def tell(shop: str, customer: str, *, archive: Archive, plain: Callable[[Any], Any]) -> Mapping[str, Any]:
    """Return all we hold of one customer, scores included, for the merchant to hand over."""
    record = archive.customers.read(shop, customer)
    return {
        "customer": customer,
        "facts": [{"kind": fact.prefix, **plain(fact)} for fact in record.facts],
        "verdict": plain(record.state.verdict) if record.state else None,
        "accepted": {name: plain(accepted) for name, accepted in record.accepted.items()},
    }
