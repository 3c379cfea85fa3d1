"""`nextorder train`: what the stack does once a month, now."""

import argparse
from datetime import UTC, datetime
from typing import Any

from nextorder.bootstrap import train as parts
from nextorder.cli.functions import invoke
from nextorder.cli.model import say_card
from nextorder.cli.progress import during
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.model_card import ModelCard
from nextorder.domain.shop import Shop
from nextorder.use_cases.train import Trainer, train


def add_to(commands: Any) -> None:
    """Add `train`."""
    parser = commands.add_parser(
        "train", help="learn a new model now, as each month by itself, and keep the better one"
    )
    parser.add_argument("--here", action="store_true", help="on this machine instead of in the stack")
    add_shop(parser)
    parser.set_defaults(run=run_train)


def run_train(options: argparse.Namespace) -> None:
    """Train, and say what came of it."""
    shop = chosen_shop(options)
    with during("training", f"on {'this machine' if options.here else 'the stack'}, minutes"):
        if options.here:
            _train_here(shop)
        else:
            invoke("TRAIN_MODELS_FUNCTION", {"shop": shop.id}, about="training")
    if card := parts.records().card(shop.id):
        say_card(card)


def _train_here(shop: Shop) -> None:
    train(shop, school=parts.school(_trainer, tell=_say_that_it_waits), as_of=datetime.now(UTC))


def _trainer() -> Trainer:
    from nextorder.training import retrain  # noqa: PLC0415  # numpy and scipy only where they are used

    return Trainer(fit=retrain.fit, judge=retrain.judge, files=retrain.files)


def _say_that_it_waits(_: str, card: ModelCard) -> None:
    share = card.changed_share or 0
    print(f"  {share:.0%} of customers would be shown elsewhere: `nextorder model accept` or `reject`")
