"""What of ours stands in a Shopify shop: webhook subscriptions, metafield definitions, segments."""

from collections.abc import Iterator
from typing import Final

from nextorder.adapters.shopify import installation_documents as documents
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.installation_parts import (
    Json,
    Kind,
    definition_input,
    found_definitions,
    found_segments,
    found_subscriptions,
    subscription_input,
    wanted_definitions,
    wanted_segments,
    wanted_subscriptions,
)
from nextorder.adapters.shopify.projection import NAMESPACE
from nextorder.adapters.shopify.subscriptions import enum_of
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import Refused
from nextorder.domain.installation import Part, Survey
from nextorder.domain.shop import Shop
from nextorder.ports.installation import Records

_REMOVALS: Final = {
    Kind.WEBHOOK: documents.UNSUBSCRIBE,
    Kind.METAFIELD: documents.UNDEFINE,
    Kind.SEGMENT: documents.DROP_SEGMENT,
}


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
        segments = tuple(found_segments(shop, dict(zip(names, data["nodes"], strict=True))))
        wanted = (
            *wanted_subscriptions(record, granted),
            *wanted_definitions(),
            *wanted_segments(shop, self._catalogue, segments),
        )
        found = (
            *found_subscriptions(record, data["webhookSubscriptions"]["nodes"]),
            *found_definitions(data["metafieldDefinitions"]["nodes"]),
            *segments,
        )
        return Survey(wanted=wanted if record.uri else (), found=found)

    def make(self, shop: Shop, part: Part) -> None:
        """Make a part; one that is there already counts as made."""
        match part.kind:
            case Kind.WEBHOOK:
                variables = {"topic": enum_of(part.name), "subscription": subscription_input(part)}
                self._change(shop, documents.SUBSCRIBE, variables)
            case Kind.METAFIELD:
                self._change(
                    shop,
                    documents.DEFINE,
                    {"definition": definition_input(part) | {"type": part.says["type"]}},
                )
            case _:
                self._make_segment(shop, part)

    def repair(self, shop: Shop, part: Part, found: Part) -> None:
        """Make what stands say what it should; what cannot be changed is Refused."""
        match part.kind:
            case Kind.WEBHOOK:
                variables = {"id": part.id, "subscription": subscription_input(part)}
                self._change(shop, documents.RESUBSCRIBE, variables)
            case Kind.METAFIELD if found.says["type"] != part.says["type"]:
                raise Refused(
                    "metafield-type",
                    f"{NAMESPACE}.{part.name} is defined as {found.says['type']}: delete the definition "
                    "under Settings, Metafields and metaobjects, Customers, then connect again",
                )
            case Kind.METAFIELD:
                self._change(shop, documents.REDEFINE, {"definition": definition_input(part)})
            case _:
                self._change(shop, documents.MEND_SEGMENT, {"id": part.id, "query": part.says["query"]})

    def remove(self, shop: Shop, part: Part) -> None:
        """Take a part away, with a definition all its values; one that is gone counts as taken away."""
        self._change(shop, _REMOVALS[Kind(part.kind)], {"id": part.id})
        if part.kind == Kind.SEGMENT:
            self._records.keep_segment(shop.id, part.name, "")

    def forget(self, shop: Shop) -> None:
        """Drop the record of what was made."""
        self._records.drop(shop.id)

    def _make_segment(self, shop: Shop, part: Part) -> None:
        """
        Make a segment, or take over one that says the same under the same name.

        NOTE: a second segment of a name is no error, Shopify calls it "name (2)": another command was
        quicker, whose is kept.
        """
        name, query = f"{shop.tag_prefix}{part.name}", part.says["query"]
        for other in self._all_segments(shop):
            if other["name"] == name and other["query"] == query:
                self._records.keep_segment(shop.id, part.name, other["id"])
                return
            if other["name"] == name:
                raise Refused("segment-name", "another segment has this name: rename it, then connect again")
        made = self._change(shop, documents.MAKE_SEGMENT, {"name": name, "query": query})
        segment = made["segmentCreate"]["segment"]
        if segment["name"].startswith(f"{name} ("):
            self._change(shop, documents.DROP_SEGMENT, {"id": segment["id"]})
        else:
            self._records.keep_segment(shop.id, part.name, segment["id"])

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
