"""Dataclasses as JSON text and back: defaults left out, moments as ISO text."""

import json
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Final, TypeVar, Union, get_args, get_origin, get_type_hints

from nextorder.adapters.words import word

SCORE_DIGITS: Final = 6
ALL_DIGITS: Final = 17
"""As many as a float needs to be read back as it was."""

T = TypeVar("T")


def encode(value: Any, *, digits: int = SCORE_DIGITS) -> str:
    """Write a dataclass as compact JSON; what equals its default is left out, floats have six digits."""
    plain = to_plain(value, digits=digits)
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def decode(kind: type[T], text: str) -> T:
    """
    Read a dataclass back; what a later release added to it is passed over.

    Raises:
        ValueError: The text is not JSON, or lacks what `kind` cannot be without.
    """
    plain = json.loads(text)
    try:
        value: T = from_plain(kind, plain)
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"not a {kind.__name__}: {error}") from error
    return value


def to_plain(value: Any, *, digits: int = SCORE_DIGITS) -> Any:
    """Turn a dataclass into what JSON knows; floats keep so many significant digits."""
    if isinstance(value, float):
        return float(f"{value:.{digits}g}")
    known = _fields(type(value))  # type: ignore[arg-type]
    if known is not None:
        values = ((name, getattr(value, name), default) for name, default in known)
        return {name: to_plain(item, digits=digits) for name, item, default in values if item != default}
    if isinstance(value, Mapping):
        return {key: to_plain(item, digits=digits) for key, item in value.items()}
    if isinstance(value, (list, tuple, frozenset)):
        ordered = sorted(value) if isinstance(value, frozenset) else value
        return [to_plain(item, digits=digits) for item in ordered]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return str(value) if isinstance(value, (StrEnum, Decimal, date)) else value


def from_plain(kind: Any, value: Any) -> Any:
    """Turn what JSON gave into the type that the annotation names."""
    if value is None:
        return None
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return from_plain(_first_that_fits(kind, value), value)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        known = {name: from_plain(hints[name], item) for name, item in value.items() if name in hints}
        return kind(**known)  # type: ignore[operator]
    return _collection(kind, origin, value) if origin else _single(kind, value)


def kept_beside(kind: Any, plain: Any, held: Any) -> Any:
    """
    Return what is to be written with what a later release wrote in the same place.

    What this release does not know stays where its part stays: under the same name or, in a row,
    beside an equal one, once each. A part that is taken away goes whole.
    """
    if plain is None or held is None:
        return plain
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return kept_beside(_first_that_fits(kind, plain), plain, held)
    if is_dataclass(kind):
        hints = _hints(kind)  # type: ignore[arg-type]
        others = {name: item for name, item in held.items() if name not in hints}
        return others | {name: kept_beside(hints[name], plain[name], held.get(name)) for name in plain}
    if origin is not None and issubclass(origin, Mapping):
        return {name: kept_beside(get_args(kind)[1], item, held.get(name)) for name, item in plain.items()}
    return _row_kept(get_args(kind)[0], plain, held) if isinstance(plain, list) else plain


def _row_kept(kind: Any, plain: Sequence[Any], held: Sequence[Any]) -> Sequence[Any]:
    left = [(to_plain(from_plain(kind, item), digits=ALL_DIGITS), item) for item in held]
    return [_taken(item, left) for item in plain]


def _taken(item: Any, left: list[tuple[Any, Any]]) -> Any:
    for number, (known, as_held) in enumerate(left):
        if known == item:
            del left[number]
            return as_held
    return item


def _collection(kind: Any, origin: Any, value: Any) -> Any:
    if issubclass(origin, Mapping):
        return {key: from_plain(get_args(kind)[1], item) for key, item in value.items()}
    if origin in (tuple, frozenset, Sequence):
        make = frozenset if origin is frozenset else tuple
        return make(from_plain(get_args(kind)[0], item) for item in value)
    return value


def _single(kind: Any, value: Any) -> Any:
    if kind in (datetime, date):
        return kind.fromisoformat(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return word(kind, value)
    return kind(value) if kind in (Decimal, float) else value


def _first_that_fits(kind: Any, value: Any) -> Any:
    choices = [choice for choice in get_args(kind) if choice is not type(None)]
    lists = [choice for choice in choices if get_origin(choice) is tuple]
    if isinstance(value, list) and lists:
        return lists[0]
    exact = [choice for choice in choices if choice is type(value)]
    return exact[0] if exact else choices[0]


@cache
def _fields(kind: type) -> Sequence[tuple[str, Any]] | None:
    """Return a dataclass's fields with what each holds where nothing is said; None for other types."""
    if not is_dataclass(kind):
        return None
    return [
        (field.name, field.default if field.default_factory is MISSING else field.default_factory())
        for field in fields(kind)
    ]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)
