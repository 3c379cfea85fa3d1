"""ActiveCampaign's API v3 as far as Nextorder uses it: contacts, custom fields, tags."""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

Json = dict[str, Any]
ROUTES = (
    ("GET", "contacts", "list_contacts"),
    ("GET", r"contacts/(\d+)", "get_contact"),
    ("PUT", r"contacts/(\d+)", "update_contact"),
    ("DELETE", r"contacts/(\d+)", "delete_contact"),
    ("GET", r"contacts/(\d+)/contactTags", "get_contact_tags"),
    ("POST", "contactTags", "add_tag"),
    ("DELETE", r"contactTags/(\d+)", "remove_tag"),
    ("GET", "tags", "list_tags"),
    ("POST", "tags", "create_tag"),
    ("GET", "fields", "list_fields"),
    ("POST", "fields", "create_field"),
    ("POST", "fieldRels", "relate_field"),
)
SEARCHED = {"email", "limit", "offset", "search"}
DEFAULT_PAGE = 20


class FakeActiveCampaign(FakeServer):
    """One account; its limit of calls a second counts where a test sets it."""

    def __init__(self, *, token: str, per_second: int | None = None, **listening: Any) -> None:
        super().__init__(**listening)
        self.token = token
        self.per_second = per_second
        self.forget()

    def forget(self) -> None:
        """Empty the account."""
        self.calls: deque[float] = deque()
        self.contacts: dict[str, Json] = {}
        self.fields: dict[str, Json] = {}
        self.values: dict[tuple[str, str], str] = {}
        """(Contact, field) -> value."""
        self.tags: dict[str, str] = {}
        """Id -> name."""
        self.tied: dict[str, tuple[str, str]] = {}
        """Id of a contactTag -> contact, tag."""
        self.unwilling: set[str] = set()
        self.last_id = 0

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {contacts: [{email, tags}]}, as if long there."""
        for one in document["contacts"]:
            contact = self._new_id()
            self.contacts[contact] = {"id": contact, "email": one["email"]}
            for tag in one.get("tags", ()):
                self.tied[self._new_id()] = (contact, self._tag(tag))
        return {"contacts": len(document["contacts"])}

    def state(self) -> Json:
        """Return fields and tags of contacts by e-mail."""
        perstags = {id_: field["perstag"] for id_, field in self.fields.items()}
        return {
            contact["email"]: {
                "fields": {
                    perstags[field]: value
                    for (owner, field), value in self.values.items()
                    if owner == id_ and value and field in perstags
                },
                "tags": sorted(self.tags[tag] for owner, tag in self.tied.values() if owner == id_),
            }
            for id_, contact in self.contacts.items()
        }

    def operations(self, request: Request) -> list[str]:
        """Name the operation."""
        return [name] if (name := self._route(request)[0]) else []

    def answer(self, request: Request) -> Answer:
        """Do what the operation does."""
        if request.headers.get("api-token") != self.token:
            return Answer(status=403, body={"message": "You do not have permission"})
        if self._is_too_soon():
            return Answer(status=429, headers={"Retry-After": "1"})
        name, id_ = self._route(request)
        doors: Mapping[str, Callable[[Request, str], Answer]] = {
            "list_contacts": self._list_contacts,
            "get_contact": lambda _, id_: self._known(id_) or Answer(body={"contact": self.contacts[id_]}),
            "update_contact": self._update,
            "delete_contact": self._delete,
            "get_contact_tags": self._contact_tags,
            "add_tag": self._add_tag,
            "remove_tag": self._remove_tag,
            "list_tags": self._list_tags,
            "create_tag": self._create_tag,
            "list_fields": self._list_fields,
            "create_field": self._create_field,
            "relate_field": self._relate,
        }
        if name not in doors or request.arguments.keys() - SEARCHED:
            return Answer(status=404, body={"message": "No Result found"})
        return doors[name](request, id_)

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return what ActiveCampaign says."""
        status = 429 if fault.throttled else fault.status or 500
        headers = {} if fault.retry_after is None else {"Retry-After": str(int(fault.retry_after))}
        return Answer(status=status, body={"message": "anna@example.com"}, headers=headers)

    def _route(self, request: Request) -> tuple[str, str]:
        path = request.path.removeprefix("/api/3/")
        for method, pattern, name in ROUTES:
            if request.method == method and (found := re.fullmatch(pattern, path)):
                return name, next(iter(found.groups()), "")
        return "", ""

    def _is_too_soon(self) -> bool:
        now = self.clock()
        while self.calls and self.calls[0] <= now - 1:
            self.calls.popleft()
        if self.per_second is not None and len(self.calls) >= self.per_second:
            return True
        self.calls.append(now)
        return False

    def _new_id(self) -> str:
        self.last_id += 1
        return str(self.last_id)

    # Contacts

    def _known(self, id_: str) -> Answer | None:
        message = f"No Result found for Subscriber with id {id_}"
        return None if id_ in self.contacts else Answer(status=404, body={"message": message})

    def _list_contacts(self, request: Request, _: str) -> Answer:
        wanted = request.arguments["email"].lower()
        rows = [one for one in self.contacts.values() if wanted in one["email"].lower()]
        return _page(request, "contacts", rows)

    def _update(self, request: Request, id_: str) -> Answer:
        if unknown := self._known(id_):
            return unknown
        asked = json.loads(request.body)["contact"]
        if id_ in self.unwilling:
            return Answer(status=422, body={"errors": [{"title": "anna@example.com"}]})
        if asked.keys() != {"fieldValues"}:
            raise AssertionError("only fields of ours are to change")
        rows = [one for one in asked["fieldValues"] if one["field"] in self.fields]
        self.values |= {(id_, one["field"]): one["value"] for one in rows}
        return Answer(body={"fieldValues": [{**one, "contact": id_} for one in rows], "contact": {"id": id_}})

    def _delete(self, _: Request, id_: str) -> Answer:
        if unknown := self._known(id_):
            return unknown
        del self.contacts[id_]
        self.tied = {key: (owner, tag) for key, (owner, tag) in self.tied.items() if owner != id_}
        return Answer(body={})

    # Tags

    def _contact_tags(self, _: Request, id_: str) -> Answer:
        rows = [
            {"id": key, "contact": owner, "tag": tag}
            for key, (owner, tag) in self.tied.items()
            if owner == id_
        ]
        return self._known(id_) or Answer(body={"contactTags": rows})

    def _add_tag(self, request: Request, _: str) -> Answer:
        asked = json.loads(request.body)["contactTag"]
        pair = (str(asked["contact"]), str(asked["tag"]))
        if pair[0] not in self.contacts or pair[1] not in self.tags:
            return Answer(status=404, body={"errors": [{"status": 404, "title": "Not Found"}]})
        if pair not in self.tied.values():
            self.tied[self._new_id()] = pair
        return Answer(status=201, body={"contactTag": {"contact": pair[0], "tag": pair[1]}})

    def _remove_tag(self, _: Request, id_: str) -> Answer:
        if self.tied.pop(id_, None) is None:
            return Answer(status=404, body={"message": f"No Result found for SubscriberTag with id {id_}"})
        return Answer(body={})

    def _list_tags(self, request: Request, _: str) -> Answer:
        wanted = request.arguments.get("search", "")
        rows = [
            {"id": id_, "tag": name, "tagType": "contact"}
            for id_, name in self.tags.items()
            if wanted in name
        ]
        return _page(request, "tags", rows)

    def _create_tag(self, request: Request, _: str) -> Answer:
        name = json.loads(request.body)["tag"]["tag"]
        if name in self.tags.values():
            return Answer(status=422, body={"errors": [{"code": "duplicate"}]})
        return Answer(status=201, body={"tag": {"id": self._tag(name), "tag": name, "tagType": "contact"}})

    def _tag(self, name: str) -> str:
        known = next((id_ for id_, one in self.tags.items() if one == name), None)
        if known is None:
            known = self._new_id()
            self.tags[known] = name
        return known

    # Fields

    def _list_fields(self, request: Request, _: str) -> Answer:
        assert "search" not in request.arguments, "fields are not searched"
        return _page(request, "fields", list(self.fields.values()))

    def _create_field(self, request: Request, _: str) -> Answer:
        field = json.loads(request.body)["field"]
        taken = {one[key] for one in self.fields.values() for key in ("title", "perstag")}
        if {field["title"], field["perstag"]} & taken:
            return Answer(status=422, body={"errors": [{"code": "duplicate"}]})
        id_ = self._new_id()
        self.fields[id_] = {**field, "id": id_, "relations": []}
        return Answer(status=201, body={"field": self.fields[id_]})

    def _relate(self, request: Request, _: str) -> Answer:
        asked = json.loads(request.body)["fieldRel"]
        self.fields[asked["field"]]["relations"].append(str(asked["relid"]))
        return Answer(status=201, body={"fieldRel": asked})


def _page(request: Request, name: str, rows: list[Json]) -> Answer:
    start = int(request.arguments.get("offset", 0))
    most = min(int(request.arguments.get("limit", DEFAULT_PAGE)), 100)
    return Answer(body={name: rows[start : start + most], "meta": {"total": str(len(rows))}})
