"""`nextorder uninstall`: take back everything we wrote, while the app's token still works."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from nextorder.bootstrap import forget
from nextorder.bootstrap.installation import installer, klaviyo_installer
from nextorder.bootstrap.keys import has_klaviyo_now
from nextorder.bootstrap.publish import DESTINATIONS, klaviyo_client
from nextorder.cli.asking import said_yes
from nextorder.cli.leftovers import remove_everywhere
from nextorder.cli.progress import during
from nextorder.cli.publishing import publish_everyone
from nextorder.cli.shops import add_shop, change_shop, chosen_shop, let_it_be_known
from nextorder.domain.errors import RetryLater
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop
from nextorder.use_cases.forget import redact_shop
from nextorder.use_cases.installation import remove
from nextorder.use_cases.publication import Published


def add_to(commands: Any) -> None:
    """Add `uninstall`."""
    parser = commands.add_parser("uninstall", help="take all of ours out of the shop and of Klaviyo again")
    parser.add_argument("--now", action="store_true", help="do not wait a minute until every publisher knows")
    parser.add_argument(
        "--erase", action="store_true", help="then delete all that is held here, at once and for good"
    )
    parser.add_argument("--yes", action="store_true", help="agree beforehand, to --erase too")
    add_shop(parser)
    parser.set_defaults(run=run_uninstall)


def run_uninstall(options: argparse.Namespace) -> int:
    """
    Stop publishing, take back what every destination shows of everyone, then what stands in the shop.

    What is on no record goes, too: of an earlier life, or of a death half-way. Safe to repeat.
    Nothing is asked of the shop any more from then on, until it is connected again.

    Returns:
        1 when nothing was done: it asks first, since flows lose what they start from, and what
        --erase deletes is not brought back.

    Raises:
        RetryLater: Some customers are still shown; run it again.
        Refused, NeedsHuman: The shop does not let us; what stands there is taken out last.
    """
    shop = chosen_shop(options)
    if not (options.yes or (_is_erasure_meant(shop) if options.erase else _is_meant(shop))):
        return 1
    shop = change_shop(shop.id, applied=False)
    print(f"  {shop.id}: publishing is off")
    if not options.now:
        let_it_be_known("every publisher knows")
    if options.erase and shop.uninstalled_at:
        print(f"  shopify   was left on {shop.uninstalled_at:%Y-%m-%d}; nothing is asked of it")
        _show_removed("klaviyo", _from_klaviyo(shop))
    else:
        _take_out(shop)
        change_shop(shop.id, uninstalled_at=datetime.now(UTC))
        print("  ->  now take the app out in Shopify's admin")
    if options.erase:
        _erase(shop.id)
        if not options.now:
            let_it_be_known("nothing is taken in any more")
        _erase(shop.id)
        print("  erased    all that was held here, keys included; backups end by themselves")
        return 0
    print("  ->  48 hours later Shopify asks us to delete what is held here, if the app's configuration has")
    print("      the compliance topics (`nextorder connect shopify --write-app-toml` writes them);")
    print("      `nextorder uninstall --erase` deletes it at once")
    return 0


def _is_meant(shop: Shop) -> bool:
    print(f"  uninstall takes tags, properties, segments and subscriptions of ours out of {shop.id}")
    print("  and of every destination; flows that start from them start no more")
    return said_yes("take all of it out?")


def _is_erasure_meant(shop: Shop) -> bool:
    """Ask for the shop's own name: what is erased is gone for good."""
    print(f"  --erase deletes all facts, scores, settings and keys of {shop.id}, for good")
    try:
        if input("  write the shop's name to do it: ").strip().lower() == shop.id:
            return True
    except EOFError:
        print()
    print("  nothing was done; --yes agrees beforehand")
    return False


def _take_out(shop: Shop) -> None:
    left = 0
    for name, counts in publish_everyone(shop, DESTINATIONS, take_back=True).items():
        print(f"  {name:<9} taken back from {counted(counts.get(Published.SENT, 0), 'customer')}")
        left += counts.get(Published.LATER, 0)
    if left:
        are = "is" if left == 1 else "are"
        raise RetryLater(f"{counted(left, 'customer')} {are} still shown: run it again")
    print(f"  shopify   taken back from {remove_everywhere(shop)} more that were on no record")
    _show_removed("klaviyo", _from_klaviyo(shop))
    with during("taking", "out of Shopify what stands there of ours"):
        parts = remove(shop, installer(shop))
    _show_removed("shopify", parts)


def _show_removed(where: str, parts: Sequence[str]) -> None:
    for part in parts:
        print(f"  {where:<9} removed {part}")


def _erase(shop: str) -> None:
    """Let go of all of a shop; what was under way meanwhile goes when it is done again."""
    now = datetime.now(UTC)
    with during("erasing", f"all that is held here of {shop}"):
        redact_shop(
            shop,
            archive=forget.archive(),
            take_back=forget.take_back(now),
            disconnect=forget.disconnect,
            as_of=now,
        )


def _from_klaviyo(shop: Shop) -> Sequence[str]:
    """Take the segments that we made there out again."""
    if not has_klaviyo_now(shop.id):
        return ()
    with during("taking", "out of Klaviyo what stands there of ours"):
        return remove(shop, klaviyo_installer(shop, klaviyo_client(patient=True)))
