"""What `nextorder audit` asks of Shopify."""

from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.bootstrap import publish

_PATIENCE_SECONDS = 60.0
"""Of waiting at one question while Shopify throttles: nobody's webhook stands behind an audit."""


def contacts() -> ShopifyContacts:
    """Return what asks Shopify for e-mails and telephones, patiently."""
    return ShopifyContacts(publish.shopify_client(patient=True), patience_seconds=_PATIENCE_SECONDS)
