"""The access scopes that our documents and subscriptions want, and what the lack of each costs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_READ: Final = "read_"
_WRITE: Final = "write_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """One access scope, as in https://shopify.dev/docs/api/usage/access-scopes ."""

    name: str
    purpose: str
    lack: str
    """What is not possible without it, and the way out."""
    needed: bool = False
    """Nothing works without it."""


SCOPES: Final = (
    Scope(
        name="read_customers",
        purpose="customers, their consent, segments",
        lack="nobody can be scored",
        needed=True,
    ),
    Scope(
        name="write_customers",
        purpose="tags, metafields and segments",
        lack="no verdict can be shown in Shopify",
        needed=True,
    ),
    Scope(
        name="read_orders",
        purpose="orders, refunds, payments, checkouts",
        lack="there is nothing to score by",
        needed=True,
    ),
    Scope(
        name="read_all_orders",
        purpose="orders older than 60 days",
        lack=(
            "the history is 60 days long, which makes everybody new; export the orders as CSV in Shopify's "
            "admin and read the file with `nextorder import FILE`"
        ),
    ),
    Scope(
        name="read_products",
        purpose="product types and variants",
        lack="no order can be read whole: no history, and no webhook that was missed comes later",
        needed=True,
    ),
    Scope(
        name="read_inventory",
        purpose="what goods cost the shop",
        lack="profit rests on the default margin; give costs with `nextorder costs import FILE` instead",
    ),
    Scope(
        name="read_customer_merge",
        purpose="merges of customer records",
        lack="a merged customer's earlier orders stay with a record that is gone",
    ),
    Scope(
        name="read_returns",
        purpose="returns before they are refunded",
        lack="no refund can be read whole: no history, and no webhook that was missed comes later",
        needed=True,
    ),
)


def with_implied(granted: Iterable[str]) -> frozenset[str]:
    """Add what is granted with others: to write is to read."""
    named = frozenset(granted)
    return named | {_READ + name.removeprefix(_WRITE) for name in named if name.startswith(_WRITE)}


def lacking(granted: Iterable[str]) -> tuple[Scope, ...]:
    """Return what is not granted, in the order of the table."""
    held = with_implied(granted)
    return tuple(scope for scope in SCOPES if scope.name not in held)
