"""What fails is logged with its shop, and without a word of anybody."""

import json
from io import StringIO
from traceback import format_exception
from uuid import uuid4

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from nextorder.adapters.batch import FAILED, REFUSED, Failures, SomeFailed, failing, log_refusal
from nextorder.adapters.queues import shop_of
from nextorder.domain.errors import NeedsHuman

SHOP = "demo.myshopify.com"


class Log:
    """A logger of its own, and what it said."""

    def __init__(self) -> None:
        self._written = StringIO()
        # a logger lives as long as the process, with the stream it had first: a name is used once
        self.logger = Logger(service=f"tests-{uuid4()}", stream=self._written)

    def said(self) -> dict[str, str]:
        [line] = self._written.getvalue().splitlines()
        said: dict[str, str] = json.loads(line)
        return said


@pytest.fixture
def log() -> Log:
    return Log()


def test_a_failure_is_logged_with_its_shop_and_without_its_words(log: Log) -> None:
    failures = Failures(log.logger)

    with failures.guard("1", shop=SHOP):
        raise ValueError("anna@example.com")

    said = log.said()
    assert (said["message"], said["shop"], said["error"]) == (FAILED, SHOP, "ValueError")
    assert "anna" not in json.dumps(said)
    assert failures.response() == {"batchItemFailures": [{"itemIdentifier": "1"}]}


def test_an_invocation_of_one_shop_fails_and_says_whose_it_was(log: Log) -> None:
    """Lambda logs the words of whatever leaves a handler, too."""
    with pytest.raises(SomeFailed, match="ValueError in test_an") as caught, failing(log.logger, SHOP):
        raise ValueError("anna@example.com")

    said = log.said()
    assert (said["message"], said["shop"]) == (FAILED, SHOP)
    assert "anna" not in json.dumps(said) + "".join(format_exception(caught.value))


def test_an_error_of_ours_leaves_in_its_own_words(log: Log) -> None:
    with pytest.raises(NeedsHuman, match="401"), failing(log.logger, SHOP):
        raise NeedsHuman("401")

    assert log.said()["shop"] == SHOP


def test_what_aws_refused_is_named_by_its_code_and_without_its_words(log: Log) -> None:
    refused = ClientError({"Error": {"Code": "AccessDenied", "Message": "of anna@example.com"}}, "PutItem")

    with (
        pytest.raises(SomeFailed, match=r"^ClientError AccessDenied of PutItem in "),
        failing(log.logger, SHOP),
    ):
        raise refused

    said = log.said()
    assert said["error"] == "ClientError AccessDenied of PutItem"
    assert "anna" not in json.dumps(said)


def test_a_run_over_shops_fails_at_its_end_if_any_did(log: Log) -> None:
    failures = Failures(log.logger)
    failures.end()
    with failures.guard(SHOP, shop=SHOP):
        raise KeyError(SHOP)

    with pytest.raises(SomeFailed, match="1 failed: KeyError"):
        failures.end()
    assert log.said()["shop"] == SHOP


def test_a_shop_that_cannot_be_read_keeps_nothing_from_the_others(log: Log) -> None:
    failures = Failures(log.logger)
    held = {"tea": "Tea", SHOP: "{"}

    def read(shop: str) -> str | None:
        if held.get(shop) == "{":
            raise ValueError("anna@example.com")
        return held.get(shop)

    assert list(failures.each(read, ["gone", SHOP, "tea"])) == [None, None, "Tea"]
    assert log.said()["shop"] == SHOP
    with pytest.raises(SomeFailed):
        failures.end()


def test_a_refused_key_is_logged_with_its_shop(log: Log) -> None:
    log_refusal(log.logger, NeedsHuman("401"), SHOP, "klaviyo")

    said = log.said()
    assert (said["message"], said["shop"], said["destination"]) == (REFUSED, SHOP, "klaviyo")


def test_the_shop_of_a_message_is_named_as_far_as_it_can_be_told() -> None:
    topic, shop = {"stringValue": "orders/create"}, {"stringValue": SHOP}
    metadata = {"X-Shopify-Topic": "orders/create", "X-Shopify-Shop-Domain": SHOP}
    event = json.dumps({"detail": {"metadata": metadata, "payload": {}}})

    assert shop_of({"body": "{}", "messageAttributes": {"topic": topic, "shop": shop}}) == SHOP
    assert shop_of({"body": event}) == SHOP
    assert shop_of({"body": "of nobody"}) == "-"
    assert shop_of({}) == "-"
