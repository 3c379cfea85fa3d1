"""HubSpot's CRM API, version 2026-03, as far as Nextorder uses it: contacts and their properties."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

Json = dict[str, Any]
MOST_INPUTS = 100
CONTACTS = "/crm/objects/2026-03/contacts"
PROPERTIES = "/crm/properties/2026-03/contacts"
ROUTES = {
    ("GET", "/account-info/2026-03/details"): "account_details",
    ("GET", CONTACTS): "list_contacts",
    ("POST", f"{CONTACTS}/batch/read"): "read_contacts",
    ("POST", f"{CONTACTS}/batch/update"): "update_contacts",
    ("POST", f"{CONTACTS}/gdpr-delete"): "purge_contact",
    ("GET", PROPERTIES): "list_properties",
    ("POST", f"{PROPERTIES}/batch/create"): "create_properties",
    ("GET", f"{PROPERTIES}/groups"): "list_groups",
    ("POST", f"{PROPERTIES}/groups"): "create_group",
}
FIELD_TYPES = {"string": "text", "number": "number", "date": "date", "bool": "booleancheckbox"}
CATEGORIES = {401: "INVALID_AUTHENTICATION", 403: "MISSING_SCOPES", 404: "OBJECT_NOT_FOUND", 409: "CONFLICT"}


def problem(status: int, category: str = "", **more: Any) -> Answer:
    """Return an error as HubSpot writes it."""
    named = category or CATEGORIES.get(status, "VALIDATION_ERROR" if status < 500 else "INTERNAL_ERROR")
    body = {
        "status": "error",
        "message": "anna@example.com is why",
        "correlationId": "c-1",
        "category": named,
    }
    return Answer(status=status, body=body | more)


class FakeHubSpot(FakeServer):
    """One account, whose contacts are known by the e-mails they had before they were merged, too."""

    def __init__(self, *, token: str, most_properties: int = 1_000, **listening: Any) -> None:
        super().__init__(**listening)
        self.token = token
        self.portal = 4711
        self.most_properties = most_properties
        self.forget()

    def forget(self) -> None:
        """Empty the account."""
        self.contacts: dict[str, Json] = {}
        self.merged: dict[str, str] = {}
        """Ids that are no more -> those of the contact that is kept."""
        self.properties: dict[str, Json] = {}
        self.groups = {"contactinformation"}
        self.blocked: list[str] = []
        """Addresses that can never be used again."""
        self.unwilling: set[str] = set()
        """Ids of contacts whose row spoils its batch."""

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {contacts: [{email, ...}]}, as if long there."""
        for one in document["contacts"]:
            self.contacts[str(len(self.contacts) + 101)] = dict(one)
        return {"contacts": len(document["contacts"])}

    def state(self) -> Json:
        """Return contacts by their first e-mail."""
        return {one["email"]: {k: v for k, v in one.items() if v != ""} for one in self.contacts.values()}

    def operations(self, request: Request) -> list[str]:
        """Name the operation."""
        name = ROUTES.get((request.method, request.path))
        return [name] if name else []

    def answer(self, request: Request) -> Answer:
        """Do what the operation does."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return problem(401)
        doors: Mapping[str, Callable[[Json], Answer]] = {
            "account_details": lambda _: Answer(body={"portalId": self.portal, "accountType": "STANDARD"}),
            "list_contacts": lambda _: Answer(body={"results": []}),
            "read_contacts": self._read,
            "update_contacts": self._update,
            "purge_contact": self._purge,
            "list_properties": lambda _: Answer(body={"results": list(self.properties.values())}),
            "create_properties": self._define,
            "list_groups": lambda _: Answer(
                body={"results": [{"name": name} for name in sorted(self.groups)]}
            ),
            "create_group": self._group,
        }
        name = ROUTES.get((request.method, request.path), "")
        body = json.loads(request.body) if request.body else {}
        return doors[name](body) if name in doors else problem(404, "NO_SUCH_RESOURCE")

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return HubSpot's own words, with Retry-After where it is to be told."""
        status = 429 if fault.throttled else fault.status or 500
        headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
        answer = problem(status, "RATE_LIMITS" if status == 429 else "")
        return Answer(status=status, body=answer.body, headers=headers)

    # Contacts

    def _read(self, body: Json) -> Answer:
        if body["idProperty"] != "email" or "propertiesWithHistory" not in body:
            return problem(400)
        if (answer := _checked(body["inputs"])) is not None:
            return answer
        found = {one["id"]: self._by_email(one["id"]) for one in body["inputs"]}
        wanted = {id_ for id_ in found.values() if id_}
        rows = [{"id": id_, "properties": self._shown(id_, body["properties"])} for id_ in sorted(wanted)]
        return _several(rows, [asked for asked, id_ in found.items() if id_ is None])

    def _update(self, body: Json) -> Answer:
        inputs = body["inputs"]
        if (answer := _checked(inputs)) is not None:
            return answer
        if any("idProperty" in one for one in inputs):
            return problem(400, message="Unable to perform update/upsert by non-unique 0-1 property")
        if unknown := {name for one in inputs for name in one["properties"]} - self.properties.keys():
            errors = [{"code": "PROPERTY_DOESNT_EXIST", "context": {"propertyName": sorted(unknown)}}]
            return problem(400, errors=errors)
        if any(one["id"] in self.unwilling or not self._fits(one["properties"]) for one in inputs):
            return problem(400, errors=[{"code": "INVALID_VALUE"}])
        rows, gone = [], []
        for one in inputs:
            id_ = self.merged.get(one["id"], one["id"])
            if id_ not in self.contacts:
                gone.append(one["id"])
                continue
            self.contacts[id_].update(one["properties"])
            rows.append({"id": id_, "properties": one["properties"]})
        return _several(rows, gone)

    def _purge(self, body: Json) -> Answer:
        if body.get("idProperty") == "email" and self._by_email(body["objectId"]) is None:
            self.blocked.append(body["objectId"])
            return Answer(status=204)
        self.contacts.pop(body["objectId"], None)
        return Answer(status=204)

    def _by_email(self, email: str) -> str | None:
        for id_, one in self.contacts.items():
            addresses = [one["email"], *one.get("hs_additional_emails", "").split(";")]
            if email.lower() in {address.lower() for address in addresses}:
                return id_
        return None

    def _shown(self, id_: str, names: list[str]) -> Json:
        return {name: self.contacts[id_].get(name) for name in names}

    def _fits(self, properties: Mapping[str, Any]) -> bool:
        return all(_is_valid(self.properties[name]["type"], value) for name, value in properties.items())

    # Properties

    def _define(self, body: Json) -> Answer:
        if len(self.properties) + len(body["inputs"]) > self.most_properties:
            return problem(400, "PROPERTY_LIMIT")
        for one in body["inputs"]:
            fits = one["groupName"] in self.groups and FIELD_TYPES.get(one["type"]) == one["fieldType"]
            if (
                not fits
                or one["name"] in self.properties
                or not re.fullmatch(r"[a-z][a-z0-9_]+", one["name"])
            ):
                return problem(400)
            if one["type"] == "bool" and {each["value"] for each in one.get("options", ())} != {
                "true",
                "false",
            }:
                return problem(400)
        self.properties |= {one["name"]: one for one in body["inputs"]}
        return Answer(status=201, body={"status": "COMPLETE", "results": body["inputs"]})

    def _group(self, body: Json) -> Answer:
        if body["name"] in self.groups:
            return problem(409)
        self.groups.add(body["name"])
        return Answer(status=201, body=body)


def _checked(inputs: list[Json]) -> Answer | None:
    ids = [one["id"] for one in inputs]
    return problem(400) if not ids or len(ids) > MOST_INPUTS or len(set(ids)) < len(ids) else None


def _several(rows: list[Json], gone: list[str]) -> Answer:
    body: Json = {"status": "COMPLETE", "results": rows}
    if not gone:
        return Answer(body=body)
    error = {"status": "error", "category": "OBJECT_NOT_FOUND", "message": "gone", "context": {"ids": gone}}
    return Answer(status=207, body=body | {"numErrors": 1, "errors": [error]})


def _is_valid(kind: str, value: object) -> bool:
    if not isinstance(value, str):
        return False
    patterns = {"number": r"-?\d+(\.\d+)?", "date": r"\d{4}-\d\d-\d\d", "bool": "true|false"}
    return value == "" or bool(re.fullmatch(patterns.get(kind, ".*"), value))
