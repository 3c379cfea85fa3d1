"""The part of Shopify's search syntax that `customers(query:)` needs here."""

import operator
import re
from collections.abc import Callable
from datetime import datetime

from graphql import GraphQLError

from tests.fakes.shopify.store import Resource, number_of

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
TERM = re.compile(r"""(\w+):(>=|<=|>|<)?(?:"([^"]*)"|'([^']*)'|(\S+))""")


def matches(resource: Resource, query: str) -> bool:
    """
    Tell whether the customer is meant: terms beside each other all hold, OR separates choices.

    Raises:
        GraphQLError: A filter that the fake does not know; Shopify would silently ignore it.
    """
    choices = re.split(r"\s+OR\s+", query.strip().removeprefix("(").removesuffix(")"))
    return any(all(_holds(resource, term) for term in _terms(choice)) for choice in choices)


def _terms(choice: str) -> list[re.Match[str]]:
    left = re.sub(r"\bAND\b", " ", TERM.sub("", choice)).strip()
    if left:
        raise GraphQLError(f"the fake does not know this search: {left}")
    return list(TERM.finditer(choice))


def _holds(resource: Resource, term: re.Match[str]) -> bool:
    field, sign = term[1], term[2] or ""
    value = term[3] or term[4] or term[5] or ""
    match field:
        case "id":
            return COMPARE[sign](int(number_of(resource.id)), int(number_of(value)))
        case "email" | "phone":
            return str(resource.given.get(field) or "").lower() == value.lower()
        case "updated_at" | "created_at":
            moment = datetime.fromisoformat(value).timestamp()
            return COMPARE[sign](
                resource.updated_at if field == "updated_at" else resource.created_at, moment
            )
    raise GraphQLError(f"the fake does not know the filter {field}")
