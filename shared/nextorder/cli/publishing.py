"""`nextorder publish`: send everyone's verdict at once."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from nextorder.bootstrap.destinations import OTHERS
from nextorder.bootstrap.keys import is_connected_now
from nextorder.bootstrap.publish import DESTINATIONS
from nextorder.cli.functions import invoke
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.status import refusals, standings
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from nextorder.use_cases.guard import HELD_ABOVE
from nextorder.use_cases.publication import Published

Counts = Mapping[str, int]
"""How many customers came to what."""


def add_to(commands: Any) -> None:
    """Add `publish`."""
    publish = commands.add_parser("publish", help="send everyone's verdict to the destinations, no events")
    publish.add_argument("--destination", choices=DESTINATIONS, action="append")
    publish.add_argument("--repair", action="store_true", help="send everything afresh")
    publish.add_argument("--take-back", action="store_true", help="take everything of ours away there")
    publish.add_argument(
        "--yes", action="store_true", help=f"agree even if more than {HELD_ABOVE:.0%}% of who is shown change"
    )
    add_shop(publish)
    publish.set_defaults(run=run_publish)


def run_publish(options: argparse.Namespace) -> None:
    """
    Run the bulk publisher for each destination, side by side.

    Raises:
        BadSettings: To take back everywhere is to uninstall; or what is named is not connected.
    """
    shop = chosen_shop(options)
    if options.take_back and not options.destination:
        raise BadSettings("--take-back: name the destination; `nextorder uninstall` takes back everywhere")
    for name in options.destination or ():
        if not is_connected_now(shop.id, name):
            raise BadSettings(f"{name} is not connected: run `nextorder connect {name}`")
    counted = publish_everyone(
        shop,
        options.destination or DESTINATIONS,
        again=options.repair,
        take_back=options.take_back,
        agreed=options.yes,
    )
    say(counted)
    _say_refusals(shop, [name for name, counts in counted.items() if counts.get(Published.REFUSED)])
    if not (shop.applied or options.take_back):
        print("  ->  publishing is off: `nextorder plan` shows what going live would send")


def say(counted: Mapping[str, Counts]) -> None:
    """Print how many customers came to what, a line a destination."""
    for name, counts in counted.items():
        said = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count)
        print(f"  {name:<9} {said or 'nothing to send'}")


def _say_refusals(shop: Shop, names: Sequence[str]) -> None:
    """Name what was refused by its code, and what to do; of what stands now, whichever run it was in."""
    if not names:
        return
    found = standings(shop)
    for name in names:
        print(f"  {name}: what it refuses")
        for line in refusals(found[name]):
            print(f"  {line}")


def publish_everyone(
    shop: Shop,
    destinations: Sequence[str],
    *,
    again: bool = False,
    take_back: bool = False,
    takes_off: bool = False,
    agreed: bool = False,
) -> Mapping[str, Counts]:
    """
    Run the bulk publisher for each connected destination, side by side; say which are not connected.

    `agreed` is the merchant's word for a change of many.

    Raises:
        NeedsHuman, RetryLater: One of them failed, after all have ended.
    """
    event = {
        "shop": shop.id,
        "again": again,
        "take_back": take_back,
        "take_off": takes_off,
        "agreed": agreed,
    }
    connected = [name for name in destinations if is_connected_now(shop.id, name)]
    for name in destinations:
        # of a dozen others nobody has asked
        if name not in connected and name not in OTHERS:
            print(f"  {name:<9} not connected")
    with ThreadPoolExecutor(len(destinations)) as pool:
        running = {name: pool.submit(_invoke, name, {**event, "destination": name}) for name in connected}
    return {name: run.result() for name, run in running.items()}


def _invoke(destination: str, event: Mapping[str, Any]) -> Counts:
    """Invoke the function until nobody is left: each answer names the event that goes on."""
    counts: Counter[str] = Counter()
    following: Mapping[str, Any] | None = event
    while following:
        answer = dict(invoke("PUBLISH_BULK_FUNCTION", following, about=destination))
        following = answer.pop("next", None)
        counts.update(answer)
    return counts
