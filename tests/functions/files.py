"""The files of events/, and the customer they are about."""

import json
from pathlib import Path
from typing import Any

from tests.system.people import Someone
from tests.system.shops import EVENTS

FOLDER = Path(__file__).resolve().parents[2] / "events"
ANNA = Someone(id="7001", email="anna@example.com", phone="+46701234567", name="Anna")


def read(name: str) -> Any:
    """Return one event."""
    return json.loads((FOLDER / f"{name}.json").read_text())


def told_of(event: Any, person: Someone, shop: str = EVENTS) -> Any:
    """Return an event as that of another customer or shop."""
    said = json.dumps(event).replace(EVENTS, shop)
    return json.loads(said.replace(ANNA.id, person.id).replace(ANNA.email, person.email))
