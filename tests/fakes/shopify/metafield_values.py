"""What a metafield's value must look like, by type, and how Shopify keeps it."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Any

MOST_JSON_BYTES = 128 * 1024
NOT_CHECKED_HERE = {
    "color",
    "dimension",
    "id",
    "link",
    "rating",
    "rich_text_field",
    "url",
    "volume",
    "weight",
}


class NotCheckedHere(Exception):
    """Shopify has this type of metafield, the fake does not check it."""


class BadValue(Exception):
    """The value is not of its type; the message is Shopify's."""


def boolean(value: str) -> str:
    """Return true or false; `t`, `1` and their likes are understood."""
    word = value.strip().lower()
    if word not in {"true", "t", "1", "false", "f", "0"}:
        raise BadValue("Value must be true or false.")
    return "true" if word in {"true", "t", "1"} else "false"


def integer(value: str) -> str:
    """Return the whole number; 5.0 is one, +5 is none."""
    if not re.fullmatch(r"-?\d+(\.0+)?", value.strip()):
        raise BadValue("Value must be an integer.")
    return str(int(Decimal(value.strip())))


def decimal(value: str) -> str:
    """Return the number with at most nine decimals, cut off."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", value.strip()):
        raise BadValue("Value must be a decimal.")
    return f"{Decimal(value.strip()).quantize(Decimal('1e-9'), ROUND_DOWN).normalize():f}"


def day(value: str) -> str:
    """Return the date as it is."""
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", value) or not _parses(date.fromisoformat, value):
        raise BadValue("Value must be in YYYY-MM-DD format.")
    return value


def instant(value: str) -> str:
    """Return the moment as it is."""
    if "T" not in value or not _parses(datetime.fromisoformat, value):
        raise BadValue("Value must be in “YYYY-MM-DDTHH:MM:SS” format. For example: 2022-06-01T15:30:00")
    return value


def line(value: str) -> str:
    """Return the text, which has no line break."""
    if "\n" in value or "\r" in value:
        raise BadValue("Value must be a single line text string.")
    return value


def any_json(value: str) -> str:
    """Return the JSON as it is."""
    try:
        json.loads(value)
    except json.JSONDecodeError as error:
        raise BadValue(
            f"Value is invalid JSON: {error.msg} at line {error.lineno} column {error.colno}."
        ) from error
    if len(value.encode()) > MOST_JSON_BYTES:
        raise BadValue("Value is too large.")
    return value


def money(value: str) -> str:
    """Return the amount and currency as they are."""
    try:
        given = json.loads(value)
    except json.JSONDecodeError:
        given = None
    if not isinstance(given, dict) or set(given) != {"amount", "currency_code"}:
        raise BadValue(
            "Value must be a stringified JSON object with amount (numeric) and currency_code"
            " (string matching the shop's currency) fields."
        )
    if not given["currency_code"]:
        raise BadValue("Value must have a currency code.")
    if not _parses(Decimal, given["amount"]):
        raise BadValue("Value must have a numeric amount.")
    return value


TYPES: dict[str, Callable[[str], str]] = {
    "boolean": boolean,
    "date": day,
    "date_time": instant,
    "json": any_json,
    "money": money,
    "multi_line_text_field": str,
    "number_decimal": decimal,
    "number_integer": integer,
    "single_line_text_field": line,
}


def kept(type_: str, value: str) -> str:
    """
    Return the value as Shopify keeps it.

    Raises:
        BadValue: The value is not of the type.
        KeyError: No such type.
        NotCheckedHere: Shopify has the type, the fake does not.
    """
    name = type_.removeprefix("list.")
    if name in NOT_CHECKED_HERE or name.endswith("_reference"):
        raise NotCheckedHere(type_)
    check = TYPES[name]
    if type_ == name:
        return check(value)
    items = json.loads(any_json(value))
    if not isinstance(items, list):
        raise BadValue("Value must be an array.")
    for item in items:
        check(item if isinstance(item, str) else json.dumps(item))
    return value


def check_rules(rules: Iterable[Mapping[str, str]], type_: str, value: str) -> None:
    """
    Hold a value against the rules that its definition has for texts.

    NOTE: both messages stand, with the code INVALID_VALUE, in a published test of another app.

    Raises:
        BadValue: A rule does not allow it.
        NotCheckedHere: The fake does not know the rule.
    """
    for rule in rules:
        name, limit = rule["name"], rule["value"]
        if not type_.endswith("text_field") or name not in {"choices", "max"}:
            raise NotCheckedHere(f"{type_} with {name}")
        if name == "choices" and value not in json.loads(limit):
            raise BadValue(f"Value does not exist in provided choices: {limit}.")
        if name == "max" and len(value) > int(limit):
            raise BadValue(f"Value has a maximum length of {limit}.")


def as_json(type_: str, value: str) -> Any:
    """Return jsonValue."""
    # NOTE: recorded live: `true` comes as a boolean, `false` as the text "false".
    if type_ == "boolean":
        return True if value == "true" else "false"
    if type_ in {"number_integer", "json", "money"} or type_.startswith("list."):
        return json.loads(value)
    return value


def _parses(reader: Callable[[Any], object], value: Any) -> bool:
    try:
        reader(value)
    except (ValueError, ArithmeticError, TypeError):
        return False
    return True
