"""`nextorder settings`: what the merchant decides; amounts in whole units of the shop's currency."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from nextorder.adapters.amounts import exact_amount
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.money import minor_digits, minor_units
from nextorder.domain.shop import Costs, Shop

_KINDS: Final = {field.name: field.type for field in fields(Costs) if field.type in (int, Decimal)}
"""Costs that are told one by one: an amount is an int, a rate a Decimal."""
_HIGHEST_AMOUNT: Final = 10**6
_LOWEST_LOYAL: Final = 2


def add_to(commands: Any) -> None:
    """Add `settings`."""
    parser = commands.add_parser("settings", help="show or change costs, holdout and what counts")
    parser.add_argument(
        "--cost", action="append", default=[], metavar="NAME=VALUE", help=f"one of {', '.join(_KINDS)}"
    )
    parser.add_argument(
        "--margin",
        action="append",
        default=[],
        metavar="CATEGORY=RATE",
        help="margin where a category's unit costs are missing",
    )
    parser.add_argument("--holdout", help="share of customers held out, from 0 to 1")
    parser.add_argument("--loyal", help="order days that make a loyal customer")
    parser.add_argument("--count-wholesale", choices=("yes", "no"), help="whether B2B orders count")
    add_shop(parser)
    parser.set_defaults(run=run_settings)


def run_settings(options: argparse.Namespace) -> None:
    """Write what was given, if anything was, and print all of it."""
    shop = chosen_shop(options)
    changes = _changes(shop, options)
    if changes:
        shop = change_shop(shop.id, **changes)
    for name, value in _described(shop):
        print(f"  {name:<19} {value}")
    if changes:
        print("  ->  `nextorder fit` lets everyone's verdict rest on these")


def _changes(shop: Shop, options: argparse.Namespace) -> Mapping[str, Any]:
    changes: dict[str, Any] = {}
    if options.cost or options.margin:
        changes["costs"] = _costs(shop, options.cost, options.margin)
    if options.holdout is not None:
        changes["holdout_share"] = _rate("--holdout", options.holdout)
    if options.loyal is not None:
        changes["loyal_order_days"] = _loyal(options.loyal)
    if options.count_wholesale is not None:
        changes["count_wholesale"] = options.count_wholesale == "yes"
    return changes


def _costs(shop: Shop, costs: Sequence[str], margins: Sequence[str]) -> Costs:
    told: dict[str, Any] = {}
    for name, value in (_pair("--cost", text) for text in costs):
        if name not in _KINDS:
            raise BadSettings(f"--cost: there is no {name}; there are {', '.join(_KINDS)}")
        label = f"--cost {name}"
        told[name] = _rate(label, value) if _KINDS[name] is Decimal else _amount(label, value, shop.currency)
    pairs = (_pair("--margin", text) for text in margins)
    of_category = {name: _rate(f"--margin {name}", value) for name, value in pairs}
    return replace(shop.costs, **told, margin_by_category={**shop.costs.margin_by_category, **of_category})


def _pair(option: str, text: str) -> tuple[str, str]:
    name, _, value = (part.strip() for part in text.rpartition("="))
    if not name:
        raise BadSettings(f"{option}: expected NAME=VALUE, not {text}")
    return name, value


def _number(label: str, text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise BadSettings(f"{label}: {text or 'nothing'} is no number") from error
    if not number.is_finite() or number < 0:
        raise BadSettings(f"{label}: expected a number from 0, not {text}")
    return number


def _rate(label: str, text: str) -> Decimal:
    rate = _number(label, text)
    if rate > 1:
        raise BadSettings(f"{label}: expected a share from 0 to 1, not {text}")
    return rate


def _amount(label: str, text: str, currency: str) -> int:
    amount = _number(label, text)
    digits = minor_digits(currency)
    if amount > _HIGHEST_AMOUNT or amount != round(amount, digits):
        raise BadSettings(f"{label}: expected {currency} with at most {digits} decimals, not {text}")
    return minor_units(amount, currency)


def _loyal(text: str) -> int:
    days = _number("--loyal", text)
    if days < _LOWEST_LOYAL or days != int(days):
        raise BadSettings(f"--loyal: expected a whole number from {_LOWEST_LOYAL}, not {text}")
    return int(days)


def _described(shop: Shop) -> Iterator[tuple[str, object]]:
    yield "shop", f"{shop.id}, {shop.timezone}, {shop.currency}"
    if shop.domain not in ("", shop.id):
        yield "now called", shop.domain
    yield "publishing", "on" if shop.applied else "off"
    for name, kind in _KINDS.items():
        value = getattr(shop.costs, name)
        yield name, value if kind is Decimal else exact_amount(value, shop.currency)
    for category, margin in sorted(shop.costs.margin_by_category.items()):
        yield f"margin of {category}", margin
    yield "holdout", shop.holdout_share
    yield "loyal", shop.loyal_order_days
    yield "count-wholesale", "yes" if shop.count_wholesale else "no"
