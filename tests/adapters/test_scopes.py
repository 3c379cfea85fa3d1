"""The scopes we ask for are those that our documents and subscriptions want, by Shopify's own tables."""

import importlib
import json
import pkgutil
from collections.abc import Iterator
from functools import cache

import pytest

from nextorder.adapters import shopify
from nextorder.adapters.shopify.reading_documents import bulk_orders
from nextorder.adapters.shopify.scopes import SCOPES, lacking, with_implied
from nextorder.adapters.shopify.subscriptions import (
    COMPLIANCE_TOPICS,
    SUBSCRIBED,
    allowed,
    enum_of,
    scopes_of,
)
from tests.fakes.shopify.execution import CONTRACT, prepare

BY_NO_DOCUMENT = {"read_all_orders"}
"""Older orders are asked for by the same documents; without it Shopify leaves them out."""
TOPICS = json.loads((CONTRACT / "topics.json").read_text(encoding="utf-8"))


def documents() -> Iterator[tuple[str, str]]:
    """Yield every document that a module of ours holds."""
    for found in pkgutil.iter_modules(shopify.__path__):
        module = importlib.import_module(f"nextorder.adapters.shopify.{found.name}")
        for name, text in vars(module).items():
            if isinstance(text, str) and text.lstrip().startswith(("query", "mutation", "{")) and "{" in text:
                yield f"{found.name}.{name}", text


@cache
def first_named() -> dict[frozenset[str], str]:
    """Return, of scopes of which one is enough, the one that Shopify names first."""
    items = json.loads((CONTRACT / "scopes.json").read_text(encoding="utf-8"))
    return {frozenset(one["offlineScopes"]): one["offlineScopes"][0] for one in items}


@pytest.mark.parametrize(("name", "text"), [pytest.param(*each, id=each[0]) for each in documents()])
def test_every_document_is_accepted_by_the_official_schema(name: str, text: str) -> None:
    assert not prepare(text).errors, name


def test_we_ask_for_the_scopes_that_are_wanted_and_no_others() -> None:
    by_documents = {first_named()[need.scopes] for _, text in documents() for need in prepare(text).needs}
    by_topics = {
        TOPICS[enum_of(topic)]["scopes"][0] for topic in SUBSCRIBED if TOPICS[enum_of(topic)]["scopes"]
    }
    assert {scope.name for scope in SCOPES} == by_documents | by_topics | BY_NO_DOCUMENT


@pytest.mark.parametrize("topic", SUBSCRIBED)
def test_a_topic_is_subscribed_by_its_official_name_and_with_its_official_scopes(topic: str) -> None:
    official = TOPICS[enum_of(topic)]
    assert official["topic"] == topic
    assert bool(scopes_of(topic)) == bool(official["scopes"])
    assert set(scopes_of(topic)) <= set(official["scopes"])


def test_compliance_topics_cannot_be_subscribed_by_the_api() -> None:
    assert not {enum_of(topic) for topic in COMPLIANCE_TOPICS} & set(TOPICS)


def test_to_write_is_to_read() -> None:
    assert with_implied(["write_customers"]) == {"write_customers", "read_customers"}
    assert not lacking([*(scope.name for scope in SCOPES if scope.name != "read_customers")])


def test_what_is_lacking_says_what_it_costs() -> None:
    [scope] = lacking({one.name for one in SCOPES} - {"read_all_orders"})
    assert "60 days" in scope.lack
    assert "CSV" in scope.lack
    assert not scope.needed


@pytest.mark.parametrize("scope", [one.name for one in SCOPES if not one.needed])
def test_without_a_scope_that_is_not_needed_every_document_is_answered(scope: str) -> None:
    """One that is denied is denied whole: an import or a reconciling would end there."""
    held = with_implied({one.name for one in SCOPES} - {scope})
    asked = dict(documents()) | {"bulk_orders": bulk_orders("")}

    assert [
        name for name, text in asked.items() if not all(need.scopes & held for need in prepare(text).needs)
    ] == []


def test_without_a_scope_its_topics_are_left_out() -> None:
    everything = {scope.name for scope in SCOPES}
    assert tuple(allowed(everything)) == SUBSCRIBED
    assert set(SUBSCRIBED) - set(allowed(everything - {"read_customer_merge"})) == {"customers/merge"}
    assert set(allowed([])) == {
        "app/scopes_update",
        "app/uninstalled",
        "bulk_operations/finish",
        "shop/update",
    }
