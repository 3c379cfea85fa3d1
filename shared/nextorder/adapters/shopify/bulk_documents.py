"""
The documents that start, find and watch bulk queries.

https://shopify.dev/docs/api/usage/bulk-operations/queries
"""

from datetime import datetime
from typing import Final

from nextorder.adapters.shopify.reading_documents import BULK_CUSTOMERS, BULK_PRODUCTS, bulk_orders
from nextorder.domain.imports import Kind, Part

_OPERATION = "id status errorCode rootObjectCount url"

RUN_QUERY: Final = """
mutation RunQuery($query: String!) {
  bulkOperationRunQuery(query: $query) {
    bulkOperation { id }
    userErrors { message code }
  }
}
"""
OPERATION: Final = f"query Operation($id: ID!) {{ bulkOperation(id: $id) {{ {_OPERATION} }} }}"
OPERATIONS: Final = """
query Operations {
  bulkOperations(first: 50, reverse: true, query: "operation_type:query") {
    nodes { id status query }
  }
}
"""
"""The latest: an operation of ours that was begun and not written down is among them."""
EXTENT: Final = """
query Extent {
  ordersCount(limit: null) { count }
  orders(first: 1, sortKey: CREATED_AT) { nodes { createdAt } }
}
"""
"""How many orders there are, and when the first was made: both only of those that the scopes show."""

_MARK = "# nextorder import "


def mark_of(run: str, part: Part) -> str:
    """Return the comment that tells an operation of ours from everybody else's, and from one another."""
    return f"{_MARK}{run} {part.name} {part.attempt}"


def mark_in(query: str) -> str:
    """Return the mark of an operation's query; empty for one that is not an import of ours."""
    first = query.lstrip().partition("\n")[0].rstrip()
    return first if first.startswith(_MARK) else ""


def is_of(run: str, mark: str) -> bool:
    """Tell whether a mark is of this run."""
    return mark.startswith(f"{_MARK}{run} ")


def query_of(run: str, part: Part) -> str:
    """Return a part's bulk query with its mark."""
    return f"{mark_of(run, part)}\n{_body(part).strip()}\n"


def _body(part: Part) -> str:
    if part.kind is Kind.CUSTOMERS:
        return BULK_CUSTOMERS
    if part.kind is Kind.PRODUCTS:
        return BULK_PRODUCTS
    bounds = (("created_at:>=", part.since), ("created_at:<", part.until))
    return bulk_orders(" ".join(f"{name}'{_moment(at)}'" for name, at in bounds if at))


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
