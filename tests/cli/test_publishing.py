"""Publishing everyone and taking everything back, by the function that does it."""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shop_data import write_connection, write_destination
from nextorder.bootstrap.update import prior
from nextorder.cli import functions
from nextorder.cli.publishing import Run
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings, NeedsHuman, RetryLater
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.local_stack.bare import TABLE, BareAws


@dataclass
class Lambda:
    """The deployed function, as far as the command sees it."""

    answer: Callable[[dict[str, Any]], dict[str, Any]] = lambda _: {"sent": 3, "later": 0}
    asked: list[dict[str, Any]] = field(default_factory=list)

    def client(self, service: str, **_: object) -> "Lambda":
        assert service == "lambda"
        return self

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - AWS's own words
        assert FunctionName == "publish-bulk"
        self.asked.append(event := json.loads(Payload))
        answer = self.answer(event)
        failed = {"FunctionError": "Unhandled"} if "errorType" in answer else {}
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **failed}


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Lambda:
    function = Lambda()
    monkeypatch.setattr(functions, "boto3", function)
    monkeypatch.setenv("PUBLISH_BULK_FUNCTION", "publish-bulk")
    return function


@pytest.fixture
def shops(aws: BareAws) -> DynamoShops:
    return DynamoShops(aws.client("dynamodb"), TABLE, prior=prior)


@pytest.fixture
def shop(shops: DynamoShops) -> str:
    """A shop that publishes to Shopify alone."""
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", applied=True)
    shops.save(shop)
    return shop.id


@pytest.fixture
def with_klaviyo(shop: str, aws: BareAws) -> str:
    keys = {"klaviyo_api_key": "pk_demo", "access_token": STATIC_TOKEN}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop, keys)
    return shop


def test_a_destination_that_is_not_connected_is_named_and_not_asked(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    said = nextorder("publish", "--shop", shop)

    assert "klaviyo   not connected" in said
    assert "shopify   3 sent" in said
    assert [event["destination"] for event in function.asked] == ["shopify"]


@pytest.mark.parametrize("applied", [True, False])
def test_why_nothing_is_sent_of_a_stopped_shop_is_said(
    nextorder: Nextorder,
    function: Lambda,
    shops: DynamoShops,
    shop: str,
    applied: bool,  # noqa: FBT001 - both cases
) -> None:
    shops.change(shop, applied=applied)

    said = nextorder("publish", "--shop", shop)

    assert ("publishing is off: `nextorder plan`" in said) is not applied
    assert function.asked


def test_both_destinations_are_asked_to_say_all_afresh(
    nextorder: Nextorder, function: Lambda, with_klaviyo: str
) -> None:
    nextorder("publish", "--shop", with_klaviyo, "--repair")

    assert sorted(event["destination"] for event in function.asked) == ["klaviyo", "shopify"]
    assert all(event["again"] and not event["take_back"] for event in function.asked)


def test_further_destinations_are_asked_where_they_are_connected(
    nextorder: Nextorder, function: Lambda, shop: str, aws: BareAws
) -> None:
    client = aws.client("secretsmanager")
    write_destination(client, aws.secret_arn, shop, "webhook", {"url": "https://example.com"})

    said = nextorder("publish", "--shop", shop)

    assert sorted(event["destination"] for event in function.asked) == ["shopify", "webhook"]
    assert "segment" not in said


def test_what_is_named_and_not_connected_is_an_error_before_anything_is_sent(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    with pytest.raises(BadSettings, match="segment is not connected: run `nextorder connect segment`"):
        nextorder("publish", "--shop", shop, "--destination", "shopify", "--destination", "segment")

    assert not function.asked


def test_what_was_refused_is_named_by_its_code_and_what_to_do(
    nextorder: Nextorder, function: Lambda, shop: str, aws: BareAws
) -> None:
    accepted = DynamoAccepted(aws.client("dynamodb"), TABLE)
    for customer, code in (("1", "tag-limit"), ("2", "tag-limit"), ("3", "customer-missing")):
        accepted.save(shop, customer, "shopify", Accepted(version=1, refused=code, refused_version=1))
    function.answer = lambda _: {"sent": 9, "refused": 3}

    said = nextorder("publish", "--repair", "--shop", shop)

    assert "2 refused, tag-limit: the customer has Shopify's 250 tags already" in said
    assert "`nextorder status`" in said
    assert "1 refused, customer-missing: the customer is gone from Shopify" in said
    assert said.status == 0


def test_a_run_in_which_everybody_was_refused_has_failed(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    function.answer = lambda _: {"unchanged": 9, "refused": 3}

    assert nextorder("publish", "--shop", shop).status == 1


def test_one_destination_is_taken_back_and_all_of_them_only_by_leaving(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    nextorder("publish", "--shop", shop, "--destination", "shopify", "--take-back")
    with pytest.raises(BadSettings, match="uninstall"):
        nextorder("publish", "--shop", shop, "--take-back")

    assert [(event["destination"], event["take_back"]) for event in function.asked] == [("shopify", True)]


def test_a_change_of_many_is_agreed_to_beforehand(nextorder: Nextorder, function: Lambda, shop: str) -> None:
    nextorder("publish", "--shop", shop)
    nextorder("publish", "--shop", shop, "--yes")

    assert [event["agreed"] for event in function.asked] == [False, True]


def test_what_one_invocation_does_not_finish_the_next_goes_on_with(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    def answer(event: dict[str, Any]) -> dict[str, Any]:
        following = {"": "500", "500": "900"}.get(event.get("after", ""))
        return {"sent": 3, **({"next": {**event, "after": following}} if following else {})}

    function.answer = answer
    said = nextorder("publish", "--shop", shop, "--repair")

    assert "shopify   9 sent" in said
    assert [event.get("after", "") for event in function.asked] == ["", "500", "900"]
    assert all(event["again"] for event in function.asked)


@pytest.mark.parametrize("error", ["NeedsHuman", "AccessDenied"])
def test_a_refused_key_is_told_after_the_other_destination_has_ended(
    nextorder: Nextorder, function: Lambda, with_klaviyo: str, error: str
) -> None:
    refused = {"errorType": error, "errorMessage": "klaviyo answered 401"}
    function.answer = lambda event: refused if event["destination"] == "klaviyo" else {"sent": 3}

    with pytest.raises(NeedsHuman, match=r"klaviyo answered 401; .* `nextorder publish` once that is mended"):
        nextorder("publish", "--shop", with_klaviyo)
    assert len(function.asked) == 2


def test_a_run_that_waits_for_a_human_says_so(nextorder: Nextorder, function: Lambda, shop: str) -> None:
    function.answer = lambda _: {"waits": "shopify: held, since many would change; agree with --yes"}

    with pytest.raises(NeedsHuman, match="shopify: held, since many would change"):
        nextorder("publish", "--shop", shop)


def test_what_was_sent_before_an_outage_is_said_and_how_it_goes_on(
    nextorder: Nextorder, function: Lambda, shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(event: dict[str, Any]) -> dict[str, Any]:
        if event.get("after"):
            return {"errorType": "RetryLater", "errorMessage": "shopify took nothing of 400 customers"}
        return {"sent": 500, "next": {**event, "after": "500"}}

    function.answer = answer
    with pytest.raises(RetryLater, match=r"took nothing of 400 .* goes out with `nextorder publish` later"):
        nextorder("publish", "--shop", shop)

    assert "shopify   500 sent" in capsys.readouterr().out


def test_whom_nothing_is_sent_of_yet_are_named_with_what_brings_them(
    nextorder: Nextorder, function: Lambda, shop: str
) -> None:
    function.answer = lambda _: {"sent": 9, "later": 3}

    assert "the 3 go out with" in nextorder("publish", "--shop", shop)


def test_an_interrupted_run_says_that_it_goes_on(
    nextorder: Nextorder,
    function: Lambda,
    shop: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ends = Event()
    function.answer = lambda _: {"sent": int(ends.wait(10))}

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "join", interrupt)
    with pytest.raises(KeyboardInterrupt):
        nextorder("publish", "--shop", shop)
    ends.set()

    assert "`nextorder publish` goes on with the rest" in capsys.readouterr().err


def test_leaving_stops_publishing_and_takes_everything_back(
    nextorder: Nextorder, function: Lambda, with_klaviyo: str, shops: DynamoShops
) -> None:
    said = nextorder("uninstall", "--now", "--shop", with_klaviyo, stdin="y\n")

    assert "shopify   taken back from 3 customers" in said
    assert "klaviyo   taken back from 3 customers" in said
    assert all(event["take_back"] for event in function.asked)
    left = shops.get(with_klaviyo)
    assert left
    assert not left.applied


@pytest.mark.parametrize(
    ("flags", "answer"),
    [((), ""), ((), "n\n"), (("--erase",), ""), (("--erase",), "y\n"), (("--erase",), "another.example\n")],
)
def test_leaving_asks_first_and_erasing_for_the_shops_name(
    nextorder: Nextorder,
    function: Lambda,
    with_klaviyo: str,
    shops: DynamoShops,
    flags: tuple[str, ...],
    answer: str,
) -> None:
    said = nextorder("uninstall", "--now", *flags, "--shop", with_klaviyo, stdin=answer)

    assert said.status == 1
    assert "nothing was done" in said
    assert not function.asked
    shop = shops.get(with_klaviyo)
    assert shop
    assert shop.applied


def test_leaving_says_when_it_is_not_done(nextorder: Nextorder, function: Lambda, shop: str) -> None:
    function.answer = lambda _: {"sent": 2, "later": 1}

    with pytest.raises(RetryLater, match="1 customer is still shown"):
        nextorder("uninstall", "--yes", "--now", "--shop", shop)
