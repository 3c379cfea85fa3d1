"""What of ours stands in a Shopify shop: webhook subscriptions, metafield definitions, segments."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from nextorder.adapters.shopify import installation_documents as documents
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.projection import METAFIELDS, NAMESPACE
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, allowed, enum_of, fields_of
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import Refused
from nextorder.domain.installation import Part, Record, Survey
from nextorder.domain.shop import Shop
from nextorder.ports.installation import Records

WEBHOOK: Final = "webhook"
METAFIELD: Final = "metafield"
SEGMENT: Final = "segment"
OURS: Final = "nextorder-"
"""Begins the name of each subscription of ours. It arrives as X-Shopify-Name; at most 50 characters."""
_TOPICS: Final = {enum_of(topic): topic for topic in SUBSCRIBED}

Json = dict[str, Any]


class ShopifyInstaller:
    """
    ports.Installer.

    Subscriptions are ours by their name or their address, definitions by namespace and key,
    segments by the id that was kept when they were made. A segment may be renamed and narrowed.
    """

    def __init__(self, client: ShopifyClient, catalogue: Catalogue, records: Records) -> None:
        self._client = client
        self._catalogue = catalogue
        self._records = records
        self._segments: list[Json] | None = None

    def survey(self, shop: Shop) -> Survey:
        """Ask for all of it in one request."""
        record = self._records.load(shop.id)
        names, ids = list(record.segments), list(record.segments.values())
        data = self._client.execute(shop.id, documents.STANDING, {"segments": ids})
        granted = [scope["handle"] for scope in data["currentAppInstallation"]["accessScopes"]]
        wanted = (*_subscriptions(record, granted), *_definitions(), *self._wanted_segments(shop))
        found = (
            *_found_subscriptions(record, data["webhookSubscriptions"]["nodes"]),
            *_found_definitions(data["metafieldDefinitions"]["nodes"]),
            *_found_segments(shop, dict(zip(names, data["nodes"], strict=True))),
        )
        return Survey(wanted=wanted if record.uri else (), found=found)

    def make(self, shop: Shop, part: Part) -> None:
        """Make a part; one that is there already counts as made."""
        match part.kind:
            case "webhook":
                variables = {"topic": enum_of(part.name), "subscription": _subscription(part)}
                self._change(shop, documents.SUBSCRIBE, variables)
            case "metafield":
                self._change(
                    shop, documents.DEFINE, {"definition": _definition(part) | {"type": part.says["type"]}}
                )
            case _:
                self._make_segment(shop, part)

    def repair(self, shop: Shop, part: Part, found: Part) -> None:
        """Make what stands say what it should; what cannot be changed is Refused."""
        match part.kind:
            case "webhook":
                variables = {"id": part.id, "subscription": _subscription(part)}
                self._change(shop, documents.RESUBSCRIBE, variables)
            case "metafield" if found.says["type"] != part.says["type"]:
                raise Refused(
                    "metafield-type",
                    f"{NAMESPACE}.{part.name} is defined as {found.says['type']}: delete the definition "
                    "under Settings, Metafields and metaobjects, Customers, then connect again",
                )
            case "metafield":
                self._change(shop, documents.REDEFINE, {"definition": _definition(part)})
            case _:
                self._change(shop, documents.MEND_SEGMENT, {"id": part.id, "query": part.says["query"]})

    def remove(self, shop: Shop, part: Part) -> None:
        """Take a part away, with a definition all its values; one that is gone counts as taken away."""
        by_kind = {
            WEBHOOK: documents.UNSUBSCRIBE,
            METAFIELD: documents.UNDEFINE,
            SEGMENT: documents.DROP_SEGMENT,
        }
        self._change(shop, by_kind[part.kind], {"id": part.id})
        if part.kind == SEGMENT:
            self._records.keep_segment(shop.id, part.name, "")

    def forget(self, shop: Shop) -> None:
        """Drop the record of what was made."""
        self._records.drop(shop.id)

    def _wanted_segments(self, shop: Shop) -> Iterator[Part]:
        """One for each tag that is shown; what a family with open values will show is not known."""
        for name in self._catalogue.shown:
            if not name.endswith(":*"):
                yield Part(kind=SEGMENT, name=name, says={"query": _query(shop, name)})

    def _make_segment(self, shop: Shop, part: Part) -> None:
        """
        Make a segment, or take over one that says the same under the same name.

        NOTE: a second segment of a name is no error, Shopify calls it "name (2)".
        """
        name, query = f"{shop.tag_prefix}{part.name}", part.says["query"]
        for other in self._all_segments(shop):
            if other["name"] == name and other["query"] == query:
                self._records.keep_segment(shop.id, part.name, other["id"])
                return
            if other["name"] == name:
                raise Refused("segment-name", "another segment has this name: rename it, then connect again")
        data = self._change(shop, documents.MAKE_SEGMENT, {"name": name, "query": query})
        self._records.keep_segment(shop.id, part.name, data["segmentCreate"]["segment"]["id"])

    def _all_segments(self, shop: Shop) -> list[Json]:
        if self._segments is None:
            self._segments = list(self._pages(shop))
        return self._segments

    def _pages(self, shop: Shop) -> Iterator[Json]:
        after, more = None, True
        while more:
            page = self._client.execute(shop.id, documents.SEGMENTS, {"after": after})["segments"]
            yield from page["nodes"]
            after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    def _change(self, shop: Shop, document: str, variables: Json) -> Json:
        """Run a mutation; Refused has Shopify's own words, which here are about no person."""
        data = self._client.execute(shop.id, document, variables)
        for payload in data.values():
            for error in (payload or {}).get("userErrors") or []:
                if not _says_done(error):
                    raise Refused("installation", str(error.get("message", "")))
        return data


def _says_done(error: Json) -> bool:
    """Tell that a thing to make is there, or one to take away is not."""
    message = str(error.get("message", ""))
    return (
        error.get("code") in {"TAKEN", "NOT_FOUND"}
        or "already been taken" in message
        or "does not exist" in message
    )


def _subscriptions(record: Record, granted: Iterable[str]) -> Iterator[Part]:
    for topic in () if record.in_app else allowed(granted):
        yield Part(
            kind=WEBHOOK, name=topic, says={"uri": record.uri, "fields": tuple(sorted(fields_of(topic)))}
        )


def _found_subscriptions(record: Record, nodes: Iterable[Json]) -> Iterator[Part]:
    for node in nodes:
        if node["uri"] != record.uri and not str(node["name"] or "").startswith(OURS):
            continue
        topic = _TOPICS.get(node["topic"], str(node["topic"]))
        says = {"uri": node["uri"], "fields": tuple(sorted(node["includeFields"]))}
        yield Part(kind=WEBHOOK, name=topic, says=says, id=node["id"])


def _subscription(part: Part) -> Json:
    return {
        "uri": part.says["uri"],
        "format": "JSON",
        "includeFields": list(part.says["fields"]),
        "name": OURS + part.name.replace("/", "-").replace(".", "-"),
    }


def _definitions() -> Iterator[Part]:
    for key, metafield in METAFIELDS.items():
        yield Part(kind=METAFIELD, name=key, says={"type": metafield.type, "filterable": True})


def _found_definitions(nodes: Iterable[Json]) -> Iterator[Part]:
    for node in nodes:
        if node["key"] in METAFIELDS:
            filterable = node["capabilities"]["adminFilterable"]["enabled"]
            says = {"type": node["type"]["name"], "filterable": filterable}
            yield Part(kind=METAFIELD, name=node["key"], says=says, id=node["id"])


def _definition(part: Part) -> Json:
    return {
        "name": METAFIELDS[part.name].name,
        "namespace": NAMESPACE,
        "key": part.name,
        "ownerType": "CUSTOMER",
        "capabilities": {"adminFilterable": {"enabled": True}},
    }


def _found_segments(shop: Shop, nodes: dict[str, Json | None]) -> Iterator[Part]:
    for name, node in nodes.items():
        if not node:
            yield Part(kind=SEGMENT, name=name, gone=True)
            continue
        clause = _query(shop, name)
        query = clause if clause in node["query"] else node["query"]
        yield Part(kind=SEGMENT, name=name, says={"query": query}, id=node["id"])


def _query(shop: Shop, name: str) -> str:
    """NOTE: an attribute's clause, not a function's: the change of 2026-10 to these leaves it alone."""
    return f"customer_tags CONTAINS '{shop.tag_prefix}{name}'"
