"""The part of Shopify's search syntax that listings need here."""

import math
import operator
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from graphql import GraphQLError

from tests.fakes.shopify.ids import number_of
from tests.fakes.shopify.store import Resource, customer_of

Test = Callable[[Resource], bool]

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "": operator.eq,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
}
TERM = re.compile(r"""(-?)(\w+):(>=|<=|>|<)?(?:"([^"]*)"|'([^']*)'|([^\s)]+))""")
NUMBERS: dict[str, Callable[[Resource], str]] = {
    "id": lambda one: one.id,
    "customer_id": lambda one: customer_of(one.given),
    "product_id": lambda one: str(one.given.get("product_id") or ""),
}
WORDS: dict[str, Callable[[Resource], Any]] = {
    "email": lambda one: one.given.get("email"),
    "phone": lambda one: one.given.get("phone"),
    "name": lambda one: one.given.get("name"),
    "sku": lambda one: one.given.get("sku"),
    "source_name": lambda one: one.given.get("source_name") or "web",
    "financial_status": lambda one: one.given.get("financial_status") or "paid",
    "test": lambda one: "true" if one.given.get("test") else "false",
    "product_type": lambda one: one.given.get("product_type"),
}


def reader(query: str) -> Test:
    """
    Return what tells whether a resource is meant: terms beside each other all hold, OR separates choices.

    Raises:
        GraphQLError: A filter that the fake does not know; Shopify would silently ignore it.
    """
    choices = re.split(r"\s+OR\s+", query.strip())
    read = [[_test(term) for term in _terms(choice)] for choice in choices]
    return lambda resource: any(all(test(resource) for test in choice) for choice in read)


def named(query: str | None) -> list[str] | None:
    """Return the numbers that a search names, where it does nothing else: all need not be looked at."""
    terms = re.split(r"\s+OR\s+", (query or "").strip())
    found = [re.fullmatch(r"id:(\d+)", term) for term in terms]
    return [match[1] for match in found if match] if all(found) else None


def made_within(query: str | None) -> tuple[float, float]:
    """Return the time that a search confines itself to; all of it where that is not plain."""
    since, until = -math.inf, math.inf
    for term in TERM.finditer(query or "") if " OR " not in (query or "") else ():
        if term[2] == "created_at" and not term[1]:
            moment = _moment(term[4] or term[5] or term[6] or "")
            since = max(since, moment) if term[3] in {">", ">="} else since
            until = min(until, moment) if term[3] == "<" else until
    return since, until


def _terms(choice: str) -> list[re.Match[str]]:
    left = re.sub(r"\bAND\b|[()]", " ", TERM.sub("", choice)).strip()
    if left:
        raise GraphQLError(f"the fake does not know this search: {left}")
    return list(TERM.finditer(choice))


def _test(term: re.Match[str]) -> Test:
    value = term[4] or term[5] or term[6] or ""
    test = _plain_test(term[2], term[3] or "", value)
    return (lambda resource: not test(resource)) if term[1] else test


def _plain_test(field: str, sign: str, value: str) -> Test:
    if number := NUMBERS.get(field):
        return lambda one: (
            bool(number(one)) and COMPARE[sign](int(number_of(number(one))), int(number_of(value)))
        )
    if told := WORDS.get(field):
        return lambda one: str(told(one) or "").lower() == value.lower()
    match field:
        case "updated_at" | "created_at" | "processed_at":
            moment = _moment(value)
            return lambda one: COMPARE[sign](_of(one, field), moment)
        case "tag":
            return lambda one: value.lower() in {tag.lower() for tag in one.tags}
        case "status":
            return _status(value)
    raise GraphQLError(f"the fake does not know the filter {field}")


def _moment(value: str) -> float:
    read = datetime.fromisoformat(value)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()


def _of(one: Resource, field: str) -> float:
    if field == "updated_at":
        return one.updated_at
    processed = one.given.get("processed_at") if field == "processed_at" else None
    return datetime.fromisoformat(processed).timestamp() if processed else one.created_at


def _status(value: str) -> Test:
    tests: dict[str, Test] = {
        "any": lambda _: True,
        "open": lambda one: not one.given.get("closed_at") and not one.given.get("cancelled_at"),
        "closed": lambda one: bool(one.given.get("closed_at")),
        "cancelled": lambda one: bool(one.given.get("cancelled_at")),
        "not_closed": lambda one: not one.given.get("closed_at"),
    }
    return tests[value]
