"""Failures are named by what may be done about them, and the revision is pinned."""

from typing import Any

import pytest

from nextorder.adapters.klaviyo.client import KLAVIYO_REVISION, Forbidden, KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, first_change, profile
from tests.fakes.klaviyo import FakeKlaviyo


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 7}, RetryLater),
        ({"status": 503}, RetryLater),
        ({"status": 500}, OutcomeUnknown),
        ({"timeout_after": True}, OutcomeUnknown),
        ({"drop_connection": "half"}, OutcomeUnknown),
        ({"status": 401}, NeedsHuman),
        ({"status": 403}, Forbidden),
        ({"status": 410}, NeedsHuman),
        ({"status": 400}, Refused),
        ({"status": 409}, Refused),
    ],
)
def test_trouble_is_named_by_what_may_be_done(
    fault: dict[str, Any], error: type[Exception], destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    step = first_change(destination)
    klaviyo.faults.add({"match": "update_profile", **fault})

    with pytest.raises((RetryLater, NeedsHuman, Refused)) as caught:
        destination.deliver(SHOP, step)
    assert type(caught.value) is error
    assert "example.com" not in str(caught.value)
    destination.deliver(SHOP, step)
    assert len(klaviyo.state()["events"]) == 1


def test_a_lookup_that_times_out_changed_nothing(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "get_profiles", "timeout_after": True})

    with pytest.raises(RetryLater) as caught:
        destination.deliver(SHOP, first_change(destination))
    assert type(caught.value) is RetryLater


def test_a_busy_event_endpoint_leaves_the_outcome_half_known(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "create_event", "status": 429, "retry_after": 9})

    with pytest.raises(OutcomeUnknown) as caught:
        destination.deliver(SHOP, first_change(destination))
    assert (caught.value.seconds, caught.value.remote_id) == (9, "01ANNA")
    assert profile(klaviyo)["properties"]["nextorder_stage"] == "closing"


def test_the_revision_is_pinned_and_never_falls_forward(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_profiles(client, SHOP.id, [ANNA])
    assert klaviyo.account.counters["revision_fallen_forward"] == 0
    assert KLAVIYO_REVISION == "2026-10-15"

    monkeypatch.setattr("nextorder.adapters.klaviyo.client.KLAVIYO_REVISION", "2020-01-01")
    with pytest.raises(NeedsHuman):
        find_profiles(client, SHOP.id, [ANNA])
