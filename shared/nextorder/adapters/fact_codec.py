"""
Facts as compact text: `{field: value}` without defaults, lines as bare lists.

Ids become JSON integers where that loses nothing, moments become seconds since 1970 with
what fraction they have: an order of ten lines stays under 1 KB, which is one write unit.
"""

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final, get_type_hints

from nextorder.domain import facts as words
from nextorder.domain.facts import OrderLine, RefundLine, ShopFact, StoredFact

_KINDS: Final[Mapping[str, type[StoredFact | ShopFact]]] = {
    kind.prefix: kind
    for kind in (
        words.Order,
        words.Refund,
        words.Payment,
        words.Return,
        words.Checkout,
        words.SignUp,
        words.Consent,
        words.OrderCount,
        words.TagRemoval,
        words.Absorbed,
        words.VariantCategory,
        words.UnitCost,
    )
}
_IN_KEYS: Final = frozenset({"id", "customer"})
"""Fields that the item's keys already say."""
_LINES: Final[Mapping[type, type]] = {words.Order: OrderLine, words.Refund: RefundLine}
_HINTS: Final = {kind: get_type_hints(kind) for kind in (*_KINDS.values(), OrderLine, RefundLine)}


def is_fact(sort_key: str) -> bool:
    """Tell whether an item of the table is a fact, by its sort key."""
    return sort_key.partition("#")[0] in _KINDS


def encode(fact: StoredFact | ShopFact) -> str:
    """Write a fact as text; what the keys say is left out."""
    document = {
        field.name: _plain(getattr(fact, field.name))
        for field in fields(fact)
        if field.name not in _IN_KEYS and getattr(fact, field.name) != field.default
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def decode(sort_key: str, document: str, customer: str | None = None) -> StoredFact | ShopFact:
    """Read a fact back; `customer` is whose partition it stands in, None for an order's own place."""
    prefix, _, identity = sort_key.partition("#")
    kind = _KINDS[prefix]
    values: dict[str, Any] = {name: _rich(kind, name, value) for name, value in json.loads(document).items()}
    names = {field.name for field in fields(kind)}
    values |= {"id": identity} if "id" in names else {}
    values |= {"customer": customer} if "customer" in names else {}
    return kind(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        seconds = value.timestamp()
        return int(seconds) if seconds.is_integer() else seconds
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, tuple):
        return [_line(line) for line in value]
    return value


def _line(line: OrderLine | RefundLine) -> list[Any]:
    values = [_shorter(getattr(line, field.name)) for field in fields(line)]
    defaults = [field.default for field in fields(line)]
    while values and defaults[len(values) - 1] is not MISSING and values[-1] == defaults[len(values) - 1]:
        values.pop()
    return values


def _shorter(value: Any) -> Any:
    is_id = isinstance(value, str) and value.isdecimal() and not value.startswith("0")
    return int(value) if is_id else value


def _rich(kind: type, name: str, value: Any) -> Any:
    if name == "lines":
        return tuple(_read_line(_LINES[kind], values) for values in value)
    return _typed(_HINTS[kind][name], value)


def _read_line(kind: type, values: list[Any]) -> Any:
    hints = _HINTS[kind]
    named = zip((field.name for field in fields(kind)), values, strict=False)
    return kind(**{name: _typed(hints[name], value) for name, value in named})


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    if hint in (datetime, datetime | None):
        return datetime.fromtimestamp(value, UTC)
    if hint is str:
        return str(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value
