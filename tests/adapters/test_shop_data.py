"""The secret of all shops' keys is changed by whole documents: who writes at once loses nobody's keys."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from nextorder.adapters.shop_data import write_connection, write_destination

TEA, COFFEE = "tea.myshopify.com", "coffee.myshopify.com"
HELD: Mapping[str, Any] = {
    "pepper": "p",
    "shops": {TEA: {"client_id": "tea", "destinations": {"ga4": {"id": "G"}}}},
}


class Secrets:
    """Secrets Manager's versions of one secret; other processes write before a put, or after it."""

    def __init__(self) -> None:
        self.versions = [json.dumps(HELD)]
        self.meanwhile: list[Callable[[], None]] = []
        self.afterwards: list[Callable[[], None]] = []
        self.is_late = False
        """Whether what is read lags behind by a write."""

    @property
    def now(self) -> Any:
        return json.loads(self.versions[-1])

    def get_secret_value(self, SecretId: str, VersionStage: str = "AWSCURRENT") -> dict[str, Any]:  # noqa: N803, ARG002 - AWS's
        is_previous = VersionStage == "AWSPREVIOUS"
        at = len(self.versions) - 1 - is_previous - (self.is_late and is_previous)
        if at < 0:
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "GetSecretValue")
        made_at = datetime(2026, 11, 22, tzinfo=UTC) + timedelta(seconds=at)
        return {"SecretString": self.versions[at], "VersionId": f"v{at}", "CreatedDate": made_at}

    def put_secret_value(self, SecretId: str, SecretString: str) -> dict[str, str]:  # noqa: N803, ARG002 - AWS's
        if self.meanwhile:
            self.meanwhile.pop()()
        self.versions.append(SecretString)
        written = f"v{len(self.versions) - 1}"
        if self.afterwards:
            self.afterwards.pop()()
        return {"VersionId": written}


Write = Callable[[Secrets], None]


def connect(secrets: Secrets) -> None:
    write_connection(secrets, "arn", COFFEE, {"client_id": "coffee"})  # type: ignore[arg-type]


def disconnect(secrets: Secrets) -> None:
    write_connection(secrets, "arn", TEA, None)  # type: ignore[arg-type]


def add_a_key(secrets: Secrets) -> None:
    write_connection(secrets, "arn", TEA, {"klaviyo_api_key": "pk"})  # type: ignore[arg-type]


def add_segment(secrets: Secrets) -> None:
    write_destination(secrets, "arn", TEA, "segment", {"write_key": "w"})  # type: ignore[arg-type]


def add_webhook(secrets: Secrets) -> None:
    write_destination(secrets, "arn", TEA, "webhook", {"url": "https://x.example.com"})  # type: ignore[arg-type]


def after(*writes: Write) -> Any:
    secrets = Secrets()
    for write in writes:
        write(secrets)
    return secrets.now


def test_each_write_leaves_all_else_as_it_is() -> None:
    held = after(connect, add_a_key, add_segment)
    assert held["pepper"] == "p"
    assert held["shops"] == {
        COFFEE: {"client_id": "coffee"},
        TEA: {
            "client_id": "tea",
            "klaviyo_api_key": "pk",
            "destinations": {"ga4": {"id": "G"}, "segment": {"write_key": "w"}},
        },
    }
    assert after(disconnect)["shops"] == {}


@pytest.mark.parametrize("one", [connect, add_segment, disconnect])
@pytest.mark.parametrize("other", [connect, add_webhook, add_a_key])
def test_two_that_write_at_once_lose_nothing_of_each_other(one: Write, other: Write) -> None:
    secrets = Secrets()
    secrets.meanwhile.append(lambda: other(secrets))

    one(secrets)

    assert secrets.now == after(other, one)


@pytest.mark.parametrize("one", [connect, add_segment, disconnect])
def test_who_writes_just_after_us_is_not_written_over(one: Write) -> None:
    secrets = Secrets()
    secrets.afterwards.append(lambda: add_a_key(secrets))

    one(secrets)

    assert secrets.now == after(one, add_a_key)


@pytest.mark.parametrize("before", [[], [connect], [add_segment, connect]])
def test_a_read_that_is_late_takes_nothing_back(before: list[Write]) -> None:
    """Secrets Manager's reads may be: what it then calls replaced was replaced long ago."""
    secrets = Secrets()
    for write in before:
        write(secrets)
    secrets.is_late = True

    add_a_key(secrets)

    assert secrets.now == after(*before, add_a_key)


def test_three_that_write_one_after_the_other_lose_nothing_either() -> None:
    secrets = Secrets()
    secrets.meanwhile = [lambda: add_webhook(secrets), lambda: add_segment(secrets)]

    connect(secrets)

    assert secrets.now == after(add_segment, add_webhook, connect)
