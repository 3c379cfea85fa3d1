"""The connected shops' keys: read seldom, again on demand, and never without the pepper."""

import json
from typing import Any

import pytest

from nextorder.adapters.connections import Connections
from nextorder.domain.errors import BadSettings
from tests.fakes.clock import StillClock

SHOP = "demo.myshopify.com"


class Secret:
    """Secrets Manager with one secret."""

    def __init__(self, **document: Any) -> None:
        self.document = document
        self.reads = 0

    def get_secret_value(self, SecretId: str) -> dict[str, str]:  # noqa: N803, ARG002 - AWS's own words
        self.reads += 1
        return {"SecretString": json.dumps(self.document)}


def of(secret: Secret, clock: StillClock) -> Connections:
    return Connections(secret, "arn", clock=clock)  # type: ignore[arg-type]


def test_keys_are_read_again_after_a_quarter_of_an_hour_or_on_demand_once_a_minute() -> None:
    secret, clock = Secret(shops={}, pepper="p"), StillClock()
    connections = of(secret, clock)
    assert connections.of(SHOP) is None
    secret.document["shops"] = {SHOP: {"klaviyo_api_key": "pk_demo"}}

    assert connections.of(SHOP) is None
    assert not connections.refresh()
    clock.sleep(60)
    assert connections.refresh()
    assert connections.of(SHOP)
    clock.sleep(901)
    assert connections.of(SHOP)
    assert secret.reads == 3


def test_what_a_newer_release_keeps_beside_a_key_is_passed_over() -> None:
    secret = Secret(shops={SHOP: {"klaviyo_api_key": "pk_demo", "account_region": "eu"}}, pepper="p")

    held = of(secret, StillClock()).of(SHOP)

    assert held
    assert held.klaviyo_api_key == "pk_demo"


@pytest.mark.parametrize("document", [{"shops": {}}, {"shops": {}, "pepper": ""}])
def test_without_a_pepper_nothing_is_hashed(document: dict[str, Any]) -> None:
    with pytest.raises(BadSettings, match="pepper"):
        of(Secret(**document), StillClock()).pepper()


def test_no_key_is_printed() -> None:
    secret = Secret(shops={SHOP: {"client_secrets": ["hush"], "klaviyo_api_key": "hush"}}, pepper="hush")

    assert "hush" not in repr(of(secret, StillClock()).all())
