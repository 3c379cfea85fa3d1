"""What the table holds of persons for a while, and whom it must not hold again."""

from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.privacy import Forgotten, HeldContacts
from nextorder.domain.messages import Contact
from tests.fakes.clock import NOW, StillClock
from tests.local_stack.bare import TABLE

AT = datetime.fromtimestamp(NOW, UTC)
ANNA = Contact(customer="1", email="anna@example.com", phone="+46701234567")


def test_a_contact_is_handed_out_for_a_day(dynamodb: Any, shop: str) -> None:
    clock = StillClock()
    held = HeldContacts(dynamodb, TABLE, clock=clock)
    held.hold(shop, ANNA, AT)

    assert held.find(shop, ["1", "2"]) == {"1": ANNA}
    clock.sleep(86_400)
    assert held.find(shop, ["1", "2"]) == {}


def test_a_contact_that_was_let_go_is_gone(dynamodb: Any, shop: str) -> None:
    held = HeldContacts(dynamodb, TABLE, clock=StillClock())
    held.hold(shop, ANNA, AT)
    held.drop(shop, ["1", "2"])

    assert held.find(shop, ["1"]) == {}


def test_no_contact_is_held_that_no_destination_needs(dynamodb: Any, shop: str) -> None:
    held = HeldContacts(dynamodb, TABLE, clock=StillClock(), wanted=lambda _: False)
    held.hold(shop, ANNA, AT)

    assert held.find(shop, ["1"]) == {}


def test_a_redacted_customer_is_known_without_the_id(dynamodb: Any, shop: str) -> None:
    forgotten = Forgotten(dynamodb, TABLE, secret=lambda: b"pepper")
    forgotten.mark(shop, "7001", AT)

    assert forgotten.contains(shop, "7001")
    assert not forgotten.contains(shop, "7002")
    assert not Forgotten(dynamodb, TABLE, secret=lambda: b"another").contains(shop, "7001")
