"""`nextorder connect shopify`: take the app's keys, make or repair what stands in the shop, see it work."""

import argparse
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nextorder.adapters.shop_data import write_connection
from nextorder.adapters.shopify.app_toml import is_written_by_us, write_app_toml
from nextorder.adapters.shopify.client import BASE_URL, Credentials, ShopifyClient
from nextorder.adapters.shopify.shop_info import read_shop_info
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.installation import THE_STACKS, own_address, records, webhook_uri
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.publish import denials
from nextorder.bootstrap.update import shops
from nextorder.cli.installing import check_installed, install_and_show
from nextorder.cli.leftovers import glance
from nextorder.cli.publishing import publish_everyone, say
from nextorder.cli.secret import add_from_stdin, read_secret
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.ticks import show_row
from nextorder.domain.errors import BadSettings, NeedsHuman, RetryLater
from nextorder.domain.money import minor_digits
from nextorder.domain.shop import Shop

SHOPIFY: Final = "shopify"
_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_GID = re.compile(r"gid://shopify/Shop/[0-9]+")


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `connect shopify`."""
    add_shop(parser)
    parser.add_argument("--client-id", default="", help="of an app made in the Dev Dashboard")
    parser.add_argument(
        "--static-token",
        action="store_true",
        help="a custom app of before 2026: its Admin API token and its API secret key are asked for",
    )
    add_from_stdin(parser, more=", the token first")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit status 1 when something is wrong"
    )
    parser.add_argument(
        "--subscriptions",
        choices=("shop", "app"),
        help="who carries the webhooks: the shop (default), or the app's own configuration",
    )
    parser.add_argument(
        "--webhook-url",
        default="",
        help=f"an address of your own in front of the stack's, kept until another is given; "
        f"`{THE_STACKS}` is the stack's own again",
    )
    parser.add_argument(
        "--write-app-toml", type=Path, metavar="PATH", help="write the app's configuration, and nothing else"
    )
    parser.add_argument("--unchecked", action="store_true", help="keep the keys and do not ask the shop")
    parser.add_argument("--timezone", default="", help="with --unchecked: IANA name (default: UTC)")
    parser.add_argument("--currency", default="", help="with --unchecked: such as EUR (default: USD)")
    parser.add_argument(
        "--shop-gid", default="", help="gid://shopify/Shop/..., by which customers are held out"
    )


def connect_shopify(options: argparse.Namespace) -> int:
    """
    Check the app's credentials at the shop, keep them, and install; the old secret stays valid for webhooks.

    The shop is known before its secret is: a webhook that we take in finds its shop. What Shopify
    refused for want of a permission is sent, unless publishing is off.

    Returns:
        1 when something needs the merchant.
    """
    if options.write_app_toml:
        return _write_toml(options)
    if options.check:
        return check_installed(chosen_shop(options))
    domain = options.shop.lower()
    _refuse_nonsense(domain, options)
    keys = _asked(options)
    known = shops().get(domain)
    if options.unchecked:
        found = _unasked(known or Shop(id=domain, gid=f"gid://shopify/Shop/{domain}"), options)
    else:
        found = replace(_own_words(_client(keys), domain, known), updated_at=datetime.now(UTC))
    gid = options.shop_gid or (known or found).gid
    show_row("ok", "shop", f"{domain}: {found.timezone}, {found.currency}")
    if gid != found.gid:
        show_row("!", "holdout", f"the shop says it is {found.gid}; who is held out still goes by {gid}")
        show_row("", "", f"(--shop-gid {found.gid} changes that, and with it who is held out)")
    _keep_shop(replace(found, gid=gid), known)
    _keep_keys(domain, keys)
    show_row("ok", "keys", "kept in Secrets Manager")
    if options.unchecked:
        show_row("", "webhooks", f"send them to {webhook_uri(own_address(options.webhook_url))}")
        return 0
    wrong = install_and_show(chosen_shop(options), options.webhook_url, options.subscriptions)
    if hint := glance(chosen_shop(options)):
        show_row("!", "leftovers", hint)
    return max(wrong, _send_denied(chosen_shop(options)))


def _write_toml(options: argparse.Namespace) -> int:
    path: Path = options.write_app_toml
    if path.exists() and not is_written_by_us(path.read_text(encoding="utf-8", errors="replace")):
        raise BadSettings(f"{path} is there: name another, and merge what you need")
    shop = options.shop.lower() or _only_one()
    keys = connections().of(shop) if shop else None
    own = own_address(options.webhook_url, records().load(shop).uri if shop else "")
    text = write_app_toml(
        client_id=options.client_id or (keys.client_id if keys else ""),
        uri=webhook_uri(own),
        webhook_url=own or env.variable("WEBHOOK_URL"),
    )
    path.write_text(text, encoding="utf-8")
    show_row(
        "made", str(path), "`shopify app deploy` puts it in force; then connect with --subscriptions app"
    )
    return 0


def _only_one() -> str:
    """Return the shop that can only be meant; empty where none or several are connected."""
    connected = shops().connected()
    return connected[0] if len(connected) == 1 else ""


def _own_words(client: ShopifyClient, domain: str, known: Shop | None) -> Shop:
    """
    Ask the shop for itself.

    Raises:
        BadSettings: Another shop answers.
    """
    found = read_shop_info(client, domain)
    if found.domain == domain or (known and (known.gid == found.gid or known.domain == found.domain)):
        return replace(found, domain="")
    raise BadSettings(
        f"--shop: {found.domain} answers for {domain}: its webhooks come by that name, so connect that"
    )


def _asked(options: argparse.Namespace) -> Credentials:
    token = ""
    if options.static_token:
        token = read_secret("Admin API access token", from_stdin=options.from_stdin)
    name = "API secret key" if options.static_token else "client secret"
    return Credentials(
        client_id=options.client_id,
        client_secret=read_secret(name, from_stdin=options.from_stdin),
        token=token,
    )


def _client(keys: Credentials) -> ShopifyClient:
    return ShopifyClient(
        lambda _: keys,
        base_url=env.optional("SHOPIFY_URL") or BASE_URL,
    )


def _refuse_nonsense(domain: str, options: argparse.Namespace) -> None:
    if not _DOMAIN.fullmatch(domain):
        raise BadSettings(f"--shop: {options.shop!r} is no myshopify.com domain")
    if bool(options.client_id) == options.static_token:
        raise BadSettings("give --client-id of a Dev Dashboard app, or --static-token for a legacy one")
    if options.shop_gid and not _GID.fullmatch(options.shop_gid):
        raise BadSettings("--shop-gid: expected gid://shopify/Shop/ and digits")
    if not options.unchecked and (options.timezone or options.currency):
        raise BadSettings("--timezone and --currency are for --unchecked: the shop is asked for its own")
    try:
        ZoneInfo(options.timezone or "UTC")
        minor_digits(options.currency or "USD")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise BadSettings(
            "expected --timezone such as Europe/Stockholm and --currency such as EUR"
        ) from error


def _unasked(held: Shop, options: argparse.Namespace) -> Shop:
    """Return what is held or, of a new shop, the least that is needed, with what the caller says."""
    return replace(
        held, timezone=options.timezone or held.timezone, currency=options.currency or held.currency
    )


def _keep_shop(found: Shop, known: Shop | None) -> None:
    now = datetime.now(UTC)
    if known is None:
        shops().save(replace(found, connected_at=now))
        return
    if found.currency != known.currency:
        rate = f"`nextorder settings --rate {known.currency}=...`"
        show_row(
            "!", "currency", f"nothing is said of value before {rate} says what {known.currency} is worth"
        )
        show_row("", "", f"costs count for orders in the currency they were told in: for {found.currency}")
        show_row("", "", "`nextorder import` asks Shopify anew, `nextorder costs import` takes yours")
    shops().change(
        found.id,
        gid=found.gid,
        timezone=found.timezone,
        currency=found.currency,
        storefront=found.storefront,
        updated_at=found.updated_at,
        connected_at=now,
        uninstalled_at=None,
    )


def _keep_keys(domain: str, keys: Credentials) -> None:
    held = connections().of(domain)
    secret = keys.client_secret
    older = [old for old in (held.client_secrets if held else ()) if old != secret]
    kept: Mapping[str, Any] = {
        "client_id": keys.client_id,
        "client_secrets": [secret, *older[:1]],
        "access_token": keys.token,
    }
    write_connection(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), domain, kept)
    connections().refresh(trusted=True)


def _send_denied(shop: Shop) -> int:
    """Send what was refused while a permission was missing; return 1 where something still is."""
    if SHOPIFY not in denials().standing(shop.id):
        return 0
    if not shop.applied:
        print("  access was denied before: what was refused goes out with `nextorder resume`")
        return 0
    print("  access was denied before: what was refused is sent now, with whatever else waits")
    try:
        return say(shop, publish_everyone(shop, [SHOPIFY]))
    except (NeedsHuman, RetryLater) as failure:
        show_row("!", "publishing", str(failure))
        return 1
