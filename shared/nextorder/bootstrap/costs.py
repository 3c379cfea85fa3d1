"""What `nextorder costs` and `nextorder audit` need."""

from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.dynamodb.unit_costs import DynamoUnitCosts
from nextorder.adapters.shopify.contacts import ShopifyContacts
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import publish

_PATIENCE_SECONDS = 60.0
"""Of waiting at one question while Shopify throttles: nobody's webhook stands behind an audit."""


def unit_costs() -> DynamoUnitCosts:
    """Return what is known of costs as a whole."""
    return DynamoUnitCosts(env.dynamodb(), env.variable("TABLE_NAME"))


def census() -> DynamoCensus:
    """Return the parallel look at everyone."""
    return DynamoCensus(env.dynamodb(), env.variable("TABLE_NAME"))


def contacts() -> ShopifyContacts:
    """Return what asks Shopify for e-mails and telephones, patiently."""
    return ShopifyContacts(publish.shopify_client(patient=True), patience_seconds=_PATIENCE_SECONDS)
