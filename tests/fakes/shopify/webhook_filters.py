"""Filters of webhook subscriptions: search syntax, but each field named, and case counts."""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

TERM = re.compile(r"""(-|NOT )?([\w.]+):(>=|<=|>|<)?(?:"([^"]*)"|'([^']*)'|([^\s()]+))""")
COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}


def is_well_formed(text: str) -> bool:
    """Tell whether every term names its field; an unknown field is no error, it only never matches."""
    return bool(TERM.search(text)) and not re.sub(r"\b(AND|OR)\b|[()]", " ", TERM.sub("", text)).strip()


def lets_through(text: str | None, body: Mapping[str, Any]) -> bool:
    """Tell whether a body is delivered; OR separates choices, parentheses are not known here."""
    if not text:
        return True
    return any(
        all(_holds(term, body) for term in TERM.finditer(choice)) for choice in re.split(r"\s+OR\s+", text)
    )


def _holds(term: re.Match[str], body: Mapping[str, Any]) -> bool:
    wanted = term[4] or term[5] or term[6] or ""
    found = [_fits(value, term[3], wanted) for value in _values(body, term[2].split("."))]
    # NOTE: a field that the body does not have lets nothing through, not even negated.
    return bool(found) and any(found) != bool(term[1])


def _values(body: Any, path: list[str]) -> Iterator[Any]:
    if isinstance(body, list):
        for one in body:
            yield from _values(one, path)
    elif not path:
        yield body
    elif isinstance(body, Mapping) and path[0] in body:
        yield from _values(body[path[0]], path[1:])


def _fits(value: Any, sign: str | None, wanted: str) -> bool:
    if sign:
        return _compared(str(value), sign, wanted)
    if wanted == "*":
        return value is not None
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return said == wanted


def _compared(value: str, sign: str, wanted: str) -> bool:
    try:
        return COMPARE[sign](float(value), float(wanted))
    except ValueError:
        return False


def only(body: Mapping[str, Any], fields: Sequence[str]) -> Mapping[str, Any]:
    """Return the fields that a subscription includes, `customer.id` with its parents; none named = all."""
    if not fields:
        return body
    kept: dict[str, Any] = {}
    for name in {field.partition(".")[0] for field in fields} & body.keys():
        inner = [field.partition(".")[2] for field in fields if field.partition(".")[0] == name]
        kept[name] = body[name] if "" in inner else _only_within(body[name], inner)
    return {name: kept[name] for name in body if name in kept}


def _only_within(value: Any, fields: Sequence[str]) -> Any:
    if isinstance(value, list):
        return [_only_within(one, fields) for one in value]
    return only(value, fields) if isinstance(value, Mapping) else value
