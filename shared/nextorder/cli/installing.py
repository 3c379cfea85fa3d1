"""Make or check what stands in a shop, and show it as a table of ticks."""

import time
from collections.abc import Callable, Iterable
from secrets import token_hex
from typing import Final

from nextorder.adapters.shopify.ping import Doorbell
from nextorder.adapters.shopify.scopes import SCOPES, lacking
from nextorder.adapters.shopify.shop_info import read_granted_scopes
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.installation import (
    THE_STACKS,
    installer,
    own_address,
    pings,
    records,
    webhook_uri,
)
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.publish import shopify_client
from nextorder.cli.progress import during
from nextorder.cli.ticks import has_changed, is_wrong, show_row, show_scopes, show_ticks
from nextorder.domain.errors import AccessDenied, NeedsHuman, RetryLater
from nextorder.domain.installation import Part
from nextorder.domain.shop import Shop
from nextorder.ports.installation import Installer
from nextorder.use_cases.installation import Mark, Tick, check, install, restore
from nextorder.use_cases.ping import see_arrive

_Work = Callable[[Shop, Installer], tuple[Tick, ...]]
_THE_REST: Final = Part(kind="all", name="the rest")


def install_and_show(shop: Shop, webhook_url: str, subscriptions: str | None) -> int:
    """
    Settle where webhooks go, install, see a test delivery arrive.

    An address of the merchant's own that was given once stands until another one is.

    Returns:
        1 when something needs the merchant.
    """
    held = records().load(shop.id)
    own = own_address(webhook_url, held.uri)
    uri = webhook_uri(own)
    if held.uri not in ("", uri):
        show_row("moved", "webhooks", f"from {held.uri} to {uri}")
    elif own:
        show_row(
            Mark.OK, "webhooks", f"go to {uri}; --webhook-url {THE_STACKS} leads them to the stack's own"
        )
    in_app = held.in_app if subscriptions is None else subscriptions == "app"
    records().settle(shop.id, uri=uri, in_app=in_app)
    ticks, lacks_needed = _after_scopes(shop, install)
    return _show(shop, ticks, own, lacks_needed=lacks_needed)


def check_installed(shop: Shop) -> int:
    """Say what is wrong and change nothing; a test delivery is sent to ourselves. Return 1 for wrong."""
    uri = records().load(shop.id).uri
    again = f"run `nextorder connect shopify --shop {shop.id}` again"
    if left := shop.uninstalled_at:
        why = f"the app was taken out of the shop on {left:%Y-%m-%d}: install it there, then {again}"
        show_row(Mark.MISSING, "everything", why)
        return 1
    if not uri:
        show_row(Mark.MISSING, "everything", f"nothing is installed here: {again}")
        return 1
    ticks, lacks_needed = _after_scopes(shop, check)
    wrong = _show(shop, ticks, uri if uri.startswith("http") else "", lacks_needed=lacks_needed)
    if is_wrong(ticks):
        print(f"  ->  {again}: it puts right what is missing")
    return wrong


def let_segments_follow(shop: Shop) -> None:
    """Make and remove Shopify's segments as a new catalogue wants; where that fails, the daily check does."""
    if not records().load(shop.id).uri:
        return
    try:
        show_ticks(restore(shop, installer(shop)))
    except (RetryLater, NeedsHuman) as failure:
        show_row("later", "segments", f"within a day the daily check makes Shopify's follow ({failure})")


def _after_scopes(shop: Shop, work: _Work) -> tuple[tuple[Tick, ...], bool]:
    """Show the scopes, then do the work; where a needed one is lacking it may be denied as a whole."""
    missing = lacking(read_granted_scopes(shopify_client(patient=True), shop.id))
    lacks_needed = show_scopes(SCOPES, missing)
    if missing:
        show_row("", "", "-> give the app these scopes, release its new version, connect again")
    try:
        with during("looking", "at what stands in Shopify of ours"):
            return work(shop, installer(shop)), lacks_needed
    except AccessDenied:
        if not lacks_needed:
            raise
        return (Tick(Mark.MISSING, _THE_REST, "cannot be seen or made without these scopes"),), True


def _show(shop: Shop, ticks: tuple[Tick, ...], webhook_url: str, *, lacks_needed: bool) -> int:
    show_ticks(ticks)
    with during("waiting", "for a signed test delivery to arrive"):
        arrived = tuple(_see_arrive(shop, webhook_url or env.variable("WEBHOOK_URL")))
    for tick in arrived:
        show_row(tick.mark, tick.part.kind, f"{tick.part.name}: {tick.why}" if tick.why else tick.part.name)
    if not has_changed(ticks):
        print("  nothing was changed")
    return int(lacks_needed or is_wrong((*ticks, *arrived)))


def _see_arrive(shop: Shop, url: str) -> Iterable[Tick]:
    keys = connections().of(shop.id)
    if keys is None or not keys.client_secrets:
        return [Tick(Mark.MISSING, Part(kind="delivery", name="a signed one arrives"), "no secret is held")]
    return see_arrive(
        token_hex(16),
        secret=keys.client_secrets[0],
        door=Doorbell(url, shop.id),
        last=lambda: pings().last(shop.id),
        sleep=time.sleep,
    )
