"""Who is held out: a hash, so that every machine and every re-install says the same."""

from decimal import Decimal
from hashlib import sha256


def held_out(shop_gid: str, customer_id: str, share: Decimal) -> bool:
    """
    Tell whether the customer (numeric id as text) belongs to the held-out share, 0 to 1.

    Raising the share only adds people: each has one fixed place on the line.
    """
    key = f"nextorder-holdout-1:{shop_gid}:gid://shopify/Customer/{customer_id}"
    place = int.from_bytes(sha256(key.encode()).digest(), "big")
    numerator, denominator = share.as_integer_ratio()
    return place * denominator < numerator << 256
