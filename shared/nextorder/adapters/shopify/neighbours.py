"""The merchant's own tags and segments beside ours: read in a bounded number of calls, never touched."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.projection import NAMESPACE
from nextorder.domain.shop import Shop

A_PAGE: Final = 250
MOST_PAGES: Final = 200
"""Of customers, for their tags: 50,000, by the order of their ids."""
MOST_SEGMENTS: Final = 50
MOST_MEMBER_PAGES: Final = 200
"""Of all segments together."""
_POINTS: Final = 15
"""Of a page. https://shopify.dev/docs/api/usage/limits"""

CUSTOMER_TAGS: Final = """
query CustomerTags($first: Int!, $after: String) {
  customers(first: $first, after: $after, sortKey: ID) {
    nodes { legacyResourceId tags }
    pageInfo { hasNextPage endCursor }
  }
}
"""
SEGMENTS: Final = """
query Segments($first: Int!) {
  segments(first: $first) { nodes { id name query } pageInfo { hasNextPage } }
}
"""
MEMBERS: Final = """
query Members($segment: ID!, $first: Int!, $after: String) {
  customerSegmentMembers(segmentId: $segment, first: $first, after: $after) {
    edges { node { id } }
    totalCount
    pageInfo { hasNextPage endCursor }
  }
}
"""

Json = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Beside:
    """What was found, of whom was looked at."""

    looked_at: set[str] = field(default_factory=set)
    """Customers whose tags were read."""
    is_all: bool = True
    tags: dict[str, set[str]] = field(default_factory=dict)
    segments: dict[str, set[str]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    """Segments that are too large, or too many, to be compared."""
    calls: int = 0


class Neighbours:
    """Reads them from Shopify, waiting for its limits."""

    def __init__(self, client: ShopifyClient, patience: Patience) -> None:
        self._client = client
        self._patience = patience

    def read(self, shop: Shop) -> Beside:
        """
        Return tags that do not begin with our prefix, and segments that do not rest on ours.

        Raises:
            NeedsHuman, RetryLater, Refused: Shopify does not answer as it should.
        """
        found = Beside()
        self._read_tags(shop, found)
        self._read_segments(shop, found)
        return found

    def _read_tags(self, shop: Shop, found: Beside) -> None:
        after = None
        for _ in range(MOST_PAGES):
            page = self._ask(shop, found, CUSTOMER_TAGS, after=after)["customers"]
            for node in page["nodes"]:
                customer = str(node["legacyResourceId"])
                found.looked_at.add(customer)
                for tag in node["tags"]:
                    if not tag.lower().startswith(shop.tag_prefix):
                        found.tags.setdefault(tag, set()).add(customer)
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                return
        found.is_all = False

    def _read_segments(self, shop: Shop, found: Beside) -> None:
        listed = self._ask(shop, found, SEGMENTS, first=MOST_SEGMENTS)["segments"]
        if listed["pageInfo"]["hasNextPage"]:
            found.left_out.append(f"all but the first {MOST_SEGMENTS} segments")
        pages_left = MOST_MEMBER_PAGES
        for segment in listed["nodes"]:
            if f"'{shop.tag_prefix}" in segment["query"] or f"metafields.{NAMESPACE}." in segment["query"]:
                continue
            name = str(segment["name"])
            first = self._members(shop, found, str(segment["id"]), None)
            needed = -(-first["totalCount"] // A_PAGE) - 1
            pages_left -= 1
            if needed > pages_left:
                found.left_out.append(name)
                continue
            pages_left -= max(needed, 0)
            found.segments[name] = self._all_members(shop, found, str(segment["id"]), first)

    def _all_members(self, shop: Shop, found: Beside, segment: str, page: Json) -> set[str]:
        members: set[str] = set()
        while True:
            # NOTE: a member's id has the customer's own number
            members |= {str(edge["node"]["id"]).rpartition("/")[2] for edge in page["edges"]}
            if not page["pageInfo"]["hasNextPage"]:
                return members
            page = self._members(shop, found, segment, page["pageInfo"]["endCursor"])

    def _members(self, shop: Shop, found: Beside, segment: str, after: str | None) -> Json:
        answer: Json = self._ask(shop, found, MEMBERS, segment=segment, after=after)["customerSegmentMembers"]
        return answer

    def _ask(self, shop: Shop, found: Beside, document: str, **variables: Any) -> Mapping[str, Any]:
        found.calls += 1
        given = {"first": A_PAGE, **variables}
        return self._patience.ask(partial(self._client.execute, shop.id, document, given, points=_POINTS))
