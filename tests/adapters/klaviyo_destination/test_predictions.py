"""Klaviyo's own predictions are read by id, a hundred at a time, and nothing else of a profile."""

from typing import Any

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.predictions import FIELDS, read_predictions
from nextorder.adapters.patience import Patience
from nextorder.domain.keyed import keyed_id
from tests.adapters.destination_cases import SHOP
from tests.fakes.clock import StillClock
from tests.fakes.klaviyo import FakeKlaviyo

SAID = {"churn_probability": 0.42, "predicted_number_of_orders": 1.5, "historic_clv": 93.87}


def seed(klaviyo: FakeKlaviyo, count: int) -> dict[str, str]:
    """Put profiles in; Klaviyo predicts something of every second one."""
    profiles: list[dict[str, Any]] = [
        {
            "id": f"01C{n:04}",
            "email": f"c{n}@example.com",
            "predictive_analytics": SAID | {"total_clv": n} if n % 2 else {},
        }
        for n in range(count)
    ]
    klaviyo.seed({"profiles": profiles})
    return {str(n): f"01C{n:04}" for n in range(count)}


def test_who_is_predicted_anything_of_is_told_by_customer(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    people = seed(klaviyo, 250) | {"gone": "01GONE"}
    said = dict(read_predictions(client, SHOP.id, people, Patience(clock.sleep, seconds=600)))

    assert set(said) == {str(n) for n in range(1, 250, 2)}
    assert said["7"] == dict.fromkeys(FIELDS) | SAID | {"total_clv": 7}
    assert klaviyo.counts["get_profiles"] == 3


def test_no_address_is_asked_for(client: KlaviyoClient, klaviyo: FakeKlaviyo, clock: StillClock) -> None:
    list(read_predictions(client, SHOP.id, seed(klaviyo, 4), Patience(clock.sleep, seconds=600)))

    [request] = klaviyo.requests
    assert "fields%5Bprofile%5D=created" in request["query"]
    assert "email" not in request["query"]


def test_the_slower_limit_of_predictions_is_waited_for(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, clock: StillClock
) -> None:
    people = seed(klaviyo, 1_500)
    said = dict(read_predictions(client, SHOP.id, people, Patience(clock.sleep, seconds=600)))

    assert len(said) == 750
    assert sum(clock.naps) >= 1


def test_a_keyed_id_is_the_same_each_time_and_says_nothing_without_the_secret() -> None:
    own = keyed_id(b"pepper", SHOP.id, "7")

    assert own == keyed_id(b"pepper", SHOP.id, "7")
    assert len({own, keyed_id(b"salt", SHOP.id, "7"), keyed_id(b"pepper", "x", "7")}) == 3
    assert "7" * 3 not in own
