"""Every document that we send is one that the official schema takes, with the scopes that we ask for."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import nextorder.adapters.shopify as package
from nextorder.adapters.shopify.reading_documents import bulk_orders
from tests.fakes.shopify import execution
from tests.fakes.shopify.bulk_rules import query_problems
from tests.fakes.shopify.server import DEFAULT_SCOPES

DOCUMENT = re.compile(r"\s*(?:(?:query|mutation)\s+\w+|\{)")
FEWEST = 25


def documents() -> Iterator[tuple[str, str]]:
    for module in pkgutil.iter_modules(package.__path__):
        held = vars(importlib.import_module(f"{package.__name__}.{module.name}"))
        for name, value in held.items():
            if name[0].isalpha() and isinstance(value, str) and DOCUMENT.match(value):
                yield f"{module.name}.{name}", value


ALL = dict(documents())
ORDERS = bulk_orders("created_at:>='2026-01-01' created_at:<'2027-01-01'")
BULK = {"bulk_orders": ORDERS} | {
    name: text for name, text in ALL.items() if name.split(".")[1].startswith("BULK_")
}


def test_the_walk_finds_the_documents() -> None:
    assert len(set(ALL.values())) >= FEWEST


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_schema_takes_a_document(name: str) -> None:
    assert [error.message for error in execution.prepare(ALL[name]).errors] == []


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_scopes_of_the_readme_open_a_document(name: str) -> None:
    assert execution.denied(execution.prepare(ALL[name]), DEFAULT_SCOPES) == []


@pytest.mark.parametrize("name", sorted(BULK))
def test_a_bulk_query_keeps_the_rules(name: str) -> None:
    assert query_problems(execution.schema(), BULK[name]) == []
    assert execution.denied(execution.prepare(BULK[name]), DEFAULT_SCOPES) == []


def test_what_the_schema_does_not_know_is_refused() -> None:
    assert execution.prepare("{ orders(first: 1) { nodes { profit } } }").errors
