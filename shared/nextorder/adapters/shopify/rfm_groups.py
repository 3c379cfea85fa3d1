"""Which RFM group Shopify puts each customer in, for holding ours against it later."""

from collections.abc import Iterator
from functools import partial

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.reading_documents import CUSTOMERS_PER_PAGE, RFM_GROUPS


def read_rfm_groups(client: ShopifyClient, shop: str, patience: Patience) -> Iterator[tuple[str, str]]:
    """
    Yield (numeric customer id, group) of everyone who is in one, page by page.

    Nothing else of a customer is asked for. Shopify groups only where it knows orders enough.
    """
    after: str | None = None
    while True:
        variables = {"first": CUSTOMERS_PER_PAGE, "after": after}
        page = patience.ask(partial(client.execute, shop, RFM_GROUPS, variables))["customers"]
        for node in page["nodes"]:
            if group := node["statistics"]["rfmGroup"]:
                yield node["id"].rpartition("/")[2], group
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]
