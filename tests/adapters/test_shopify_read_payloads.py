"""Bodies that no one here wrote: each is understood, or refused with the field that is wrong."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.shopify.read import PRIVACY_TOPICS, TOPICS, read
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import Order
from tests.adapters.recorded_payloads import FILES, PAYLOADS, bodies_in, topic_of

NOW = datetime(2026, 11, 21, tzinfo=UTC)

UNDERSTOOD = {
    "orders/create": {"Order"},
    "orders/paid": {"Order"},
    "orders/updated": {"Order"},
    "orders/cancelled": {"Order"},
    "orders/fulfilled": {"Order"},
    "orders/edited": {"Noted"},
    "orders/delete": {"OrderDeleted"},
    "refunds/create": {"Refund"},
    "order_transactions/create": {"Payment"},
    "customers/create": {"SignUp"},
    "customers/update": {"SignUp"},
    "customers/delete": {"CustomerDeleted"},
    "customers/merge": {"Noted"},
    "customers/purchasing_summary": {"OrderCount"},
    "customers_email_marketing_consent/update": {"Consent"},
    "customers_marketing_consent/update": {"Consent"},
    "customer.tags_added": {"Noted"},
    "customer.tags_removed": {"Noted"},
    "checkouts/create": {"Checkout"},
    "checkouts/update": {"Checkout"},
    "products/update": {"VariantCategory"},
    "inventory_items/update": {"UnitCost"},
    "bulk_operations/finish": {"Noted"},
    "app/scopes_update": {"Noted"},
}
"""What the documentation's own samples must give."""


def outcome(topic: str, body: Mapping[str, Any]) -> set[str]:
    """Name what a body gave, or the field it was refused for."""
    try:
        reading = read(topic, body, triggered_at=NOW)
    except BadPayload as refusal:
        return {f"refused: {refusal.field}"}
    return {type(part).__name__ for part in (*reading.facts, *reading.shop_facts, *reading.commands)}


CASES = [
    pytest.param(topic, body, id=f"{path.name}:{place}")
    for path in FILES
    for place, (topic, body) in enumerate(bodies_in(path))
]


@pytest.mark.parametrize(("topic", "body"), CASES)
def test_every_body_is_understood_or_refused_by_field(topic: str, body: Mapping[str, Any]) -> None:
    """Anything but a reading or a refusal would be a crash, and come back for ever."""
    found = outcome(topic, body)
    assert found
    assert all(word.isidentifier() or re.fullmatch(r"refused: [\w.\[\]]+", word) for word in found)


@pytest.mark.parametrize(
    "name",
    [path.name for path in FILES if re.match(r"webhook_20", path.name) and topic_of(path.name) in TOPICS],
)
def test_the_samples_of_the_documentation_are_understood(name: str) -> None:
    ((topic, body),) = bodies_in(PAYLOADS / name)
    assert outcome(topic, body) == UNDERSTOOD[topic]


def test_masked_deliveries_are_refused_for_what_is_masked() -> None:
    """Their amounts and currencies read "example string"; those without a customer concern nobody."""
    masked = {path.name: outcome(*next(bodies_in(path))) for path in FILES if "exemplar" in path.name}
    kinds = {name: found for name, found in masked.items() if found != {"refused: currency"}}
    assert kinds == {
        "webhook_exemplar_2024-01_checkouts_5.json": {"Noted"},
        "webhook_exemplar_2024-04_checkouts_3.json": {"Noted"},
        "webhook_exemplar_2024-01_order_transactions_1.json": {"Noted"},
        "webhook_exemplar_2024-01_order_transactions_2.json": {"Noted"},
        "webhook_exemplar_2024-04_order_transactions_1.json": {"Noted"},
        "webhook_exemplar_2024-04_draft_orders_1.json": {"refused: topic"},
    }


def test_only_cut_and_unsaved_responses_of_the_official_clients_are_refused() -> None:
    """Two orders were asked for by field, three refunds were calculated and never made."""
    refused = sorted(
        (topic, *outcome(topic, body))
        for path in FILES
        if path.name.startswith("rest_")
        for topic, body in bodies_in(path)
        if any(found.startswith("refused") for found in outcome(topic, body))
    )
    assert refused == [
        ("orders/updated", "refused: financial_status"),
        ("orders/updated", "refused: line_items"),
        *[("refunds/create", "refused: order_id")] * 3,
    ]


def test_privacy_topics_are_read_elsewhere() -> None:
    assert not TOPICS & PRIVACY_TOPICS
    for topic in PRIVACY_TOPICS:
        assert outcome(topic, {}) == {"refused: topic"}


def test_what_is_kept_of_a_real_order_agrees_with_its_own_sums() -> None:
    """199.00 x 3 less 10.00 of TENOFF: 597.00 - 10.00 = 587.00 net; tax 11.94 on top."""
    whole = [
        body
        for topic, body in bodies_in(PAYLOADS / "rest_2026-07_order_responses.json.gz")
        if topic == "orders/updated" and body.get("id") == 450789469 and body.get("refunds")
    ]
    (order, *_) = read("orders/updated", whole[0], triggered_at=NOW).facts
    assert isinstance(order, Order)
    assert order.id == "450789469"
    assert sum(line.revenue for line in order.lines) == 58700
    assert order.total == 59894
