"""Sessions that were recorded on live stores end in the fake one as they did there."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import Client
from tests.fakes.shopify.server import DEFAULT_SCOPES

CONTRACT = Path(__file__).parents[1] / "contracts" / "shopify"
SESSIONS = json.loads((CONTRACT / "recorded_sessions.json").read_text(encoding="utf-8"))["sessions"]
GID = re.compile(r"gid://shopify/\w+/\d+")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


class Names:
    """Which id of the fake stands for which recorded one: found where a reply first shows it."""

    def __init__(self) -> None:
        self.ours: dict[str, str] = {}

    def learn(self, recorded: Any, got: Any) -> None:
        for theirs, ours in zip(
            GID.findall(json.dumps(recorded)), GID.findall(json.dumps(got)), strict=False
        ):
            self.ours.setdefault(theirs, ours)

    def translate(self, recorded: Any) -> Any:
        text = GID.sub(lambda found: self.ours.get(found[0], found[0]), json.dumps(recorded))
        return json.loads(text)


def timeless(reply: Any) -> Any:
    return json.loads(MOMENT.sub("a moment", json.dumps(reply)))


@pytest.mark.parametrize("session", SESSIONS, ids=lambda session: session["name"])
def test_a_recorded_session_ends_as_it_did_on_the_live_store(session: dict[str, Any]) -> None:
    scopes = DEFAULT_SCOPES | {"write_products", "write_orders"}
    names = Names()
    with FakeShopify(scopes=scopes) as fake, Client(fake) as client:
        fake.store.app_number = session.get("app_number", "")
        client.door("seed", session.get("seed", {}))
        for exchange in session["exchanges"]:
            reply = client.send(exchange["query"], names.translate(exchange["variables"])).json()
            got = {key: reply[key] for key in ("data", "errors") if key in reply}
            for error in got.get("errors", ()):
                error.pop("locations")  # the document is laid out anew
            names.learn(exchange["reply"], got)
            assert timeless(got) == timeless(names.translate(exchange["reply"]))
