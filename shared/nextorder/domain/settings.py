"""All that a merchant decides of one shop, as one file: written with meanings, read with its lines."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from nextorder.domain.countries import is_country
from nextorder.domain.currency import changed_by_rates, retold, with_rates
from nextorder.domain.declared import Declared
from nextorder.domain.money import minor_digits, minor_units
from nextorder.domain.shop import CountryCosts, Odds, Shop

HIGHEST_AMOUNT: Final = 10**6
LOWEST_LOYAL, HIGHEST_LOYAL = 2, 100
LONGEST_DELIVERY_DAYS: Final = 365
MARGINS: Final = "costs:margin_by_category"
COUNTRIES: Final = "costs:by_country"
RATES: Final = "rates"
COUNTRY_COSTS: Final = tuple(one.name for one in fields(CountryCosts))


class WrongValueError(ValueError):
    """A value cannot be used; says why."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: what it means, how it is read from the file's value and written again."""

    table: str
    """Empty = above all tables; else the field of Shop that holds the key."""
    key: str
    meaning: str
    read: Callable[[Any, str], Any]
    """From the value and the currency; raises WrongValueError."""
    write: Callable[[Any, str], str]

    @property
    def is_amount(self) -> bool:
        """Whether it is in whole units of the shop's currency."""
        return self.read is amount

    def of(self, shop: Shop) -> Any:
        """Return what a shop has."""
        return getattr(getattr(shop, self.table) if self.table else shop, self.key)


def rate(value: object, _: str = "") -> Decimal:
    """Read a share from 0 to 1."""
    found = _number(value)
    if found > 1:
        raise WrongValueError(f"expected a share from 0 to 1, not {value}")
    return found


def is_taken_away(value: object) -> bool:
    """Whether a margin of a category, or a cost of a country, is said to be as elsewhere again."""
    return value == ""


def worth(value: object, _: str = "") -> Decimal:
    """Read what one unit of another currency is worth."""
    found = _number(value)
    if not 0 < found <= HIGHEST_AMOUNT:
        raise WrongValueError(f"expected a number above 0, not {value}")
    return found


def amount(value: object, currency: str) -> int:
    """Read whole units of a currency as its minor units."""
    found, digits = _number(value), minor_digits(currency)
    if found > HIGHEST_AMOUNT or found != round(found, digits):
        raise WrongValueError(f"expected {currency} with at most {digits} decimals, not {value}")
    return minor_units(found, currency)


def whole(lowest: int, highest: int) -> Callable[[object, str], int]:
    """Return a reader of whole numbers between two."""

    def read(value: object, _: str = "") -> int:
        found = _number(value)
        if not lowest <= found <= highest or found != int(found):
            raise WrongValueError(f"expected a whole number from {lowest} to {highest}, not {value}")
        return int(found)

    return read


loyal: Final = whole(LOWEST_LOYAL, HIGHEST_LOYAL)
delivery: Final = whole(0, LONGEST_DELIVERY_DAYS)


def switch(value: object, _: str = "") -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise WrongValueError(f"expected true or false, not {value}")
    return value


def words(value: object, _: str = "") -> str:
    """Read text."""
    if not isinstance(value, str):
        raise WrongValueError(f"expected words in quotes, not {value}")
    return value.strip()


def odds(value: object, _: str = "") -> Odds:
    """Read an odds ratio with its range, [value, lo, hi]."""
    if not isinstance(value, list) or len(value) != 3:  # noqa: PLR2004 - value, lo, hi
        raise WrongValueError("expected [value, low, high]")
    middle, low, high = (float(_number(one)) for one in value)
    if not 0 < low <= middle <= high:
        raise WrongValueError("expected [value, low, high], low above 0 and value between the two")
    return Odds(value=middle, lo=low, hi=high)


def _number(value: object) -> Decimal:
    if isinstance(value, bool | list | dict):
        raise WrongValueError(f"{value} is no number")
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        raise WrongValueError(f"{value or 'nothing'} is no number") from None
    if not found.is_finite() or found < 0:
        raise WrongValueError(f"expected a number from 0, not {value}")
    return found


def _plain(value: object, _: str) -> str:
    return str(value)


def _units(value: int, currency: str) -> str:
    digits = minor_digits(currency)
    return f"{Decimal(value).scaleb(-digits):.{digits}f}"


def _quoted(value: object, _: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _three(value: Odds, _: str) -> str:
    return f"[{value.value:g}, {value.lo:g}, {value.hi:g}]"


SETTINGS: Final = (
    Setting("", "objective", "What you want of it, in your words", words, _quoted),
    Setting("", "holdout_share", "Share of customers held out, to measure the programme", rate, _plain),
    Setting("", "loyal_order_days", "Order days that make a loyal customer", loyal, _plain),
    Setting("", "count_wholesale", "Whether B2B orders count", switch, _quoted),
    Setting(
        "", "delivery_days", "Days from order to parcel: nobody is asked to buy before", delivery, _plain
    ),
    Setting("costs", "default_margin", "Margin on goods where a unit cost is missing", rate, _plain),
    Setting("costs", "payment_rate", "Payment fee, share of the amount", rate, _plain),
    Setting("costs", "payment_fixed", "Payment fee, fixed part", amount, _units),
    Setting("costs", "outbound_shipping", "What a parcel costs you", amount, _units),
    Setting("costs", "pick_pack", "Picking and packing an order", amount, _units),
    Setting("costs", "return_shipping", "What a returned parcel costs you", amount, _units),
    Setting("costs", "return_handling", "Work on a return", amount, _units),
    Setting("costs", "unsellable_share", "Share of returned goods that cannot be sold again", rate, _plain),
    Setting("incentives", "on", "Whether a class of offer may be suggested", switch, _quoted),
    Setting("incentives", "light_cost", "What a light offer costs when it is redeemed", amount, _units),
    Setting("incentives", "strong_cost", "What a strong one costs", amount, _units),
    Setting("incentives", "light", "What it does to the odds of an order: [value, low, high]", odds, _three),
    Setting("incentives", "strong", "The same of a strong one", odds, _three),
    Setting(
        "incentives", "readout", "The test these odds come from; empty = a cautious guess", words, _quoted
    ),
)


def write_settings(shop: Shop, found: str = "") -> str:
    """Write all settings of a shop as the text of a file; `found` goes into its head."""
    shop = retold(shop)
    head = [
        f"Settings of {shop.id}. `nextorder settings --file nextorder.toml` puts them in force;",
        f"a key that is left out stays as it is. Amounts are in {shop.currency}, shares from 0 to 1.",
        'A margin of a category, or a cost of a country, is taken away by "": tea = ""',
        *found.splitlines(),
    ]
    lines = [f"# {line}".rstrip() for line in head]
    table = ""
    for setting in SETTINGS:
        if setting.table != table:
            table = setting.table
            lines += ["", f"[{table}]"]
        lines += ["", f"# {setting.meaning}"] if not table else [f"# {setting.meaning}"]
        lines.append(f"{setting.key} = {setting.write(setting.of(shop), shop.currency)}")
    lines += ["", f"[{RATES}]", f"# What one unit of a former currency is worth in {shop.currency}"]
    lines += [f"{one.currency} = {one.rate:f}" for one in shop.rates if one.into == shop.currency]
    lines += ["", f"[{MARGINS.replace(':', '.')}]", "# Margin of a category where its unit costs are missing"]
    lines += [
        f"{json.dumps(name, ensure_ascii=False)} = {m}"
        for name, m in sorted(shop.costs.margin_by_category.items())
    ]
    lines += ["", "# Costs of orders to one country, where they differ: [costs.by_country.SE]"]
    for country, own in sorted(shop.costs.by_country.items()):
        lines += [f"[{COUNTRIES.replace(':', '.')}.{country}]"]
        lines += [f"{name} = {_units(minor, shop.currency)}" for name, minor in own.told.items()]
    return "\n".join(lines) + "\n"


def read_settings(text: str, shop: Shop, what: str = "settings") -> Mapping[str, Any]:
    """
    Read a settings file, called `what`, as the fields of a shop that it changes.

    Raises:
        BadSettings: Something is wrong; the message names file, line and key.
    """
    document = Declared(text, what, exact=True)
    told: dict[str, dict[str, Any]] = {}
    for table, key, value in _pairs(document):
        told.setdefault(table, {})[key] = _read(document, table, key, value, shop.currency)
    changes: dict[str, Any] = told.pop("", {})
    shop, of_rates = _rated(document, shop, told.pop(RATES, {}))
    changes |= of_rates
    margins = told.pop(MARGINS, {})
    countries = [table for table in told if table.startswith(COUNTRIES)]
    if margins or countries:
        of_country = {table.rpartition(":")[2]: told.pop(table) for table in countries}
        changes["costs"] = shop.costs.beside(of_country, margins)
    shop = replace(shop, **changes)
    changes |= {table: replace(getattr(shop, table), **values) for table, values in told.items()}
    offers = changes.get("incentives")
    if offers and offers.on and not 0 < offers.light_cost <= offers.strong_cost:
        raise document.wrong(
            "incentives", "on", "say what offers cost first, a strong one not less than a light one"
        )
    return changes


def _rated(document: Declared, shop: Shop, told: Mapping[str, Decimal]) -> tuple[Shop, dict[str, Any]]:
    """Return the shop with its rates, and what of it they changed."""
    try:
        rated = with_rates(shop, told)
    except ValueError as wrong:
        raise document.wrong(RATES, "", str(wrong)) from None
    return rated, changed_by_rates(shop, rated)


def _pairs(document: Declared) -> list[tuple[str, str, Any]]:
    """Return table, key and value of all that the file says."""
    tables = {setting.table for setting in SETTINGS if setting.table}
    found = []
    for name, value in document.tables.items():
        if not isinstance(value, dict):
            found.append(("", name, value))
            continue
        if name not in tables | {RATES}:
            raise document.wrong(name, "", f"unknown; there are {', '.join(sorted(tables | {RATES}))}")
        of_category = value.pop("margin_by_category", {}) if name == "costs" else {}
        if not isinstance(of_category, dict):
            raise document.wrong(name, "margin_by_category", "must be a table of margins by category")
        of_country = value.pop("by_country", {}) if name == "costs" else {}
        if not isinstance(of_country, dict):
            raise document.wrong(name, "by_country", "must be tables by country, [costs.by_country.SE]")
        found += [(name, key, one) for key, one in value.items()]
        found += [(MARGINS, key, one) for key, one in of_category.items()]
        found += _of_countries(document, of_country)
    return found


def _of_countries(document: Declared, countries: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    for country, costs in countries.items():
        if not is_country(country) or not isinstance(costs, dict):
            raise document.wrong(f"{COUNTRIES}:{country}", "", "expected a table by two letters, such as SE")
    return [
        (f"{COUNTRIES}:{country}", key, one)
        for country, each in countries.items()
        for key, one in (each or dict.fromkeys(COUNTRY_COSTS, "")).items()
    ]


def _read(document: Declared, table: str, key: str, value: object, currency: str) -> Any:
    known = {(one.table, one.key): one for one in SETTINGS}
    setting = known.get((table, key))
    if table.startswith(COUNTRIES) and key in COUNTRY_COSTS:
        setting = known["costs", key]
    if is_taken_away(value) and (table == MARGINS or (setting and table.startswith(COUNTRIES))):
        return None
    readers = {MARGINS: rate, RATES: worth}
    if setting is None and table not in readers:
        near = ", ".join(
            COUNTRY_COSTS if table.startswith(COUNTRIES) else (o.key for o in SETTINGS if o.table == table)
        )
        raise document.wrong(table, key, f"unknown key; there are {near}")
    try:
        return setting.read(value, currency) if setting else readers[table](value)
    except WrongValueError as wrong:
        raise document.wrong(table, key, str(wrong)) from None
