"""The files of events/, and the customer they are about."""

import json
from pathlib import Path
from typing import Any

from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, is_published, properties, seed, someone, tags
from tests.system.shops import EVENTS, a_shop

FOLDER = Path(__file__).resolve().parents[2] / "events"
ANNA = Someone(id="7001", email="anna@example.com", phone="+46701234567", name="Anna")


def read(name: str) -> Any:
    """Return one event."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def a_shown_customer(cloud: Cloud, shop: str = EVENTS) -> Someone:
    """Return a customer with the order of the events, shown by both platforms, with nothing under way."""
    person = someone(a_shop(shop))
    seed(cloud, person)
    cloud.invoke("UpdateCustomer", told_of(read("update_customer_event_bridge"), person, shop))
    eventually(lambda: is_published(cloud, shop, person))
    assert tags(cloud, person)
    assert properties(cloud, person)
    return person


def told_of(event: Any, person: Someone, shop: str = EVENTS) -> Any:
    """Return an event as that of another customer or shop."""
    said = json.dumps(event).replace(EVENTS, shop)
    said = said.replace("5001", order_of(person)).replace(ANNA.email, person.email)
    return json.loads(said.replace(ANNA.id, person.id))


def order_of(person: Someone) -> str:
    """Return the id of the customer's order: that of the events, or one of the customer's own."""
    return "5001" if person is ANNA else f"5{person.id}"
