"""The files of events/, and the customer they are about."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, is_published, properties, seed, someone, tags
from tests.system.shops import EVENTS, a_shop

FOLDER = Path(__file__).resolve().parents[2] / "events"
ANNA = Someone(id="7001", email="anna@example.com", phone="+46701234567", name="Anna")
HAPPENED: Final = datetime(2026, 11, 20, 9, 15, 2, tzinfo=UTC)
"""When the last of what the events tell of customers did."""
LATELY: Final = HAPPENED + timedelta(days=(datetime.now(UTC) - HAPPENED).days)
"""The same time of the day, less than a day ago: a function's clock is the real one."""


def read(name: str) -> Any:
    """Return one event; what comes to update_customer has happened lately."""
    text = (FOLDER / f"{name}.json").read_text()
    if name.startswith("update_customer"):
        text = text.replace(f"{HAPPENED:%Y-%m-%d}", f"{LATELY:%Y-%m-%d}")
    return json.loads(text)


def a_shown_customer(cloud: Cloud, shop: str = EVENTS) -> Someone:
    """Return a customer with the order of the events, shown by both platforms, with nothing under way."""
    person = someone(a_shop(shop))
    seed(cloud, person)
    place_order(cloud, person, shop)
    eventually(lambda: is_published(cloud, shop, person))
    assert tags(cloud, person)
    assert properties(cloud, person)
    return person


def place_order(cloud: Cloud, person: Someone, shop: str = EVENTS) -> None:
    """Let a customer place the order of the events."""
    event = told_of(read("update_customer_event_bridge"), person, shop)
    done = cloud.invoke("UpdateCustomer", event)
    assert done.value == {"batchItemFailures": []}, done.log
    assert cloud.customers.state(shop, person.id), done.log


def told_of(event: Any, person: Someone, shop: str = EVENTS) -> Any:
    """Return an event as that of another customer or shop."""
    own = {EVENTS: shop, "5001": order_of(person), ANNA.email: person.email, ANNA.id: person.id}
    # all at once: what is put in, being random, may hold what is looked for next
    said = re.sub("|".join(map(re.escape, own)), lambda found: own[found[0]], json.dumps(event))
    return json.loads(said)


def order_of(person: Someone) -> str:
    """Return the id of the customer's order: that of the events, or one of the customer's own."""
    return "5001" if person is ANNA else f"5{person.id}"
