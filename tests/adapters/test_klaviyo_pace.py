"""Klaviyo's limits are for a whole account: each worker keeps to its share of them."""

from collections.abc import Iterator

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.pace import AT_ONCE_SECONDS, LIMIT, Pace
from nextorder.bootstrap.publish import BULK_SHARE, ONLINE_SHARE
from tests.adapters.destination_cases import SHOP
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo

A_MINUTE = 750
"""Look-ups of profiles, by the contract."""


@pytest.fixture
def fake(clock: StillClock) -> Iterator[FakeKlaviyo]:
    with FakeKlaviyo(clock=clock) as running:
        yield running


def client(fake: FakeKlaviyo, clock: StillClock, share: float) -> KlaviyoClient:
    pace = Pace(share=share, clock=clock, sleep=clock.sleep)
    return KlaviyoClient(lambda _: "pk_demo", base_url=fake.url, http=Http("klaviyo"), pace=pace)


def look_up(worker: KlaviyoClient) -> None:
    worker.call(SHOP.id, "GET", "/api/profiles", params={"page[size]": "1"})


def test_one_queue_and_one_run_together_leave_room_for_others() -> None:
    assert 2 * ONLINE_SHARE + BULK_SHARE <= 1.0


@pytest.mark.parametrize("share", [ONLINE_SHARE, BULK_SHARE])
def test_a_worker_takes_its_share_of_a_minute_and_no_more(
    share: float, fake: FakeKlaviyo, clock: StillClock
) -> None:
    worker = client(fake, clock, share)
    began = clock.now

    for _ in range(150):
        look_up(worker)

    rest = 150 - 2 - share * A_MINUTE * AT_ONCE_SECONDS / 60
    assert clock.now - began == pytest.approx(rest / (share * A_MINUTE / 60), abs=1)


def test_one_customers_change_waits_for_nothing(fake: FakeKlaviyo, clock: StillClock) -> None:
    worker = client(fake, clock, ONLINE_SHARE)

    for _ in range(20):
        look_up(worker)

    assert not clock.naps


def test_what_has_a_limit_of_its_own_does_not_wait_for_another(clock: StillClock) -> None:
    pace = Pace(share=0.25, clock=clock, sleep=clock.sleep)
    kinds = [
        ("a", "GET", "/api/profiles"),
        ("a", "PATCH", "/api/profiles/1"),
        ("a", "POST", "/api/events"),
        ("b", "GET", "/api/profiles"),
    ]
    for kind in kinds:
        pace.learn(*kind, {LIMIT: "15"})
        pace.wait(*kind)

    assert not clock.naps
    pace.wait(*kinds[0])
    assert clock.naps
