"""`nextorder connect`: hand the platforms' keys to the stack's secret, and check them."""

import argparse
import getpass
import re
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from nextorder.adapters.klaviyo.client import BASE_URL as KLAVIYO_URL
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.shop_data import write_connection
from nextorder.adapters.shopify.client import BASE_URL as SHOPIFY_URL
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.shop_info import read_shop_info
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.keys import connections
from nextorder.bootstrap.update import shops
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadSettings, NeedsHuman, Refused
from nextorder.domain.money import minor_digits
from nextorder.domain.shop import Shop

_DOMAIN = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com")
_GID = re.compile(r"gid://shopify/Shop/[0-9]+")


def add_to(commands: Any) -> None:
    """Add `connect shopify` and `connect klaviyo`."""
    connect = commands.add_parser("connect", help="connect a shop or a Klaviyo account")
    targets = connect.add_subparsers(dest="target", required=True, metavar="shopify|klaviyo")

    shopify = targets.add_parser("shopify", help="a shop, by its Dev Dashboard app")
    shopify.add_argument("--shop", required=True, help="myshopify.com domain")
    shopify.add_argument("--client-id", required=True)
    shopify.add_argument("--unchecked", action="store_true", help="do not ask the shop")
    shopify.add_argument("--timezone", default="", help="with --unchecked: IANA name (default: UTC)")
    shopify.add_argument("--currency", default="", help="with --unchecked: such as EUR (default: USD)")
    shopify.add_argument(
        "--shop-gid", default="", help="gid://shopify/Shop/..., by which customers are held out"
    )
    shopify.add_argument("--secret-stdin", action="store_true", help="read the client secret from stdin")
    shopify.set_defaults(run=connect_shopify)

    klaviyo = targets.add_parser("klaviyo", help="a Klaviyo account, by its private key")
    add_shop(klaviyo)
    klaviyo.add_argument("--unchecked", action="store_true", help="do not try the key")
    klaviyo.add_argument("--key-stdin", action="store_true", help="read the private key from stdin")
    klaviyo.set_defaults(run=connect_klaviyo)


def connect_shopify(options: argparse.Namespace) -> None:
    """
    Check the app's credentials at the shop, then keep them; the old secret stays valid for webhooks.

    The shop is known before its secret is: a webhook that we take in finds its shop.
    """
    domain = options.shop.lower()
    _refuse_nonsense(domain, options)
    secret = _secret("client secret", from_stdin=options.secret_stdin)
    known = shops().get(domain)
    if options.unchecked:
        found = _unasked(known or Shop(id=domain, gid=f"gid://shopify/Shop/{domain}"), options)
    else:
        found = _prepared(domain, options.client_id, secret)
    gid = options.shop_gid or (known or found).gid
    print(f"  ok  {domain}: {found.timezone}, {found.currency}")
    if gid != found.gid:
        print(f"  !   the shop says it is {found.gid}; who is held out still goes by {gid}")
        print(f"      (--shop-gid {found.gid} changes that, and with it who is held out)")
    _keep_shop(replace(found, gid=gid), known)
    _keep_shop_secret(domain, options.client_id, secret)
    print("  ok  client secret kept in Secrets Manager")
    print(f"  ->  send the shop's webhooks to {env.variable('WEBHOOK_URL')}")


def connect_klaviyo(options: argparse.Namespace) -> None:
    """Check the key, then keep it."""
    shop = chosen_shop(options)
    key = _secret("Klaviyo private key", from_stdin=options.key_stdin)
    if not options.unchecked:
        client = KlaviyoClient(lambda _: key, base_url=env.optional("KLAVIYO_URL") or KLAVIYO_URL)
        client.call(shop.id, "GET", "/api/accounts")
    write_connection(
        env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), shop.id, {"klaviyo_api_key": key}
    )
    print(f"  ok  Klaviyo key kept for {shop.id}")


def _prepared(domain: str, client_id: str, secret: str) -> Shop:
    """Ask the shop about itself, and define our metafields there so that segments can filter by them."""
    client = ShopifyClient(
        lambda _: Credentials(client_id=client_id, client_secret=secret),
        base_url=env.optional("SHOPIFY_URL") or SHOPIFY_URL,
    )
    shop = replace(read_shop_info(client, domain), updated_at=datetime.now(UTC))
    try:
        ShopifyDestination(client, shops().catalogue).prepare(shop)
        print("  ok  metafields defined")
    except (Refused, NeedsHuman) as error:
        print(f"  !   metafields are not defined, so Shopify's segments cannot filter by them: {error}")
    return shop


def _refuse_nonsense(domain: str, options: argparse.Namespace) -> None:
    if not _DOMAIN.fullmatch(domain):
        raise BadSettings(f"{options.shop} is no myshopify.com domain")
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
        print(f"  !   amounts that are held stay in {known.currency}")
    shops().change(
        found.id,
        gid=found.gid,
        timezone=found.timezone,
        currency=found.currency,
        updated_at=found.updated_at,
        connected_at=now,
        uninstalled_at=None,
    )


def _keep_shop_secret(domain: str, client_id: str, secret: str) -> None:
    held = connections().of(domain)
    older = [old for old in (held.client_secrets if held else ()) if old != secret]
    keys = {"client_id": client_id, "client_secrets": [secret, *older[:1]]}
    write_connection(env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), domain, keys)


def _secret(name: str, *, from_stdin: bool) -> str:
    """Read a secret where neither shell history nor process list sees it."""
    value = (sys.stdin.readline() if from_stdin else getpass.getpass(f"{name}: ")).strip()
    if not value:
        raise BadSettings(f"no {name} was given")
    return value
