"""What is cut from webhooks is what nobody reads: recorded bodies say the same without it."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.shopify.privacy import read_privacy
from nextorder.adapters.shopify.read import TOPICS, read
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, UNINSTALLED, fields_of
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Reading
from tests.adapters.recorded_payloads import PAYLOADS, bodies_in
from tests.unit.payloads import Body

NOW = datetime(2026, 11, 21, tzinfo=UTC)
PERSONAL = (
    "first_name",
    "last_name",
    "address1",
    "client_details",
    "browser_ip",
    "note",
    "payment_details",
    "zip",
)


def recorded() -> Iterator[tuple[str, str, Body]]:
    """Yield each recorded body of a topic of ours, with the file it is in."""
    for path in sorted(PAYLOADS.glob("*.json*")):
        for topic, body in bodies_in(path):
            if topic in TOPICS:
                yield path.name, topic, dict(body)


RECORDED = list(recorded())


def cut(value: Any, fields: frozenset[str], *, within: str = "") -> Any:
    """Leave of a body what these fields name; a field names all that is in it, too."""
    if isinstance(value, list):
        return [cut(one, fields, within=within) for one in value]
    if not isinstance(value, Mapping):
        return value
    return {
        key: one if within + key in fields else cut(one, fields, within=f"{within}{key}.")
        for key, one in value.items()
        if within + key in fields or any(field.startswith(f"{within}{key}.") for field in fields)
    }


class Watched(dict[str, Any]):
    """An object that notes what is asked of it, by its path in the body."""

    def __init__(self, given: Mapping[str, Any], path: str, asked: set[str]) -> None:
        super().__init__({key: watched(one, f"{path}{key}", asked) for key, one in given.items()})
        self.path = path
        self.asked = asked

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(self.path + key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.asked.add(self.path + key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(f"{self.path}{key}")
        return super().__contains__(key)


def watched(value: Any, path: str, asked: set[str]) -> Any:
    """Watch all objects within."""
    if isinstance(value, list):
        return [watched(one, path, asked) for one in value]
    return Watched(value, f"{path}.", asked) if isinstance(value, Mapping) else value


def is_sent(path: str, fields: tuple[str, ...]) -> bool:
    """Tell whether a path is asked for, is within what is, or holds some of it."""
    return any(f"{path}.".startswith(f"{field}.") or field.startswith(f"{path}.") for field in fields)


def reading(topic: str, body: Body) -> Reading | str:
    """Return what a body says, or where it is refused."""
    try:
        return read(topic, body, triggered_at=NOW, currency="EUR")
    except BadPayload as error:
        return error.field


@pytest.mark.parametrize(
    ("topic", "body"),
    [pytest.param(topic, body, id=f"{name}-{at}") for at, (name, topic, body) in enumerate(RECORDED)],
)
def test_a_cut_body_says_the_same(topic: str, body: Body) -> None:
    fields = frozenset(fields_of(topic))
    assert reading(topic, cut(body, fields) if fields else body) == reading(topic, body)


@pytest.mark.parametrize("topic", sorted({topic for _, topic, _ in RECORDED if fields_of(topic)}))
def test_whatever_a_reader_looks_at_is_asked_for(topic: str) -> None:
    asked: set[str] = set()
    for _, of, body in RECORDED:
        if of == topic:
            reading(topic, Watched(body, "", asked))
    # what an export adds, and the plain twin of a sum that webhooks give in a set
    elsewhere = {"fee", "total_price_set", *(path.removesuffix("_set") for path in fields_of(topic))}
    left_out = {path for path in asked if not is_sent(path, fields_of(topic))}
    assert left_out <= elsewhere


@pytest.mark.parametrize("topic", [topic for topic in SUBSCRIBED if fields_of(topic)])
def test_what_is_asked_for_holds_no_name_no_address_and_no_note(topic: str) -> None:
    words = {word for field in fields_of(topic) for word in field.split(".")}
    assert not words.intersection(PERSONAL)
    assert len(set(fields_of(topic))) == len(fields_of(topic))


@pytest.mark.parametrize("topic", [topic for topic in SUBSCRIBED if fields_of(topic)])
def test_equal_bodies_are_told_apart(topic: str) -> None:
    """Shopify drops a delivery whose body equals one of a moment ago."""
    changing = {"updated_at"} if topic not in {"refunds/create", "order_transactions/create"} else {"id"}
    assert changing <= set(fields_of(topic))


def test_the_end_of_the_app_is_understood_without_the_owners_address() -> None:
    [body] = [body for path in PAYLOADS.glob("*app_uninstalled*.json") for _, body in bodies_in(path)]
    short = cut(body, frozenset(fields_of(UNINSTALLED)))
    assert read_privacy(UNINSTALLED, short) == read_privacy(UNINSTALLED, body)
    assert "email" not in short


def test_of_the_orders_to_redact_only_ids_are_looked_for() -> None:
    """What is deleted is found by them: an empty one would be found everywhere."""
    body = {"customer": {"id": 7001}, "orders_to_redact": [5001, "5002", "", None, "x"]}
    assert read_privacy("customers/redact", body).orders == ("5001", "5002")


def test_a_shop_update_is_understood_cut() -> None:
    body = {
        "id": 1,
        "email": "owner@example.com",
        "myshopify_domain": "demo.myshopify.com",
        "iana_timezone": "Europe/London",
        "currency": "GBP",
        "updated_at": "2026-11-20T10:00:00Z",
    }
    short = cut(body, frozenset(fields_of("shop/update")))
    assert reading("shop/update", short) == reading("shop/update", body)
    assert "email" not in short
