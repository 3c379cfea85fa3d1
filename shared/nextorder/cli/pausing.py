"""`nextorder pause` and `resume`: publishing off within a minute, and on again as far as it was."""

import argparse
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

from nextorder.bootstrap.publish import DESTINATIONS, bulk_jobs, call_off
from nextorder.cli.publishing import publish_everyone, say
from nextorder.cli.shops import change_shop, chosen_shop, shop_with_app
from nextorder.cli.ways import is_live
from nextorder.domain.errors import BadSettings, NeedsHuman, Refused, RetryLater
from nextorder.domain.phrases import counted
from nextorder.domain.shop import Shop

WITHIN_A_MINUTE: Final = "within a minute: functions remember a shop's settings so long"


def run_pause(options: argparse.Namespace) -> None:
    """Let nothing more out; ours is still taken back from whoever asks for it."""
    shop = change_shop(chosen_shop(options).id, applied=False)
    print(f"  {shop.id}: publishing is off {WITHIN_A_MINUTE}; nothing is taken off")
    for line in _handed_over(shop):
        print(f"  {line}")
    print("  what changes meanwhile goes out with `nextorder resume`, events of the last day only")


def _handed_over(shop: Shop) -> Iterator[str]:
    """Cancel what platforms have taken and can give up; say what they cannot."""
    try:
        cancelled = call_off(shop)
    except (NeedsHuman, Refused, RetryLater) as error:
        yield f"!   shopify: what it works on could not be cancelled ({error}); `nextorder pause` tries again"
    else:
        if cancelled:
            yield f"shopify: {counted(cancelled, 'bulk mutation')} under way cancelled; the rest waits, too"
    if job := bulk_jobs().load(shop.id, "klaviyo"):
        # NOTE: its API has no call that would end an import job.
        taken = f"an import job of {counted(len(job.rows), 'profile')}"
        yield f"klaviyo: {taken} that it has taken already cannot be ended, and is done soon"


def run_resume(options: argparse.Namespace) -> int:
    """
    Let verdicts out again, as far as they were, and send what changed meanwhile.

    Returns:
        1 when a destination refused everybody who was tried.

    Raises:
        BadSettings: Nothing has gone live yet, or the app is out of the shop.
        NeedsHuman, RetryLater: Publishing is on, but something of the pause waits at a destination.
    """
    shop = shop_with_app(options)
    if not is_live(shop):
        raise BadSettings("nothing has gone live yet: `nextorder plan` shows the first step")
    resumed = {} if shop.applied else {"resumed_at": datetime.now(UTC)}
    shop = change_shop(shop.id, applied=True, **resumed)
    print(f"  {shop.id}: publishing is on {WITHIN_A_MINUTE}: {shop.going_live}")
    print("  what changed meanwhile goes out now; events that the pause held for more than a day never will")
    return say(shop, publish_everyone(shop, DESTINATIONS, agreed=options.yes))
