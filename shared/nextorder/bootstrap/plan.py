"""What `nextorder plan` and `apply` need: the connected destinations, and what may be read around ours."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from nextorder.adapters.klaviyo.flows import LiveFlows
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.neighbours import Neighbours
from nextorder.bootstrap.publish import (
    DESTINATIONS,
    klaviyo_client,
    klaviyo_records,
    publisher,
    shopify_client,
)
from nextorder.domain.changes import Person
from nextorder.domain.shop import Shop
from nextorder.domain.surroundings import Flows
from nextorder.use_cases.publication import Publisher

_PATIENCE_SECONDS: Final = 120.0

Finder = Callable[[Shop, Sequence[Person]], Mapping[str, str]]
"""Returns a destination's own ids by customer; whoever is missing there is left out."""


def publishers(shop: Shop) -> Sequence[Publisher]:
    """Return every destination that a shop has, ready to be foreseen."""
    every = (publisher(name, patient=True) for name in DESTINATIONS)
    return [one for one in every if one.reaches(shop)]


def finders() -> Mapping[str, Finder]:
    """Return how people are looked up where that can be done without writing."""
    client, patience = klaviyo_client(patient=True), _patience()

    def find(shop: Shop, people: Sequence[Person]) -> Mapping[str, str]:
        return patience.ask(lambda: find_profiles(client, shop.id, people))

    return {"klaviyo": find}


def live_flows(shop: Shop) -> Flows:
    """Return what is known of the live flows of a shop's Klaviyo account."""
    lists = klaviyo_records().load(shop.id).lists
    return LiveFlows(klaviyo_client(patient=True), _patience(), lists=lists).read(shop)


def neighbours() -> Neighbours:
    """Return what reads tags and segments of the merchant's."""
    return Neighbours(shopify_client(patient=True), _patience())


def _patience() -> Patience:
    return Patience(time.sleep, seconds=_PATIENCE_SECONDS)
