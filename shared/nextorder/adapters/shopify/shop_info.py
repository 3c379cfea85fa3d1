"""What Shopify says of the shop itself."""

from typing import Final

from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.scopes import with_implied
from nextorder.domain.shop import Shop

SHOP_INFO: Final = """
query ShopInfo { shop { id myshopifyDomain primaryDomain { host } ianaTimezone currencyCode } }
"""
GRANTED: Final = "query Granted { currentAppInstallation { accessScopes { handle } } }"


def read_shop_info(client: ShopifyClient, domain: str) -> Shop:
    """
    Ask for id, domains, time zone and currency of a shop; everything else is as for a new one.

    Raises:
        NeedsHuman: The app's credentials or scopes are refused.
        RetryLater: The shop cannot be reached now.
    """
    info = client.execute(domain, SHOP_INFO, {})["shop"]
    return Shop(
        id=domain,
        gid=info["id"],
        domain=info["myshopifyDomain"],
        storefront=info["primaryDomain"]["host"],
        timezone=info["ianaTimezone"],
        currency=info["currencyCode"],
    )


def read_granted_scopes(client: ShopifyClient, domain: str) -> frozenset[str]:
    """Ask which access scopes the app has in the shop; of these a token may have been given fewer."""
    installation = client.execute(domain, GRANTED, {})["currentAppInstallation"]
    installed = with_implied(scope["handle"] for scope in installation["accessScopes"])
    given = client.scopes(domain)
    return installed if given is None else installed & with_implied(given)
