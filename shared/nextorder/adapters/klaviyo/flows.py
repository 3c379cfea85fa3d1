"""Which live flows of an account would be started by what we write there; reads only."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.projection import METRICS, metric_of
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import Refused
from nextorder.domain.shop import Shop
from nextorder.domain.surroundings import Flows, LiveFlow

MOST_FLOWS: Final = 50
"""
Live flows that are looked into: a call each, and one more for each segment, or what it is made of.

NOTE: the definition of a flow is told one at a time, 60 a minute.
"""
SHOPIFY_TAGS: Final = "Shopify Tags"
"""NOTE: the profile property that Klaviyo's own Shopify integration copies tags into."""

_LIVE: Final = {"filter": 'equals(status,"live")', "page[size]": "50"}
_NONE: Final[Mapping[str, str]] = {}

Json = dict[str, Any]


class LiveFlows:
    """
    Reads flows and what triggers them.

    Args:
        client: Calls the API with a key that has flows:read, segments:read and metrics:read.
        patience: Waits for the limits, and counts the calls.
        lists: Segment -> Klaviyo's id of our list of it.
    """

    def __init__(
        self, client: KlaviyoClient, patience: Patience, *, lists: Mapping[str, str] = _NONE
    ) -> None:
        self._client = client
        self._patience = patience
        self._lists = {id_: name for name, id_ in lists.items()}
        self._segments: dict[str, Json] = {}

    def read(self, shop: Shop) -> Flows:
        """
        Name the live flows that our properties, our events, our lists or our tags would start.

        Raises:
            NeedsHuman: The key may not read flows.
            RetryLater, Refused: Klaviyo does not answer as it should.
        """
        live = list(self._client.pages(shop.id, "/api/flows", self._patience, _LIVE))
        metrics = self._metrics(shop)
        ours, unknown = [], []
        for flow in live[:MOST_FLOWS]:
            name = str(flow["attributes"].get("name") or flow["id"])
            try:
                starter = self._starter(shop, str(flow["id"]), metrics)
            except Refused:
                unknown.append(name)
                continue
            if starter:
                ours.append(LiveFlow(name=name, starter=starter))
        unknown += [str(flow["attributes"].get("name") or flow["id"]) for flow in live[MOST_FLOWS:]]
        return Flows(live=len(live), ours=tuple(ours), unknown=tuple(unknown), calls=self._patience.asked)

    def _metrics(self, shop: Shop) -> Mapping[str, str]:
        """Return our own metrics' names by their ids; none while no event of ours was ever told."""
        named = {metric_of(shop, kind) for kind in METRICS}
        every = self._client.pages(shop.id, "/api/metrics", self._patience)
        found = {str(one["id"]): str(one["attributes"]["name"]) for one in every}
        return {id_: name for id_, name in found.items() if name in named}

    def _starter(self, shop: Shop, flow: str, metrics: Mapping[str, str]) -> str:
        """Say what of ours starts a flow; empty = nothing does."""
        params = {"additional-fields[flow]": "definition"}
        answer = self._ask(shop, f"/api/flows/{quote(flow, safe='')}", params)
        definition = answer["data"]["attributes"].get("definition") or {}
        triggers = definition.get("triggers") or [{}]
        return next(filter(None, (self._of(shop, one, metrics) for one in triggers)), "")

    def _of(self, shop: Shop, trigger: Json, metrics: Mapping[str, str]) -> str:
        match trigger.get("type"):
            case "metric" if name := metrics.get(str(trigger.get("id"))):
                return f"our event {name}"
            case "date" if word := _named(shop, trigger):
                return f"a date in {word}"
            case "segment":
                return self._of_segment(shop, str(trigger.get("id")), frozenset())
            case "list" if name := self._lists.get(str(trigger.get("id"))):
                return f"our list of {name}, which nobody joins quietly: switch it on once it is filled"
            case None:
                raise Refused("no-trigger")
        return ""

    def _of_segment(self, shop: Shop, id_: str, above: frozenset[str]) -> str:
        """Say what of ours a segment reads, itself or by way of what it is made of; empty = nothing."""
        if id_ not in self._segments:
            path = f"/api/segments/{quote(id_, safe='')}"
            self._segments[id_] = self._ask(shop, path)["data"]["attributes"]
        attributes = self._segments[id_]
        definition = attributes.get("definition") or {}
        parts = (self._of_group(shop, one, above | {id_}) for one in _groups(definition))
        word = _named(shop, definition) or next(filter(None, parts), "")
        return f"segment {attributes.get('name')}, which reads {word}" if word else ""

    def _of_group(self, shop: Shop, id_: str, above: frozenset[str]) -> str:
        """Say the same of a segment or a list that a segment is made of."""
        if name := self._lists.get(id_):
            return f"our list of {name}"
        try:
            return "" if id_ in above else self._of_segment(shop, id_, above)
        except Refused:
            # a list of the merchant's, or a segment that is gone
            return ""

    def _ask(self, shop: Shop, path: str, params: Mapping[str, str] = _NONE) -> Json:
        return self._patience.ask(partial(self._client.call, shop.id, "GET", path, params=params))


def _named(shop: Shop, definition: Json) -> str:
    """Say which of ours a definition reads: our properties, or the property that our tags arrive in."""
    text = json.dumps(definition)
    if f"{shop.klaviyo_prefix}_" in text:
        return f"our properties {shop.klaviyo_prefix}_..."
    return SHOPIFY_TAGS if SHOPIFY_TAGS in text else ""


def _groups(definition: Json) -> Iterator[str]:
    """Name the segments and lists that a segment is made of."""
    for group in definition.get("condition_groups") or ():
        for condition in group.get("conditions") or ():
            if condition.get("type") == "profile-group-membership":
                yield from map(str, condition.get("group_ids") or ())
