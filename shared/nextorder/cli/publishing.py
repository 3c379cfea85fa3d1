"""`nextorder publish`: send everyone's verdict at once."""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from threading import Thread
from typing import Any, Final

from nextorder.bootstrap.destinations import OTHERS
from nextorder.bootstrap.keys import is_connected_now
from nextorder.bootstrap.publish import DESTINATIONS, denials
from nextorder.bootstrap.update import shops_anew
from nextorder.cli.functions import invoke
from nextorder.cli.progress import during, say_at_last
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.status import refusals, standings
from nextorder.domain.errors import BadSettings, NeedsHuman, NextorderError
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop
from nextorder.use_cases.guard import HELD_ABOVE
from nextorder.use_cases.publication import Published

Counts = Counter[str]
"""How many customers came to what."""
AGAIN: Final = "`nextorder publish`"


def add_to(commands: Any) -> None:
    """Add `publish`."""
    publish = commands.add_parser("publish", help="send everyone's verdict to the destinations, no events")
    publish.add_argument(
        "--destination",
        choices=DESTINATIONS,
        action="append",
        help="only this one; repeatable (default: all that are connected)",
    )
    publish.add_argument("--repair", action="store_true", help="send everything afresh")
    publish.add_argument("--take-back", action="store_true", help="take everything of ours away there")
    publish.add_argument(
        "--yes", action="store_true", help=f"agree even if more than {HELD_ABOVE:.0%}% of who is shown change"
    )
    add_shop(publish)
    publish.set_defaults(run=run_publish)


def run_publish(options: argparse.Namespace) -> int:
    """
    Run the bulk publisher for each destination, side by side.

    Returns:
        1 when a destination refused everybody who was tried.

    Raises:
        BadSettings: To take back everywhere is to uninstall; or what is named is not connected.
    """
    shop = chosen_shop(options)
    if options.take_back and not options.destination:
        raise BadSettings("--take-back: name the destination; `nextorder uninstall` takes back everywhere")
    for name in options.destination or ():
        if not is_connected_now(shop.id, name):
            raise BadSettings(f"{name} is not connected: run `nextorder connect {name}`")
    sent = publish_everyone(
        shop,
        options.destination or DESTINATIONS,
        again=options.repair,
        take_back=options.take_back,
        agreed=options.yes,
    )
    status = say(shop, sent)
    if not (shop.applied or options.take_back):
        print("  ->  publishing is off: `nextorder plan` shows what going live would send")
    return status


def say(shop: Shop, sent: Mapping[str, Counts]) -> int:
    """
    Print how many customers came to what, a line a destination, and why any were refused.

    Returns:
        1 when a destination refused everybody who was tried: the store or the account may be another.
    """
    _say_counts(sent)
    refused = [name for name, counts in sent.items() if counts[Published.REFUSED]]
    _say_refusals(shop, refused)
    return int(any(not (sent[name][Published.SENT] or sent[name][Published.LATER]) for name in refused))


def _say_counts(sent: Mapping[str, Counts]) -> None:
    for name, counts in sent.items():
        said = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()) if count)
        print(f"  {name:<9} {said or 'nothing to send'}")
        if later := counts.get(Published.LATER):
            print(f"  {'':<9} the {later} go out with what is under way of theirs, or with {AGAIN} later")


def _say_refusals(shop: Shop, names: Sequence[str]) -> None:
    """Name what was refused by its code, and what to do; of what stands now, whichever run it was in."""
    if not names:
        return
    found = standings(shop)
    for name in names:
        print(f"  {name}: what it refuses")
        for line in refusals(found[name]):
            print(f"  {line}")
    print("  ->  `nextorder status` shows them as long as they stand")


def publish_everyone(
    shop: Shop,
    destinations: Sequence[str],
    *,
    again: bool = False,
    take_back: bool = False,
    takes_off: bool = False,
    agreed: bool = False,
    goes_on_with: str = AGAIN,
) -> Mapping[str, Counts]:
    """
    Run the bulk publisher for each connected destination, side by side; say which are not connected.

    `goes_on_with` is the command that sends what this one could not.
    `agreed` is the merchant's word for a change of many. Who went through lets us in: whoever was
    refused before for want of a permission has been sent with the others.

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
    denied = denials().standing(shop.id)
    connected = [name for name in destinations if is_connected_now(shop.id, name)]
    for name in destinations:
        # of a dozen others nobody has asked
        if name not in connected and name not in OTHERS:
            print(f"  {name:<9} not connected")
    running = [Run(name, {**event, "destination": name}) for name in connected]
    if running:
        _follow(running, goes_on_with, verb="taking back" if take_back else "sending")
    sent = {run.destination: run.counts for run in running}
    for run in running:
        if isinstance(run.failure, NextorderError):
            _say_counts({name: counts for name, counts in sent.items() if counts})
            raise type(run.failure)(
                f"{run.failure}; what waits there goes out with {goes_on_with} {run.when}"
            )
        if run.failure:
            raise run.failure
    now = shops_anew().get(shop.id)
    # while publishing is off nobody was tried
    for name in denied.keys() & sent.keys() if now and now.applied else ():
        # who is left for later may be one of them
        if not sent[name][Published.LATER]:
            denials().lift(shop.id, name, last=denied[name])
    return sent


def _follow(running: Sequence["Run"], goes_on_with: str, *, verb: str) -> None:
    """Wait for all, and say meanwhile whom for."""

    def so_far() -> str:
        return ", ".join(
            f"{run.destination} ({counted(sum(run.counts.values()), 'customer')})" for run in running
        )

    try:
        with during(verb, so_far):
            for run in running:
                run.join()
    except KeyboardInterrupt:
        say_at_last(
            f"the cloud ends what it has begun, up to 15 minutes; {goes_on_with} goes on with the rest"
        )
        raise


class Run(Thread):
    """One destination's: invokes the function until nobody is left; an answer names what goes on."""

    def __init__(self, destination: str, event: Mapping[str, Any]) -> None:
        # a daemon: who is interrupted does not wait for the function
        super().__init__(daemon=True)
        self.destination = destination
        self.counts: Counter[str] = Counter()
        self.failure: BaseException | None = None
        self._event: Mapping[str, Any] | None = event
        self.start()

    @property
    def when(self) -> str:
        """Say when another run comes further than this one."""
        return "once that is mended" if isinstance(self.failure, NeedsHuman) else "later"

    def run(self) -> None:
        """Count what the function says, until it is done; whoever follows looks for a failure."""
        try:
            self._invoke()
        except BaseException as failure:  # noqa: BLE001 - raised again by whoever follows
            self.failure = failure

    def _invoke(self) -> None:
        while self._event:
            answer = dict(invoke("PUBLISH_BULK_FUNCTION", self._event, about=self.destination))
            self._event = answer.pop("next", None)
            if waits := answer.pop("waits", ""):
                raise NeedsHuman(waits)
            self.counts.update(answer)
