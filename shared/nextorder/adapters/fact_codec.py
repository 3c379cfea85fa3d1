"""
Facts as compact text: `{field: value}` without defaults, lines and an origin as bare lists.

Ids become JSON integers where that loses nothing, those of lines the difference to the line
before, a category as on the line before becomes 0, and moments become seconds since 1970 with
what fraction they have: an order of ten lines stays under 1 KB, which is one write unit.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from operator import attrgetter
from typing import Any, Final, get_type_hints

from nextorder.adapters.words import word
from nextorder.domain import facts as words
from nextorder.domain.facts import OrderLine, Origin, RefundLine, ShopFact, StoredFact

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
_OFTEN_THE_SAME: Final = 3
"""Place in a line of what its neighbours often share: an order line's category, a refund line's restock."""
_AS_BEFORE: Final = 0
"""Is no text: a category or an id "0" stays in quotes."""
_Reader = Callable[[Any], Any]


def is_fact(sort_key: str) -> bool:
    """Tell whether an item of the table is a fact, by its sort key."""
    return sort_key.partition("#")[0] in _KINDS


def encode(fact: StoredFact | ShopFact) -> str:
    """Write a fact as text; what the keys say is left out."""
    values = ((name, getattr(fact, name), default) for name, default in _WRITTEN[type(fact)])
    document = {name: _plain(value) for name, value, default in values if value != default}
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def decode(sort_key: str, document: str, customer: str | None = None) -> StoredFact | ShopFact:
    """Read a fact back; `customer` is whose partition it stands in, None for an order's own place."""
    prefix, _, identity = sort_key.partition("#")
    kind = _KINDS[prefix]
    readers = _READERS[kind]
    held = json.loads(document)
    # what a later release added is passed over, as are the last places of its lines
    values = {name: readers[name](value) for name, value in held.items() if name in readers}
    values |= {"id": identity} if "id" in readers else {}
    values |= {"customer": customer} if "customer" in readers else {}
    return kind(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        seconds = value.timestamp()
        return int(seconds) if seconds.is_integer() else seconds
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Origin):
        return _line(value)
    if isinstance(value, tuple):
        return _lines(value)
    return value


def _lines(lines: Sequence[OrderLine | RefundLine]) -> list[list[Any]]:
    written, before, said = [_line(line) for line in lines], 0, None
    for values in written:
        if isinstance(values[0], int):
            values[0], before = values[0] - before, values[0]
        if len(values) > _OFTEN_THE_SAME:
            now = values[_OFTEN_THE_SAME]
            values[_OFTEN_THE_SAME], said = (_AS_BEFORE, said) if now == said else (now, now)
    return written


def _line(line: OrderLine | RefundLine | Origin) -> list[Any]:
    names, defaults = _LISTED[type(line)]
    values = [_shorter(value) for value in names(line)]
    while values and values[-1] == defaults[len(values) - 1]:
        values.pop()
    return values


def _shorter(value: Any) -> Any:
    is_id = isinstance(value, str) and value.isdecimal() and not value.startswith("0")
    return int(value) if is_id else value


def _reader(kind: type, name: str, hint: Any) -> _Reader:
    """Return what reads one field's value back; the types are looked at once, not with every line."""
    if name == "lines":
        return partial(_read_lines, _LINES[kind])
    if hint is Origin:
        return _read_origin
    if hint in (datetime, datetime | None):
        return _read_moment
    if hint is str:
        return str
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return partial(word, hint)
    return _as_it_is


def _read_lines(kind: type, lines: list[list[Any]]) -> tuple[Any, ...]:
    readers, before, said = _READERS[kind].items(), 0, None
    for values in lines:
        if isinstance(values[0], int):
            before = values[0] = values[0] + before
        if len(values) > _OFTEN_THE_SAME:
            if values[_OFTEN_THE_SAME] != _AS_BEFORE:
                said = values[_OFTEN_THE_SAME]
            values[_OFTEN_THE_SAME] = said
    return tuple(
        kind(**{name: read(value) for (name, read), value in zip(readers, line, strict=False)})
        for line in lines
    )


def _read_origin(values: list[Any]) -> Origin:
    return Origin(**{field.name: str(value) for field, value in zip(fields(Origin), values, strict=False)})


def _read_moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _as_it_is(value: Any) -> Any:
    return value


def _readers(kind: type) -> Mapping[str, _Reader]:
    hints = get_type_hints(kind)
    return {field.name: _reader(kind, field.name, hints[field.name]) for field in fields(kind)}


def _listed(kind: type) -> tuple[Callable[[Any], tuple[Any, ...]], Sequence[Any]]:
    return attrgetter(*(field.name for field in fields(kind))), [field.default for field in fields(kind)]


_LISTED: Final = {kind: _listed(kind) for kind in (OrderLine, RefundLine, Origin)}
"""What are written as lists: how their values are got, and what these are by default."""
_WRITTEN: Final = {
    kind: [(field.name, field.default) for field in fields(kind) if field.name not in _IN_KEYS]
    for kind in _KINDS.values()
}
_READERS: Final = {kind: _readers(kind) for kind in (*_KINDS.values(), OrderLine, RefundLine)}
