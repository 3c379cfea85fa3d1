"""A fake Rule account: subscribers, tags and fields, and which automations a tag would have started."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

ROUTES = {
    "sender_details": ("GET", r"/api/v2/sender/details"),
    "list_tags": ("GET", r"/api/v2/tags"),
    "get_subscriber": ("GET", r"/api/v2/subscribers/([^/]+)"),
    "create_subscribers": ("POST", r"/api/v[23]/subscribers"),
    "write_fields": ("POST", r"/api/v3/custom-field-data/(\d+)"),
    "delete_fields": ("DELETE", r"/api/v3/custom-field-data/(\d+)/group/([^/]+)"),
    "add_tags": ("PUT", r"/api/v3/subscribers/([^/]+)/tags"),
    "remove_tag": ("DELETE", r"/api/v2/subscribers/([^/]+)/tags/([^/]+)"),
    "delete_subscriber": ("DELETE", r"/api/v3/subscribers/([^/]+)"),
}
IDENTIFIERS = {"id": "id", "email": "email", "phone_number": "phone_number"}
AUTOMATIONS = {None, "send", "force", "reset"}
DONE = Answer(body={"success": True})
NOT_FOUND = Answer(status=404, body={"error": "NotFound"})
V3_MEDIA_TYPE = "application/json;charset=utf-8"


class FakeRule(FakeServer):
    """One account with one key."""

    def __init__(self, *, api_key: str, **listening: Any) -> None:
        super().__init__(**listening)
        self.api_key = api_key
        self.account_id = 77
        self.forget()

    def forget(self) -> None:
        """Empty it."""
        self.subscribers: dict[str, dict[str, Any]] = {}

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {subscribers: [{id, email?, phone_number?, tags?, fields?, unwilling?}]}."""
        for one in document["subscribers"]:
            blank: dict[str, Any] = {"tags": [], "fields": {}, "automations": []}
            self.subscribers[str(one["id"])] = {**blank, **one, "id": str(one["id"])}
        return {"subscribers": len(self.subscribers)}

    def state(self) -> dict[str, Any]:
        """Return subscribers by id."""
        return {"subscribers": self.subscribers}

    def operations(self, request: Request) -> list[str]:
        """Name the route."""
        name, _ = _route(request)
        return [name] if name else []

    def answer(self, request: Request) -> Answer:
        """Do what the route does, after all that must hold for every one."""
        name, parts = _route(request)
        if refusal := self._refusal(request, name):
            return refusal
        if name == "sender_details":
            return Answer(body={"account_id": self.account_id, "name": "Shop", "email": "shop@example.com"})
        if name == "list_tags":
            return Answer(body={"tags": [], "meta": {}})
        if name == "create_subscribers":
            self.seed({"subscribers": [{"id": 10_000 + len(self.subscribers)}]})
            return Answer(body={"message": "Success"})
        subscriber = self._find(request, parts[0])
        if subscriber is None:
            return Answer(status=404, body={"error": "SubscriberNotFound", "message": "No such subscriber."})
        body = json.loads(request.body) if request.body else {}
        return self._do(name, subscriber, parts, body)

    def _refusal(self, request: Request, name: str) -> Answer | None:
        if request.headers.get("authorization") != f"Bearer {self.api_key}":
            return Answer(status=401, body={"error": "NotAuthorized"})
        if not name:
            return NOT_FOUND
        if "/v3/" in request.path and request.headers.get("content-type") != V3_MEDIA_TYPE:
            return Answer(status=415, body={"error": "UnsupportedMediaType"})
        return None

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return the status."""
        headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
        return Answer(
            status=429 if fault.throttled else fault.status or 500, body={"error": "no"}, headers=headers
        )

    def _do(self, name: str, subscriber: dict[str, Any], parts: list[str], body: Any) -> Answer:
        match name:
            case "get_subscriber":
                return _shown(subscriber)
            case "write_fields":
                return _write_fields(subscriber, body)
            case "add_tags":
                return _add_tags(subscriber, body)
            case "delete_fields":
                return _delete_fields(subscriber, parts[1])
            case "remove_tag":
                return _remove_tag(subscriber, parts[1])
        del self.subscribers[subscriber["id"]]
        return DONE

    def _find(self, request: Request, value: str) -> dict[str, Any] | None:
        if "custom-field-data" in request.path:
            return self.subscribers.get(value)
        key = IDENTIFIERS[request.arguments.get("identified_by", "email")]
        found = [one for one in self.subscribers.values() if str(one.get(key, "")) == value]
        return found[0] if found else None


def _route(request: Request) -> tuple[str, list[str]]:
    for name, (method, pattern) in ROUTES.items():
        if request.method == method and (match := re.fullmatch(pattern, request.path)):
            return name, [unquote(part) for part in match.groups()]
    return "", []


def _shown(subscriber: dict[str, Any]) -> Answer:
    tags = [{"id": number, "name": tag} for number, tag in enumerate(subscriber["tags"])]
    known = {key: subscriber.get(key) for key in ("email", "phone_number")}
    return Answer(body={"subscriber": {"id": int(subscriber["id"]), **known, "tags": tags}})


def _delete_fields(subscriber: dict[str, Any], group: str) -> Answer:
    kept = {key: value for key, value in subscriber["fields"].items() if not key.startswith(f"{group}.")}
    found = len(kept) < len(subscriber["fields"])
    subscriber["fields"] = kept
    return DONE if found else NOT_FOUND


def _remove_tag(subscriber: dict[str, Any], tag: str) -> Answer:
    if tag not in subscriber["tags"]:
        return NOT_FOUND
    subscriber["tags"].remove(tag)
    return DONE


def _write_fields(subscriber: dict[str, Any], body: Any) -> Answer:
    if subscriber.get("unwilling"):
        return Answer(status=422, body={"errors": {"value": ["is invalid"]}})
    for group in body["groups"]:
        for one in group["values"]:
            if not isinstance(one["value"], str):
                return Answer(status=422, body={"errors": {"value": ["must be text"]}})
            key = f"{group['group']}.{one['field']}"
            if key in subscriber["fields"] or one.get("create_if_not_exists"):
                subscriber["fields"][key] = one["value"]
    return Answer(status=201, body={"success": True})


def _add_tags(subscriber: dict[str, Any], body: Any) -> Answer:
    automation = body.get("automation")
    if automation not in AUTOMATIONS or not body["tags"]:
        return Answer(status=422, body={"errors": {"automation": "is invalid"}})
    for tag in body["tags"]:
        ran = tag in subscriber["automations"] and tag in subscriber["tags"]
        if tag not in subscriber["tags"]:
            subscriber["tags"].append(tag)
        if automation in {"force", "reset"} or (automation and not ran):
            subscriber["automations"].append(tag)
    return DONE
