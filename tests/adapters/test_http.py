"""Answers and failures of HTTP, named by what the caller may do."""

import pytest
import requests
from requests import Response

from nextorder.adapters.http import Http, may_have_arrived, retry_after_seconds
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import AccessDenied, OutcomeUnknown, RetryLater
from tests.fakes.clock import StillClock
from tests.fakes.shopify.client import Client


def an_answer(**headers: str) -> Response:
    response = Response()
    response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return response


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry_After": "7"}, 7.0),
        ({"Retry_After": "2.0"}, 2.0),
        ({"Retry_After": "Sat, 21 Nov 2026 10:00:30 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 30.0),
        ({"Retry_After": "Sat, 21 Nov 2026 09:00:00 GMT", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}, 0.0),
        ({"Retry_After": "Sat, 21 Nov 2026 10:00:30 GMT"}, None),
        ({"Retry_After": "soon", "Date": "Sat, 21 Nov 2026 10:00:00 GMT"}, None),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_both_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after_seconds(an_answer(**headers)) == seconds


@pytest.mark.parametrize(
    ("failure", "arrived"),
    [
        (requests.ConnectTimeout(), False),
        (requests.ReadTimeout(), True),
        (requests.exceptions.ChunkedEncodingError(), True),
        (requests.ConnectionError(), True),
    ],
)
def test_only_a_connection_that_never_stood_carried_nothing(
    failure: requests.RequestException, *, arrived: bool
) -> None:
    assert may_have_arrived(failure) is arrived


def test_patience_waits_longer_each_time_when_no_wait_is_named() -> None:
    naps: list[float] = []

    def busy() -> None:
        raise RetryLater("busy")

    with pytest.raises(RetryLater):
        Patience(naps.append, seconds=10).ask(busy)
    assert naps == [1.0, 2.0, 4.0]


def test_what_may_have_happened_stays_so_though_the_next_try_is_denied() -> None:
    tries = iter([OutcomeUnknown("timeout"), AccessDenied("a scope is missing")])

    def write() -> None:
        raise next(tries)

    with pytest.raises(OutcomeUnknown, match="timeout"):
        Patience(lambda _: None, seconds=10).ask(write)


def test_a_worker_keeps_to_its_share_of_what_may_be_asked(clock: StillClock, shopify: Client) -> None:
    http = Http("shopify", gap_seconds=0.25, clock=clock, sleep=clock.sleep)

    for _ in range(3):
        http.send("GET", f"{shopify.fake.url}/")
    clock.now += 10
    http.send("GET", f"{shopify.fake.url}/")

    assert clock.naps == [0.25, 0.25]
