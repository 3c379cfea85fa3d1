"""`nextorder model`: what the model in force was learned from, and the way to another one."""

import argparse
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.bootstrap import judge
from nextorder.bootstrap import train as parts
from nextorder.bootstrap.update import shops
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.terms import add_yes, put_in_force
from nextorder.cli.withheld import withheld_lines
from nextorder.domain.judged import Judgement
from nextorder.domain.judged_words import said_lines
from nextorder.domain.model_card import ModelCard, describe
from nextorder.use_cases.promote import accept, former_numbers

_ACTIONS = (
    ("show", "print the cards of the model in force, of the latest training, of what waits for you"),
    ("accept", "put the model that waits for you in force"),
    ("reject", "drop the model that waits for you; the one in force stays"),
    ("rollback", "go back to the model before this one; again to come back"),
)

NOT_JUDGED_YET: Final = "nothing that was said can be judged yet: a week of it takes two weeks at the least"


def add_to(commands: Any) -> None:
    """Add `model`."""
    parser = commands.add_parser("model", help="show a shop's model, accept a new one, or go back")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for (name, help_), run in zip(_ACTIONS, (run_show, run_accept, run_reject, run_rollback), strict=True):
        action = actions.add_parser(name, help=help_)
        add_shop(action)
        action.set_defaults(run=run)
        if run is run_rollback:
            add_yes(action)


def run_show(options: argparse.Namespace) -> None:
    """Print what there is to say of the models."""
    shop, records = chosen_shop(options), parts.records()
    numbers, latest = shop.numbers, records.card(shop.id)
    if numbers.fitted_at is None:
        print("in force: what is known of stores in general")
    else:
        print(f"in force: model {numbers.model}, numbers frozen on {numbers.fitted_at:%Y-%m-%d}")
    own = records.card(shop.id, numbers.model) if numbers.model else None
    if own:
        say_card(own)
    if latest and latest != own:
        print("the latest training:")
        say_card(latest)
    if former := records.former(shop.id):
        print(f"before it: model {former.numbers.model} (`nextorder model rollback`)")
    if records.proposal(shop.id):
        print("a model waits for you: `nextorder model accept` or `nextorder model reject`")
    judged = judge.kept().load(shop.id) or Judgement()
    print("what was said beside what came:" if judged.windows else NOT_JUDGED_YET)
    for line in (*said_lines(judged, shop), *withheld_lines(shop)):
        print(f"  {line}")


def run_accept(options: argparse.Namespace) -> None:
    """Put what waits in force."""
    shop = change_shop(chosen_shop(options).id, in_force_since=datetime.now(UTC))
    say_card(accept(shop, shops=shops(), records=parts.records()))


def run_reject(options: argparse.Namespace) -> None:
    """Forget what waits."""
    parts.records().withdraw(chosen_shop(options).id)
    print("  nothing waits for you any more")


def run_rollback(options: argparse.Namespace) -> int:
    """
    Put the model before this one in force, once its hash was checked.

    Returns:
        1 when it was not put in force.
    """
    shop = chosen_shop(options)
    numbers = former_numbers(shop, shops=shops(), records=parts.records())
    return int(not put_in_force(shop, datetime.now(UTC), yes=options.yes, numbers=numbers))


def say_card(card: ModelCard) -> None:
    """Print a card."""
    for line in describe(card):
        print(f"  {line}")
