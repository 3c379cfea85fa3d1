"""`nextorder init`: ask what only the merchant knows, find the rest in the history, write one file."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from nextorder.bootstrap.update import customers
from nextorder.cli.fit import fit_and_score
from nextorder.cli.moments import add_as_of, read_as_of
from nextorder.cli.out import check_out
from nextorder.cli.settings import add_options, changes_of, is_live, settle
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.segments_families import ENOUGH_SECOND_ORDERS, has_enough_history
from nextorder.domain.settings import SETTINGS, Setting, WrongValueError, write_settings
from nextorder.domain.shop import Shop

FILE: Final = "nextorder.toml"
OBJECTIVE: Final = "+15 % repeat customers in six months"
_YES: Final = {"yes": True, "y": True, "no": False, "n": False}
_ASKED: Final = {(one.table, one.key): one for one in SETTINGS}
_FIRST: Final = (
    ("", "objective"),
    ("costs", "default_margin"),
    ("costs", "payment_rate"),
    ("costs", "payment_fixed"),
    ("costs", "outbound_shipping"),
    ("costs", "pick_pack"),
    ("costs", "return_shipping"),
    ("costs", "return_handling"),
    ("costs", "unsellable_share"),
    ("", "delivery_days"),
    ("incentives", "on"),
)
_OFFERS: Final = (("incentives", "light_cost"), ("incentives", "strong_cost"))


def add_to(commands: Any) -> None:
    """Add `init`."""
    parser = commands.add_parser(
        "init", help="ask for objective and costs, fit the shop, write the settings file"
    )
    parser.add_argument(
        "--file",
        type=Path,
        default=Path(FILE),
        metavar="FILE.toml",
        help=f"the settings file to write (default: {FILE})",
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    parser.add_argument(
        "--yes", action="store_true", help="ask nothing: take the defaults and the options given"
    )
    add_as_of(parser, "the moment of the fit")
    add_options(parser)
    add_shop(parser)
    parser.set_defaults(run=run_init)


def run_init(options: argparse.Namespace) -> int:
    """
    Put the answers in force, fit, and write all settings with what was found; nothing is published.

    Returns:
        1 when the answers were not put in force.
    """
    shop = chosen_shop(options)
    if options.file.exists() and not options.force:
        raise BadSettings(
            f"{options.file} is there: `nextorder settings --file` reads it, --force writes it anew"
        )
    check_out(options.file, "--file")
    read_as_of(options.as_of, shop.zone, datetime.now(UTC))
    given = {"objective": shop.objective or OBJECTIVE, **changes_of(shop, options)}
    asked = replace(shop, **given)
    answered = asked if options.yes else ask(asked, input)
    told = given | {one.table or one.key: getattr(answered, one.table or one.key) for one in SETTINGS}
    if not settle(shop, told, yes=options.yes):
        return 1
    shop = _fitted(chosen_shop(options), options)
    options.file.write_text(write_settings(shop, "\n".join(found(shop))), encoding="utf-8")
    print(f"  written   {options.file}; the settings in it are in force")
    return 0


def ask(shop: Shop, answer: Callable[[str], str]) -> Shop:
    """
    Ask for what only the merchant knows; an empty answer keeps what is shown, a wrong one is asked again.

    `answer` takes the question and returns a line; raises EOFError where there is none.
    """
    asked = [*_FIRST]
    while asked:
        place = asked.pop(0)
        shop = _with(shop, _ASKED[place], _answer(_ASKED[place], shop, answer))
        if place == ("incentives", "on") and shop.incentives.on:
            asked += _OFFERS
    offers = shop.incentives
    if offers.on and not 0 < offers.light_cost <= offers.strong_cost:
        print("  offers stay off: a light one must cost something, a strong one not less")
        return replace(shop, incentives=replace(offers, on=False))
    return shop


def found(shop: Shop) -> list[str]:
    """Say what the history told, in lines."""
    numbers, window = shop.numbers, shop.numbers.window
    if not numbers.fitted_at:
        return []
    counted = f"{window.method} on {window.second_orders} second orders"
    is_small = not has_enough_history(numbers)
    small = f"under {ENOUGH_SECOND_ORDERS} second orders only life and hold are given, all else is withheld"
    chances = {days: numbers.base[days] for days in ("5", "30", "365") if days in numbers.base}
    return [
        "",
        f"Found in {numbers.customers} customers' orders, as of {numbers.fitted_at:%Y-%m-%d}:",
        f"  the second-order window closes after {window.days} days [{window.lo}-{window.hi}], {counted}",
        *(f"  of 100 customers {p * 100:.2g} order within {days} days" for days, p in chances.items()),
        f"  gross profit 2 is {numbers.margin_rate:.0%} of net revenue",
        *([f"  {small}"] if is_small else []),
        *(f"  {family} is withheld: {why}" for family, why in sorted(numbers.withheld.items())),
    ]


def _answer(setting: Setting, shop: Shop, answer: Callable[[str], str]) -> Any:
    """Ask until the answer can be read."""
    held = setting.of(shop)
    shown = held if setting.key == "objective" else setting.write(held, shop.currency)
    if isinstance(held, bool):
        shown = "yes" if held else "no"
    unit = f" ({shop.currency})" if setting.is_amount else ""
    while True:
        try:
            text = answer(f"{setting.meaning}{unit} [{shown}]: ").strip()
        except EOFError:
            raise BadSettings("there is nobody to answer: --yes takes the defaults") from None
        if not text:
            return held
        try:
            return setting.read(
                _YES.get(text.lower(), text) if isinstance(held, bool) else text, shop.currency
            )
        except WrongValueError as wrong:
            print(f"  {wrong}")


def _with(shop: Shop, setting: Setting, value: Any) -> Shop:
    if not setting.table:
        return replace(shop, **{setting.key: value})
    return replace(shop, **{setting.table: replace(getattr(shop, setting.table), **{setting.key: value})})


def _fitted(shop: Shop, options: argparse.Namespace) -> Shop:
    """Fit the shop to its history, if there is one."""
    if is_live(shop):
        print(
            "  not fitted: the shop is live, so its numbers stay; `nextorder fit` asks you before they change"
        )
        return shop
    if next(customers().everyone(shop.id), None) is None:
        print("  no history yet: `nextorder import` fits the shop when there is one")
        return shop
    as_of = read_as_of(options.as_of, shop.zone, datetime.now(UTC))
    return fit_and_score(shop, as_of, run=f"init-{as_of:%Y%m%dT%H%M%S}")
