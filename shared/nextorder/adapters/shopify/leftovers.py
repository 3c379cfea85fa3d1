"""All customers of a shop, page by page, for the tags and metafields of ours that they carry."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Final

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import as_written
from nextorder.adapters.shopify.projection import METAFIELDS
from nextorder.domain.leftovers import Marked

# NOTE: A search by tag was withdrawn in 2024, segments answer late and know no prefix, and a
# connection ends at 25,000 objects: so everybody is read by rising id. About 70 points a page.
# https://shopify.dev/changelog/removal-of-customer-search-filters-on-admin-api
PAGE: Final = 250
"""That a connection gives at once."""
CARRIED: Final = f"""
query Carried($after: String!) {{
  customers(first: {PAGE}, sortKey: ID, query: $after) {{
    nodes {{
      legacyResourceId
      tags
      metafields(first: 20, namespace: "nextorder") {{ nodes {{ key }} }}
    }}
  }}
}}
"""
PATIENCE_SECONDS: Final = 300.0


def carriers(
    client: ShopifyClient,
    shop: str,
    is_ours: Callable[[str], bool],
    *,
    most_pages: int | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Sequence[Marked]]:
    """
    Yield the customers who carry something of ours, a page of the shop's customers at a time.

    Args:
        client: Runs the document.
        shop: Its domain.
        is_ours: Tells our tags from the merchant's, in lower case.
        most_pages: How many pages are looked at; None = all.
        sleep: Waits while Shopify throttles.

    """
    last, pages = "0", 0
    while most_pages is None or pages < most_pages:
        ask = partial(client.execute, shop, CARRIED, {"after": f"id:>{last}"})
        nodes = Patience(sleep, seconds=PATIENCE_SECONDS).ask(ask)["customers"]["nodes"]
        if not nodes:
            return
        yield [marked for node in nodes if (marked := _marked(node, is_ours))]
        last, pages = str(nodes[-1]["legacyResourceId"]), pages + 1


def _marked(node: dict[str, Any], is_ours: Callable[[str], bool]) -> Marked | None:
    tags = frozenset(tag for tag in as_written(node["tags"]) if is_ours(tag))
    keys = frozenset(one["key"] for one in node["metafields"]["nodes"]) & METAFIELDS.keys()
    if not tags and not keys:
        return None
    return Marked(customer=str(node["legacyResourceId"]), audiences=tags, attributes=keys)
