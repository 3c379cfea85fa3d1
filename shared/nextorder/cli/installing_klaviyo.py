"""Make or check what stands in a Klaviyo account, and show it as a table of ticks."""

import time
from collections.abc import Iterator
from typing import Final

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.installation import LIST, lists_of
from nextorder.adapters.klaviyo.scopes import SCOPES, lacking
from nextorder.adapters.patience import Patience
from nextorder.bootstrap.installation import klaviyo_installer
from nextorder.bootstrap.publish import klaviyo_records
from nextorder.bootstrap.update import shops
from nextorder.cli.progress import during
from nextorder.cli.ticks import has_changed, is_wrong, show_row, show_scopes, show_ticks
from nextorder.cli.ways import is_live
from nextorder.domain.going_live import STEPS, Step
from nextorder.domain.shop import Shop
from nextorder.use_cases.installation import Mark, check, install

_PATIENCE_SECONDS: Final = 30.0
_FOR_SEGMENTS: Final = frozenset({"segments:read", "segments:write"})
_FOR_LISTS: Final = frozenset({"lists:read", "lists:write"})

_AFTER_PROPERTIES: Final = "`nextorder apply` makes them once everyone has their properties"
_AFTER_THE_PAUSE: Final = "publishing is paused: `nextorder resume`, then connect again"
_WHEN_FILLED: Final = (
    "-> lists are empty until tags go live, or at once by `nextorder publish --destination klaviyo --yes`; "
    "flows on them: switch on afterwards"
)


def install_in_klaviyo(shop: Shop, client: KlaviyoClient) -> int:
    """
    Try the scopes, then make segments and wanted lists, as soon as going live has come to them.

    Done twice, the second time changes nothing.

    Returns:
        1 when something needs the merchant.
    """
    return _show(shop, client, changes=True)


def check_in_klaviyo(shop: Shop, client: KlaviyoClient) -> int:
    """Say what is wrong and change nothing. Return 1 for wrong."""
    return _show(shop, client, changes=False)


def has_come_to_segments(shop: Shop) -> bool:
    """Whether segments may stand there: a flow that starts from one must find everyone's properties."""
    return shop.applied and STEPS.index(shop.live("klaviyo").step) >= STEPS.index(Step.SEGMENTS)


def wants_segments(shop: Shop) -> bool:
    """Whether going live has just come to segments, or went past them at once and none was ever made."""
    is_at_them = shop.live("klaviyo").step is Step.SEGMENTS
    return is_at_them or (has_come_to_segments(shop) and not klaviyo_records().load(shop.id).segments)


def missing_lists(shop: Shop) -> Iterator[str]:
    """Say which wanted list was never made, or was found to be gone by who would have filled it."""
    if not (shop.klaviyo_lists and has_come_to_segments(shop)):
        return
    there = klaviyo_records().load(shop.id).lists
    if gone := [name for name in lists_of(shop, shops().catalogue(shop)) if name not in there]:
        yield f"klaviyo has no list of {', '.join(gone)}: `nextorder connect klaviyo` makes it"


def _show(shop: Shop, client: KlaviyoClient, *, changes: bool) -> int:
    missing = lacking(client, shop.id, Patience(time.sleep, seconds=_PATIENCE_SECONDS))
    lacks_needed = show_scopes(SCOPES, missing)
    if lacks_needed:
        show_row("", "", "-> make a key with these scopes, connect again; a key's scopes cannot be changed")
    if not has_come_to_segments(shop):
        what = "segments, lists" if shop.klaviyo_lists else "segments"
        is_paused = is_live(shop) and not shop.applied
        show_row("later", what, _AFTER_THE_PAUSE if is_paused else _AFTER_PROPERTIES)
        return int(lacks_needed)
    lacked = {scope.name for scope in missing}
    if shop.klaviyo_lists and _FOR_LISTS & lacked:
        show_row(Mark.MISSING, "lists", f"none is made or filled without {' and '.join(sorted(_FOR_LISTS))}")
    if (_FOR_SEGMENTS | (_FOR_LISTS if shop.klaviyo_lists else frozenset())) & lacked:
        print("  nothing was changed")
        return int(lacks_needed)
    with during("making" if changes else "checking", "what stands in Klaviyo of ours"):
        ticks = (install if changes else check)(shop, klaviyo_installer(shop, client))
    show_ticks(ticks)
    if not has_changed(ticks):
        print("  nothing was changed")
    if any(tick.mark is Mark.MADE and tick.part.kind == LIST for tick in ticks):
        show_row("", "", _WHEN_FILLED)
    return int(lacks_needed or is_wrong(ticks))
