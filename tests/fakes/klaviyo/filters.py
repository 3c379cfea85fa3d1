"""The part of Klaviyo's filter language that the fake knows: any, equals, and a comma for both."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.fakes.klaviyo.errors import bad_parameter

FIELDS = frozenset({"email", "external_id", "id", "phone_number"})
CALL = re.compile(
    r"""\s*(any|equals)\(\s*(\w+)\s*,\s*(\[.*?\]|"(?:[^"\\]|\\.)*"|'[^']*')\s*\)\s*""", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Condition:
    """The field is one of the values."""

    field: str
    values: tuple[str, ...]


def read(text: str, fields: frozenset[str] = FIELDS) -> list[Condition]:
    """
    Read a filter on such fields; all conditions must hold.

    Raises:
        Refusal: Not a filter, or one that Klaviyo does not allow here.
    """
    inner = re.fullmatch(r"\s*and\((.*)\)\s*", text, re.DOTALL)
    return list(_conditions(inner[1] if inner else text, fields))


def _conditions(text: str, fields: frozenset[str]) -> Iterator[Condition]:
    at = 0
    while at < len(text):
        found = CALL.match(text, at)
        if found is None or found[2] not in fields:
            raise bad_parameter("filter", "Invalid filter provided.")
        yield Condition(found[2], _values(found[1], found[3]))
        at = found.end()
        if at < len(text) and text[at] == ",":
            at += 1


def _values(call: str, text: str) -> tuple[str, ...]:
    reader: Callable[[str], object] = json.loads
    try:
        value = text[1:-1] if text.startswith("'") else reader(text.replace("'", '"'))
    except ValueError as error:
        raise bad_parameter("filter", "Invalid filter provided.") from error
    is_list = isinstance(value, list)
    if is_list != (call == "any"):
        raise bad_parameter("filter", f"Invalid value for the operator {call}.")
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)
