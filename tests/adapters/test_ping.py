"""Our own test delivery, as it is read at the other end."""

import pytest

from nextorder.adapters.shopify.read import PING, read
from nextorder.domain.errors import BadPayload
from nextorder.domain.messages import Pinged


def test_a_test_delivery_is_understood() -> None:
    [command] = read(PING, {"nextorder_ping": "a1b2"}, triggered_at=None).commands
    assert command == Pinged(ping="a1b2")


@pytest.mark.parametrize("body", [{}, {"nextorder_ping": ""}, {"nextorder_ping": 7}, {"id": 1}])
def test_a_body_of_another_topic_does_not_pass_for_one(body: dict[str, object]) -> None:
    """The signature covers the body alone, not the topic."""
    with pytest.raises(BadPayload, match="nextorder_ping"):
        read(PING, body, triggered_at=None)
