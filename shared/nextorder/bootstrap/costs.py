"""What looks at everyone, or at all unit costs, away from the online path."""

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.dynamodb.unit_costs import DynamoUnitCosts
from nextorder.bootstrap import environment as env


def unit_costs() -> DynamoUnitCosts:
    """Return what is known of costs as a whole."""
    return DynamoUnitCosts(env.dynamodb(), env.variable("TABLE_NAME"))


def census() -> DynamoCensus:
    """Return the parallel look at everyone."""
    return DynamoCensus(env.dynamodb(), env.variable("TABLE_NAME"))


def assortment() -> DynamoAssortment:
    """Return what is sold."""
    return DynamoAssortment(env.dynamodb(), env.variable("TABLE_NAME"))
