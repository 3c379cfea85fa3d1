"""`nextorder connect klaviyo`: one account's key, names where shops share one, segments and lists."""

import argparse
import re
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from nextorder.adapters.klaviyo.client import BASE_URL as KLAVIYO_URL
from nextorder.adapters.klaviyo.client import Forbidden, KlaviyoClient
from nextorder.adapters.klaviyo.installation import ALL, nameable
from nextorder.adapters.patience import Patience
from nextorder.adapters.shop_data import write_connection
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.keys import connections, has_klaviyo_now
from nextorder.bootstrap.publish import klaviyo_client, klaviyo_records
from nextorder.bootstrap.update import customers, shops
from nextorder.cli.installing_klaviyo import check_in_klaviyo, install_in_klaviyo
from nextorder.cli.secret import add_from_stdin, read_secret
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.ticks import show_row
from nextorder.cli.ways import add_now, begins_late
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings, NeedsHuman
from nextorder.domain.shop import Shop

_PREFIX: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LONGEST_PREFIX: Final = 24
_DESTINATION: Final = "klaviyo"
_PATIENCE_SECONDS: Final = 30.0
"""Klaviyo tells of an account once a second."""


@dataclass(frozen=True, slots=True)
class Account:
    """What Klaviyo says of the account that a key is of."""

    id: str
    currency: str


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add what `connect klaviyo` takes."""
    add_shop(parser)
    add_now(parser)
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit status 1 when something is wrong"
    )
    parser.add_argument("--unchecked", action="store_true", help="keep the key and do not ask Klaviyo")
    add_from_stdin(parser)
    parser.add_argument(
        "--prefix",
        default="",
        metavar="NAME",
        help="begins this shop's properties and events there (default: nextorder); "
        "for the second shop of an account",
    )
    parser.add_argument(
        "--lists",
        metavar="NAMES",
        help="keep lists, too, of these segments: life:new,..., all or none; they are filled by us "
        "(default: as it is, none at first); the key that is kept serves",
    )


def connect_klaviyo(options: argparse.Namespace) -> int:
    """
    Check the key and whom else its account serves, keep it, and make the segments and wanted lists.

    Returns:
        1 when something needs the merchant.

    Raises:
        BadSettings: A list is of no segment that is switched on; another shop uses the same names
            in this account; what we wrote under other names, or in another account, would be left
            behind.
    """
    shop = chosen_shop(options)
    if options.check:
        return check_in_klaviyo(shop, klaviyo_client(patient=True))
    if options.lists is not None:
        shop = change_shop(shop.id, klaviyo_lists=wanted_lists(options.lists, shops().catalogue(shop)))
        if has_klaviyo_now(shop.id) and not (options.from_stdin or options.prefix):
            return install_in_klaviyo(shop, klaviyo_client(patient=True))
    prefix = options.prefix or shop.klaviyo_prefix
    if len(prefix) > _LONGEST_PREFIX or not _PREFIX.fullmatch(prefix):
        raise BadSettings(f"--prefix: expected small letters, digits and _ between them, not {prefix}")
    key = read_secret("Klaviyo private key", from_stdin=options.from_stdin)
    client = _client(key)
    account = Account(shop.klaviyo_account, "") if options.unchecked else _account(shop, client)
    _refuse_twins(shop, account, prefix, key)
    _refuse_to_leave_behind(shop, account, prefix)
    # an account that nobody asked for its name is the same one
    is_new = not has_klaviyo_now(shop.id) or bool(shop.klaviyo_account and account.id != shop.klaviyo_account)
    shop = change_shop(shop.id, klaviyo_account=account.id, klaviyo_prefix=prefix)
    if is_new:
        shop = begins_late(shop, _DESTINATION, now=options.now)
    write_connection(
        env.secrets_manager(), env.variable("CONNECTIONS_SECRET_ARN"), shop.id, {"klaviyo_api_key": key}
    )
    show_row("ok", "Klaviyo key", f"kept for {shop.id}")
    if prefix != Shop(id="").klaviyo_prefix:
        show_row("ok", "properties", f"there begin with {prefix}_")
    if account.currency not in ("", shop.currency):
        show_row("!", "currency", f"Klaviyo counts in {account.currency}; our amounts are in {shop.currency}")
    return 0 if options.unchecked else install_in_klaviyo(shop, client)


def wanted_lists(said: str, catalogue: Catalogue) -> tuple[str, ...]:
    """
    Read which segments are to be lists, too.

    Raises:
        BadSettings: One of them is not switched on, or is whatever a family will show.
    """
    names = tuple(dict.fromkeys(filter(None, (name.strip() for name in said.split(",")))))
    if names in (("none",), (ALL,)):
        return names if names == (ALL,) else ()
    there = nameable(catalogue)
    wrong = [name for name in names if name not in there]
    if wrong or not names:
        said = ", ".join(wrong) or "nothing"
        raise BadSettings(f"--lists: not switched on: {said}; there are {', '.join(there)}, all or none")
    return names


def _account(shop: Shop, client: KlaviyoClient) -> Account:
    ask = partial(client.call, shop.id, "GET", "/api/accounts")
    try:
        found: list[Any] = Patience(time.sleep, seconds=_PATIENCE_SECONDS).ask(ask)["data"]
    except Forbidden:
        raise
    except NeedsHuman as no:
        raise NeedsHuman(
            f"the private key for {shop.id} is wrong or was deleted: make one in Klaviyo under Settings, "
            f"API keys, and connect again ({no})"
        ) from no
    attributes = found[0].get("attributes", {})
    return Account(str(found[0]["id"]), str(attributes.get("preferred_currency") or ""))


def _client(key: str) -> KlaviyoClient:
    return KlaviyoClient(lambda _: key, base_url=env.optional("KLAVIYO_URL") or KLAVIYO_URL)


def _refuse_twins(shop: Shop, account: Account, prefix: str, key: str) -> None:
    """One profile may be a customer of both shops: the second's numbers would overwrite the first's."""
    for domain in shops().connected():
        other = shops().get(domain)
        if other is None or other.id == shop.id or _words(other.klaviyo_prefix) != _words(prefix):
            continue
        if _share(other, account, key):
            raise BadSettings(
                f"{other.id} uses this Klaviyo account and the same names: "
                "--prefix NAME gives this shop's properties and events others"
            )


def _share(other: Shop, account: Account, key: str) -> bool:
    """Tell whether another shop's account is this one; one that nobody asked for its name is asked now."""
    keys = connections().of(other.id)
    others_key = keys.klaviyo_api_key if keys else ""
    if others_key == key:
        return True
    others_account = other.klaviyo_account
    if account.id and others_key and not others_account:
        # a key that opens nothing writes nothing
        with suppress(NeedsHuman):
            others_account = _account(other, _client(others_key)).id
    return bool(account.id) and others_account == account.id


def _words(prefix: str) -> str:
    """Names of events have no underscores."""
    return prefix.replace("_", " ").title()


def _refuse_to_leave_behind(shop: Shop, account: Account, prefix: str) -> None:
    another = bool(shop.klaviyo_account) and account.id != shop.klaviyo_account
    if not another and prefix == shop.klaviyo_prefix:
        return
    shown = (_DESTINATION in record.accepted for _, record in customers().everyone(shop.id))
    made = klaviyo_records().load(shop.id)
    if made.segments or made.lists or any(shown):
        raise BadSettings(
            "what we wrote would be left behind there: take it back by `nextorder uninstall`, then connect"
        )
