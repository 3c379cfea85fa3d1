"""A fake of Segment's HTTP API, or of a RudderStack data plane: what they keep, drop and refuse."""

import json
from base64 import b64encode
from collections.abc import Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

MOST_BYTES = 500_000
MOST_BYTES_OF_ONE = 32_000
MOST_CALLS = 2_500
PATHS = ("/v1/batch", "/v1/identify", "/v1/track")


class FakeSegment(FakeServer):
    """One source. As Segment it says yes to whatever it drops; as RudderStack it says why it does not."""

    def __init__(self, *, write_key: str = "demo", rudder: bool = False, **listening: Any) -> None:
        super().__init__(**listening)
        self.write_key = write_key
        self.rudder = rudder
        self.forget()

    def forget(self) -> None:
        """Empty it."""
        self.users: dict[str, dict[str, Any]] = {}
        self.tracks: list[dict[str, Any]] = []
        self.seen: set[str] = set()
        self.dropped: list[str] = []

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {users: {id: traits}}."""
        self.users |= {id_: dict(traits) for id_, traits in document["users"].items()}
        return {"users": len(document["users"])}

    def state(self) -> dict[str, Any]:
        """Return users by id and all events that were not dropped."""
        return {"users": self.users, "tracks": self.tracks, "dropped": self.dropped}

    def operations(self, request: Request) -> list[str]:
        """Name the calls of a request."""
        try:
            return [str(call.get("type")) for call in _calls(request)]
        except (ValueError, AttributeError):
            return []

    def answer(self, request: Request) -> Answer:
        """Take what is well."""
        if request.path not in PATHS or request.method != "POST":
            return Answer(status=404)
        known = request.headers.get("authorization") == _basic(self.write_key)
        if not known and self.rudder:
            return Answer(status=401, body="Invalid Write Key")
        try:
            calls = _calls(request)
        except ValueError:
            return Answer(status=400, body={"success": False, "message": "malformed JSON"})
        if refusal := self._refusal(request, calls):
            return refusal
        if known and len(calls) <= MOST_CALLS:
            for call in calls:
                self._take(call)
        else:
            self.dropped += ["everything"]
        return Answer(body="OK") if self.rudder else Answer(body={"success": True})

    def _refusal(self, request: Request, calls: list[dict[str, Any]]) -> Answer | None:
        sizes = [len(json.dumps(call, separators=(",", ":"))) for call in calls]
        if len(request.body) > MOST_BYTES or max(sizes, default=0) > MOST_BYTES_OF_ONE:
            return Answer(status=413 if self.rudder else 400)
        if self.rudder and not calls:
            return Answer(status=400, body="Empty batch payload")
        if self.rudder and not all(map(_is_somebody, calls)):
            return Answer(status=400, body="Request neither has anonymousId nor userId")
        return None

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return the status; a 429 of Segment's tells when to come back."""
        if fault.throttled or fault.status == 429:
            wait = str(int(fault.retry_after or 1))
            return Answer(status=429, headers={} if self.rudder else {"Retry-After": wait})
        return Answer(status=fault.status or 500, body="no")

    def _take(self, call: Mapping[str, Any]) -> None:
        if not _is_somebody(call) or (call["type"] == "track" and not call.get("event")):
            self.dropped.append(call["type"])
            return
        if (id_ := call.get("messageId")) in self.seen:
            return
        self.seen.update(filter(None, [id_]))
        user = self.users.setdefault(call.get("userId") or call["anonymousId"], {})
        for name, value in call.get("traits", {}).items():
            user[name] = value
            if value is None:
                del user[name]
        if call["type"] == "track":
            self.tracks.append(dict(call))


def _calls(request: Request) -> list[dict[str, Any]]:
    document = json.loads(request.body)
    if request.path == "/v1/batch":
        return list(document["batch"])
    return [{"type": request.path.removeprefix("/v1/"), **document}]


def _is_somebody(call: Mapping[str, Any]) -> bool:
    return bool(str(call.get("userId") or call.get("anonymousId") or "").strip())


def _basic(key: str) -> str:
    return f"Basic {b64encode(f'{key}:'.encode()).decode()}"
