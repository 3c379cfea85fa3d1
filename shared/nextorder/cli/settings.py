"""`nextorder settings`: what the merchant decides; amounts in whole units of the shop's currency."""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from nextorder.adapters.amounts import exact_amount
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.cli.terms import add_yes, put_in_force
from nextorder.cli.text_file import read_text
from nextorder.domain.countries import is_country
from nextorder.domain.currency import changed_by_rates, is_foreign, with_rates
from nextorder.domain.errors import BadSettings
from nextorder.domain.settings import (
    COUNTRY_COSTS,
    SETTINGS,
    WrongValueError,
    delivery,
    is_taken_away,
    loyal,
    rate,
    read_settings,
    words,
    worth,
)
from nextorder.domain.shop import Costs, Shop

_COSTS: Final = {one.key: one for one in SETTINGS if one.table == "costs"}
_OPTIONS: Final[Mapping[str, tuple[str, Callable[[Any, str], Any]]]] = {
    "holdout": ("holdout_share", rate),
    "loyal": ("loyal_order_days", loyal),
    "delivery_days": ("delivery_days", delivery),
    "objective": ("objective", words),
}
"""Option -> the field of a shop that it tells, and how it is read."""


def add_to(commands: Any) -> None:
    """Add `settings`."""
    parser = commands.add_parser("settings", help="show or change what the merchant decides of a shop")
    parser.add_argument(
        "--file", type=Path, metavar="FILE.toml", help="a settings file, as `nextorder init` writes it"
    )
    add_options(parser)
    add_yes(parser)
    add_shop(parser)
    parser.set_defaults(run=run_settings)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add an option for each setting that can be told by itself."""
    parser.add_argument(
        "--cost",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help=f"one of {', '.join(_COSTS)}; of one country: SE.{', SE.'.join(COUNTRY_COSTS)}; "
        "SE.pick_pack= takes it away; repeatable",
    )
    parser.add_argument(
        "--margin",
        action="append",
        default=[],
        metavar="CATEGORY=RATE",
        help="margin where a category's unit costs are missing; CATEGORY= takes it away; repeatable",
    )
    parser.add_argument(
        "--rate",
        action="append",
        default=[],
        metavar="CURRENCY=WORTH",
        help="what one unit of another currency is worth in the shop's, for old orders: USD=0.92; repeatable",
    )
    parser.add_argument("--holdout", metavar="SHARE", help="share of customers held out, from 0 to 1")
    parser.add_argument("--loyal", metavar="DAYS", help="order days that make a loyal customer")
    parser.add_argument("--delivery-days", metavar="DAYS", help="days from order to parcel")
    parser.add_argument("--objective", metavar="WORDS", help="what you want of it, in your words")
    parser.add_argument("--count-wholesale", choices=("yes", "no"), help="whether B2B orders count")


def run_settings(options: argparse.Namespace) -> int:
    """
    Put in force what was given, if anything was, and print all of it.

    Returns:
        1 when it was not put in force.
    """
    shop = chosen_shop(options)
    of_file = read_file(options.file, shop) if options.file else {}
    told = {**of_file, **changes_of(replace(shop, **of_file), options)}
    if not settle(shop, told, yes=options.yes):
        return 1
    now = chosen_shop(options)
    for name, value in _described(now):
        print(f"  {name:<19} {value}")
    if any(getattr(now, name) != getattr(shop, name) for name in told):
        print("  ->  `nextorder fit` takes the shop's own numbers with these")
    return 0


def settle(shop: Shop, told: Mapping[str, Any], *, yes: bool) -> bool:
    """
    Put what differs in force; of a live shop, only when the merchant has seen whom it would move.

    What is told again as it is moves nobody, and is no reason to look at everyone.

    Raises:
        BadSettings: It would mix amounts of two currencies.
    """
    changes = {name: value for name, value in told.items() if value != getattr(shop, name)}
    if changes.keys() & {"costs", "incentives"}:
        if is_foreign(shop.told_in, shop) and "told_in" not in changes:
            raise BadSettings(
                f"costs were told in {shop.told_in}: say what it is worth, --rate {shop.told_in}="
            )
        changes["told_in"] = shop.currency
    if is_live(shop) and changes.keys() - {"objective"}:
        return put_in_force(shop, datetime.now(UTC), yes=yes, **changes)
    if changes:
        change_shop(shop.id, **changes)
    return True


def is_live(shop: Shop) -> bool:
    """Whether customers are shown by the shop's own numbers."""
    return shop.applied and shop.numbers.fitted_at is not None


def changes_of(shop: Shop, options: argparse.Namespace) -> Mapping[str, Any]:
    """
    Return the fields of a shop that options change.

    Raises:
        BadSettings: A value cannot be used; the message names the option.
    """
    changes = _rated(shop, options.rate)
    shop = replace(shop, **changes)
    if options.cost or options.margin:
        changes["costs"] = _costs(shop, options.cost, options.margin)
    for option, (field, read) in _OPTIONS.items():
        if (text := getattr(options, option)) is not None:
            changes[field] = _told(f"--{option.replace('_', '-')}", read, text, shop.currency)
    if options.count_wholesale is not None:
        changes["count_wholesale"] = options.count_wholesale == "yes"
    return changes


def read_file(path: Path, shop: Shop) -> Mapping[str, Any]:
    """Return the fields of a shop that a settings file changes; raises BadSettings with the line."""
    return read_settings(read_text(path), shop, str(path))


def _rated(shop: Shop, rates: Sequence[str]) -> dict[str, Any]:
    pairs = (_pair("--rate", text) for text in rates)
    told = {name: _told(f"--rate {name}", worth, value, shop.currency) for name, value in pairs}
    try:
        return changed_by_rates(shop, with_rates(shop, told))
    except ValueError as wrong:
        raise BadSettings(f"--rate {wrong}") from None


def _costs(shop: Shop, costs: Sequence[str], margins: Sequence[str]) -> Costs:
    told: dict[str, Any] = {}
    countries: dict[str, dict[str, Any]] = {}
    for name, value in (_pair("--cost", text) for text in costs):
        country, _, cost = name.rpartition(".")
        known = COUNTRY_COSTS if country else tuple(_COSTS)
        if country and not is_country(country):
            raise BadSettings(f"--cost {name}: {country} is no country; write two letters such as SE")
        if cost not in known:
            raise BadSettings(f"--cost: there is no {name}; there are {', '.join(known)}")
        place = countries.setdefault(country, {}) if country else told
        place[cost] = (
            None
            if country and is_taken_away(value)
            else _told(f"--cost {name}", _COSTS[cost].read, value, shop.currency)
        )
    of_category = {
        name: None if is_taken_away(value) else _told(f"--margin {name}", rate, value, shop.currency)
        for name, value in (_pair("--margin", text) for text in margins)
    }
    return replace(shop.costs.beside(countries, of_category), **told)


def _pair(option: str, text: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in text.rpartition("="))
    if not name:
        raise BadSettings(f"{option}: expected NAME=VALUE, not {text}")
    return name, value


def _told(label: str, read: Callable[[Any, str], Any], text: str, currency: str) -> Any:
    try:
        return read(text, currency)
    except WrongValueError as wrong:
        raise BadSettings(f"{label}: {wrong}") from None


def _described(shop: Shop) -> Iterator[tuple[str, object]]:
    yield "shop", f"{shop.id}, {shop.timezone}, {shop.currency}"
    if shop.domain not in ("", shop.id):
        yield "now called", shop.domain
    yield "publishing", str(shop.going_live) if shop.applied else "off"
    for name in _COSTS:
        value = getattr(shop.costs, name)
        yield name, value if isinstance(value, Decimal) else exact_amount(value, shop.currency)
    for country, own in sorted(shop.costs.by_country.items()):
        for name, minor in own.told.items():
            yield f"{country}.{name}", exact_amount(minor, shop.currency)
    for one in shop.rates:
        yield f"{one.currency} in {one.into}", one.rate
    for category, margin in sorted(shop.costs.margin_by_category.items()):
        yield f"margin of {category}", margin
    yield "holdout", shop.holdout_share
    yield "loyal", shop.loyal_order_days
    yield "count-wholesale", "yes" if shop.count_wholesale else "no"
    yield "delivery-days", shop.delivery_days
    yield "offers", "suggested where they pay" if shop.incentives.on else "never suggested"
    if shop.objective:
        yield "objective", shop.objective
