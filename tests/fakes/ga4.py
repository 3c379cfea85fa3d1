"""A fake of GA4's Measurement Protocol: yes to everything, what is well is kept, validation on demand."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

MOST_BYTES = 130_000
MOST_EVENTS = 25
MOST_PROPERTIES = 25
NAME = re.compile(r"[A-Za-z]\w{0,23}")
RESERVED = re.compile(
    r"(google_|ga_|firebase_).*|first_open_time|first_visit_time|user_id|last_deep_link_referrer"
)
MOST_VALUE = 36


class FakeGa4(FakeServer):
    """One web stream."""

    def __init__(self, *, api_secret: str, measurement_id: str = "G-DEMO1", **listening: Any) -> None:
        super().__init__(**listening)
        self.arguments = {"measurement_id": measurement_id, "api_secret": api_secret}
        self.forget()

    def forget(self) -> None:
        """Empty it."""
        self.users: dict[str, dict[str, Any]] = {}
        self.clients: dict[str, str] = {}
        self.dropped = 0

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {users: {id: properties}}."""
        self.users |= {id_: dict(properties) for id_, properties in document["users"].items()}
        return {"users": len(document["users"])}

    def state(self) -> dict[str, Any]:
        """Return properties by user id."""
        return {"users": self.users, "dropped": self.dropped}

    def operations(self, request: Request) -> list[str]:
        """Name the endpoint."""
        return ["validate" if "debug" in request.path else "collect"]

    def answer(self, request: Request) -> Answer:
        """Say yes."""
        body = json.loads(request.body)
        found = [*_flaws(body), *_large(request)]
        if request.path == "/debug/mp/collect":
            return Answer(body={"validationMessages": found})
        if request.path != "/mp/collect":
            return Answer(status=404)
        if found or request.arguments != self.arguments:
            self.dropped += 1
            return Answer(body="")
        user = self.users.setdefault(body.get("user_id") or body["client_id"], {})
        user |= {name: one["value"] for name, one in body.get("user_properties", {}).items()}
        self.clients[body["client_id"]] = body.get("user_id", "")
        return Answer(body="")

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return the status."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
        return Answer(status=429 if fault.throttled else fault.status or 500, body="no", headers=headers)


def _flaws(body: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    if not body.get("client_id"):
        yield _message("client_id", "VALUE_REQUIRED")
    if not body.get("events"):
        yield _message("events", "VALUE_REQUIRED")
    if len(body.get("events", ())) > MOST_EVENTS:
        yield _message("events", "EXCEEDED_MAX_ENTITIES")
    properties = body.get("user_properties", {})
    if len(properties) > MOST_PROPERTIES:
        yield _message("user_properties", "EXCEEDED_MAX_ENTITIES")
    for name, one in properties.items():
        if not NAME.fullmatch(name):
            yield _message("user_properties", "NAME_INVALID")
        if RESERVED.fullmatch(name):
            yield _message("user_properties", "NAME_RESERVED")
        if len(str(one.get("value"))) > MOST_VALUE:
            yield _message("user_properties", "VALUE_OUT_OF_BOUNDS")


def _large(request: Request) -> Iterator[dict[str, str]]:
    if len(request.body) > MOST_BYTES:
        yield _message("body", "VALUE_OUT_OF_BOUNDS")


def _message(path: str, code: str) -> dict[str, str]:
    return {"fieldPath": path, "description": "in words", "validationCode": code}
