"""Other terms for a shop: shown on everyone first, held while too many would change, then put in force."""

import argparse
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from nextorder.bootstrap.train import records
from nextorder.bootstrap.update import judge
from nextorder.cli.asking import said_yes
from nextorder.cli.progress import Progress
from nextorder.cli.shops import change_shop
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.withholding import taken_away, taken_in_words
from nextorder.ports import CustomerRecord
from nextorder.use_cases.preview import HELD_ABOVE, Preview, preview
from nextorder.use_cases.promote import keep_former

IN_FORCE: Final = (
    "  in force  everyone is looked at within a day; only differences are published, no flow starts"
)
_MOVES_SHOWN: Final = 8


def add_yes(parser: argparse.ArgumentParser) -> None:
    """Add --yes, which agrees beforehand."""
    parser.add_argument(
        "--yes", action="store_true", help=f"agree even if more than {HELD_ABOVE:.0%}% of customers change"
    )


def put_in_force(shop: Shop, as_of: datetime, *, yes: bool, **changes: Any) -> bool:
    """
    Change these fields of a shop, unless too many would be shown elsewhere and nobody agrees.

    What the sweep notices is the change itself: from its next tick on it looks at everyone, spread
    over a day, and only differences are published, without an event that could start a flow.
    """
    if not is_agreed(replace(shop, **changes), as_of, yes=yes, before=shop.numbers):
        return False
    if "numbers" in changes:
        keep_former(shop, records=records())
    change_shop(shop.id, **changes, in_force_since=as_of)
    print(IN_FORCE)
    return True


def is_agreed(
    shop: Shop,
    as_of: datetime,
    *,
    yes: bool,
    before: Numbers | None = None,
    everyone: Iterable[tuple[str, CustomerRecord]] | None = None,
) -> bool:
    """
    Show whom a shop as it would be moves, of everyone as they would be.

    It is asked if they are many, or if numbers other than those `before` withhold what is shown.
    """
    progress = Progress("foreseen", shop.numbers.customers, "customers")
    seen = preview(shop, judge=judge(), as_of=as_of, everyone=everyone, progress=progress.step)
    progress.done()
    for line in described(seen):
        print(f"  {line}")
    taken = taken_away(before or shop.numbers, shop.numbers, judge().shops.catalogue(shop), seen.left)
    for line in taken_in_words(taken):
        print(f"  {line}")
    if yes or not (seen.held or taken):
        return True
    many = f"more than {HELD_ABOVE:.0%} change: " if seen.held else ""
    return said_yes(f"{many}put it in force?")


def described(seen: Preview) -> list[str]:
    """Say how many would change, and where most of them go."""
    lines = [f"would be shown elsewhere: {seen.changed} of {seen.customers} customers ({seen.share:.1%})"]
    commonest = sorted(seen.moves.items(), key=lambda move: (-move[1], move[0]))[:_MOVES_SHOWN]
    return lines + [f"{count:>9}  {old or 'none'} -> {new or 'none'}" for (old, new), count in commonest]
