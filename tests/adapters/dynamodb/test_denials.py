"""Which destinations deny us access, in the table and in memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.ports import Denials
from tests.fakes.denials import InMemoryDenials
from tests.local_stack.bare import TABLE

AT = datetime(2026, 11, 22, 3, 15, 0, 5, tzinfo=UTC)
LATER = AT + timedelta(microseconds=1)


@pytest.fixture(params=["table", "memory"])
def denials(request: pytest.FixtureRequest) -> Denials:
    if request.param == "memory":
        return InMemoryDenials()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoDenials(client, TABLE)


def test_a_note_stands_until_it_is_lifted(denials: Denials, shop: str) -> None:
    denials.note(shop, "shopify", AT)
    denials.note(shop, "klaviyo", LATER)
    denials.note(f"{shop}.example.com", "shopify", LATER)
    assert denials.standing(shop) == {"shopify": AT, "klaviyo": LATER}

    denials.lift(shop, "shopify", last=AT)
    denials.lift(shop, "shopify", last=AT)
    assert denials.standing(shop) == {"klaviyo": LATER}


def test_a_denial_that_came_since_is_not_lifted_with_an_older_one(denials: Denials, shop: str) -> None:
    denials.note(shop, "shopify", AT)
    denials.note(shop, "shopify", LATER)
    denials.lift(shop, "shopify", last=AT)

    assert denials.standing(shop) == {"shopify": LATER}
