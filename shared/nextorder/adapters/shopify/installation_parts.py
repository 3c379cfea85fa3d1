"""What should stand in a Shopify shop, and what does, as parts of an installation."""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, Final

from nextorder.adapters.shopify.projection import METAFIELDS, NAMESPACE
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, allowed, enum_of, fields_of
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.installation import Part, Record
from nextorder.domain.possible_names import shown_names, stays
from nextorder.domain.shop import Shop

OURS: Final = "nextorder-"
"""Begins the name of each subscription of ours. It arrives as X-Shopify-Name; at most 50 characters."""
_TOPICS: Final = {enum_of(topic): topic for topic in SUBSCRIBED}

Json = dict[str, Any]


class Kind(StrEnum):
    """The kinds of parts."""

    WEBHOOK = "webhook"
    METAFIELD = "metafield"
    SEGMENT = "segment"


def wanted_subscriptions(record: Record, granted: Iterable[str]) -> Iterator[Part]:
    """Yield one a topic that these scopes allow; none where the app's own configuration carries them."""
    for topic in () if record.in_app else allowed(granted):
        yield Part(
            kind=Kind.WEBHOOK, name=topic, says={"uri": record.uri, "fields": tuple(sorted(fields_of(topic)))}
        )


def found_subscriptions(record: Record, nodes: Iterable[Json]) -> Iterator[Part]:
    """Yield those that are ours by their name or their address."""
    for node in nodes:
        if node["uri"] != record.uri and not str(node["name"] or "").startswith(OURS):
            continue
        topic = _TOPICS.get(node["topic"], str(node["topic"]))
        says = {"uri": node["uri"], "fields": tuple(sorted(node["includeFields"]))}
        yield Part(kind=Kind.WEBHOOK, name=topic, says=says, id=node["id"])


def subscription_input(part: Part) -> Json:
    """Write a WebhookSubscriptionInput."""
    return {
        "uri": part.says["uri"],
        "format": "JSON",
        "includeFields": list(part.says["fields"]),
        "name": OURS + part.name.replace("/", "-").replace(".", "-"),
    }


def wanted_definitions() -> Iterator[Part]:
    """Yield one a metafield of ours, so that Shopify can filter by it."""
    for key, metafield in METAFIELDS.items():
        yield Part(kind=Kind.METAFIELD, name=key, says={"type": metafield.type, "filterable": True})


def found_definitions(nodes: Iterable[Json]) -> Iterator[Part]:
    """Yield those of our namespace that have a key of ours."""
    for node in nodes:
        if node["key"] in METAFIELDS:
            filterable = node["capabilities"]["adminFilterable"]["enabled"]
            says = {"type": node["type"]["name"], "filterable": filterable}
            yield Part(kind=Kind.METAFIELD, name=node["key"], says=says, id=node["id"])


def definition_input(part: Part) -> Json:
    """Write what a definition's input says, new or changed; its type is told only once."""
    return {
        "name": METAFIELDS[part.name].name,
        "namespace": NAMESPACE,
        "key": part.name,
        "ownerType": "CUSTOMER",
        "capabilities": {"adminFilterable": {"enabled": True}},
    }


def wanted_segments(shop: Shop, catalogue: Catalogue, standing: Iterable[Part]) -> Iterator[Part]:
    """
    Yield one a tag that may be shown, of open families as far as the last fit knows their values.

    Of those, one that stands stays: a category that is no longer among the commonest may come
    back, and the merchant may use the segment.
    """
    kept = (part.name for part in standing if not part.gone and stays(part.name, catalogue))
    for name in dict.fromkeys([*shown_names(catalogue, shop), *kept]):
        yield Part(kind=Kind.SEGMENT, name=name, says={"query": _query(shop, name)})


def found_segments(shop: Shop, nodes: Mapping[str, Json | None]) -> Iterator[Part]:
    """Yield those that were made, by name; the merchant may have narrowed them, or taken them away."""
    for name, node in nodes.items():
        if not node:
            yield Part(kind=Kind.SEGMENT, name=name, gone=True)
            continue
        clause = _query(shop, name)
        query = clause if clause in node["query"] else node["query"]
        yield Part(kind=Kind.SEGMENT, name=name, says={"query": query}, id=node["id"])


def _query(shop: Shop, name: str) -> str:
    """NOTE: an attribute's clause, not a function's: the change of 2026-10 to these leaves it alone."""
    return f"customer_tags CONTAINS '{shop.tag_prefix}{name}'"
