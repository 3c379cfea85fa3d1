"""What `nextorder plan` and `apply` need: the connected destinations, and what may be read around ours."""

import time
from collections.abc import Sequence
from typing import Final

from nextorder.adapters.klaviyo.flows import LiveFlows
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.neighbours import Neighbours
from nextorder.bootstrap.publish import (
    DESTINATIONS,
    klaviyo_client,
    klaviyo_records,
    publisher,
    shopify_client,
)
from nextorder.domain.shop import Shop
from nextorder.domain.surroundings import Flows
from nextorder.use_cases.publication import Publisher

_PATIENCE_SECONDS: Final = 120.0


def publishers(shop: Shop) -> Sequence[Publisher]:
    """Return every destination that a shop has, ready to be foreseen."""
    every = (publisher(name, patient=True) for name in DESTINATIONS)
    return [one for one in every if one.reaches(shop)]


def live_flows(shop: Shop) -> Flows:
    """Return what is known of the live flows of a shop's Klaviyo account."""
    lists = klaviyo_records().load(shop.id).lists
    return LiveFlows(klaviyo_client(patient=True), _patience(), lists=lists).read(shop)


def neighbours() -> Neighbours:
    """Return what reads tags and segments of the merchant's."""
    return Neighbours(shopify_client(patient=True), _patience())


def _patience() -> Patience:
    return Patience(time.sleep, seconds=_PATIENCE_SECONDS)
