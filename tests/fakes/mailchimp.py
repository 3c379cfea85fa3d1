"""Mailchimp's Marketing API as far as Nextorder uses it: one audience, its members, and batches."""

import io
import json
import re
import tarfile
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import md5
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

Json = dict[str, Any]
TITLES = {400: "Invalid Resource", 401: "API Key Invalid", 403: "Forbidden", 404: "Resource Not Found"}
ROUTES = (
    ("GET", "", "get_root"),
    ("POST", "batches", "start"),
    ("GET", "batches/([^/]+)", "status"),
    ("DELETE", "batches/([^/]+)", "delete_batch_request"),
    ("GET", "lists/A", "get_list"),
    ("GET", "lists/A/merge-fields", "get_list_merge_fields"),
    ("POST", "lists/A/merge-fields", "add_list_merge_field"),
    ("GET", "lists/A/members/([^/]+)", "get_list_member"),
    ("PATCH", "lists/A/members/([^/]+)", "update_list_member"),
    ("GET", "lists/A/members/([^/]+)/tags", "get_list_member_tags"),
    ("POST", "lists/A/members/([^/]+)/tags", "update_list_member_tags"),
    ("POST", "lists/A/members/([^/]+)/actions/delete-permanent", "delete_list_member_permanent"),
)
"""Method, path and the name that Mailchimp's own client gives the operation; A is our audience."""
MOST_FIELDS = 30
MOST_TAG_CHARACTERS = 10
MOST_PENDING_BATCHES = 500
MOST_TEXT_BYTES = 255


class Archive(Answer):
    """An answer that is bytes."""

    def encode(self) -> bytes:
        """Return them."""
        return bytes(self.body)


class Refusal(Exception):
    """An answer that is an error."""

    def __init__(self, status: int, *fields: str) -> None:
        super().__init__(status)
        errors = [{"field": name, "message": "This value is not valid."} for name in fields]
        self.answer = problem(status, errors)


def problem(status: int, errors: list[Json] | None = None) -> Answer:
    """Return an error as problem+json."""
    body = {"type": "https://mailchimp.com/developer/marketing/docs/errors/", "status": status}
    titled = {
        **body,
        "title": TITLES.get(status, "Error"),
        "detail": "See the error glossary.",
        "instance": "1",
    }
    listed = {"errors": errors} if errors else {}
    return Answer(status=status, body=titled | listed, media_type="application/problem+json")


@dataclass(slots=True, kw_only=True)
class Member:
    """One member; `status` is theirs alone to change."""

    email: str
    contact_id: str
    status: str = "subscribed"
    merge_fields: Json = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    """By the tag in lower case: Mailchimp compares them so."""
    unwilling: bool = False
    """In a state in which Mailchimp refuses every change."""

    @property
    def hash(self) -> str:
        """The member's id in paths."""
        return md5(self.email.lower().encode(), usedforsecurity=False).hexdigest()


class FakeMailchimp(FakeServer):
    """One account with one audience, whose field FNAME everyone must have."""

    def __init__(self, *, api_key: str = "key-us9", batch_seconds: float = 3.0, **listening: Any) -> None:
        super().__init__(**listening)
        self.api_key = api_key
        self.batch_seconds = batch_seconds
        self.bare = False
        """Whether failures come without a document."""
        self.audience = "a1b2c3"
        self.account_id = "acc-1"
        self.forget()

    def forget(self) -> None:
        """Empty the account."""
        self.members: dict[str, Member] = {}
        self.fields: dict[str, Json] = {"FNAME": {"tag": "FNAME", "type": "text", "required": True}}
        self.batches: dict[str, Json] = {}
        self.started: list[str] = []

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {members: [...]}, as if long there; tags as a list."""
        for number, one in enumerate(document["members"], len(self.members)):
            member = Member(**{"contact_id": f"c{number:031x}", **one, "tags": {}})
            member.tags = {tag.lower(): tag for tag in one.get("tags", ())}
            self.members[member.contact_id] = member
        return {"members": len(document["members"])}

    def state(self) -> Json:
        """Return members by e-mail."""
        self._work()
        return {
            member.email: {
                "status": member.status,
                "merge_fields": {tag: value for tag, value in member.merge_fields.items() if value != ""},
                "tags": sorted(member.tags.values()),
            }
            for member in self.members.values()
        }

    def operations(self, request: Request) -> list[str]:
        """Name the operation as Mailchimp's own client does."""
        return [name] if (name := self._route(request)[0]) else []

    def answer(self, request: Request) -> Answer:
        """Do what the operation does."""
        self._work()
        if request.path.startswith("/results/"):
            return self._results(request)
        pair = b64encode(f"nextorder:{self.api_key}".encode()).decode()
        if request.headers.get("authorization") != f"Basic {pair}":
            return problem(401)
        return self._perform(request)

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return what Mailchimp says: no header tells when to come back."""
        status = 429 if fault.throttled else fault.status or 500
        return Answer(status=status) if self.bare else problem(status)

    def _perform(self, request: Request) -> Answer:
        name, arguments = self._route(request)
        doors: Mapping[str, Callable[..., Any]] = {
            "get_root": lambda: {"account_id": self.account_id},
            "get_list": lambda: {"id": self.audience, "name": "Newsletter"},
            "get_list_merge_fields": lambda: {"merge_fields": list(self.fields.values())},
            "add_list_merge_field": lambda: self._add_field(json.loads(request.body)),
            "get_list_member": lambda: {"contact_id": self._member(*arguments).contact_id},
            "update_list_member": lambda: self._update(request, *arguments),
            "get_list_member_tags": lambda: self._tags(*arguments),
            "update_list_member_tags": lambda: self._tag(json.loads(request.body), *arguments),
            "delete_list_member_permanent": lambda: self._erase(*arguments),
            "start": lambda: self._start(json.loads(request.body)),
            "status": lambda: self._batch(*arguments),
            "delete_batch_request": lambda: self._stop(*arguments),
        }
        if name not in doors:
            return problem(404)
        try:
            body = doors[name]()
        except Refusal as refusal:
            return refusal.answer
        return Answer(status=204) if body is None else Answer(body=body)

    def _route(self, request: Request) -> tuple[str, list[str]]:
        path = request.path.removeprefix("/3.0/").replace(f"lists/{self.audience}", "lists/A", 1)
        for method, pattern, name in ROUTES:
            if request.method == method and (found := re.fullmatch(pattern, path)):
                return name, [unquote(part) for part in found.groups()]
        return "", []

    # Members

    def _member(self, id_: str) -> Member:
        found = self.members.get(id_) or next((m for m in self.members.values() if m.hash == id_), None)
        if found is None:
            raise Refusal(404)
        return found

    def _update(self, request: Request, id_: str) -> Json:
        member, body = self._member(id_), json.loads(request.body)
        if "status" in body:
            raise AssertionError("a subscription is the member's own to change")
        if member.unwilling:
            raise Refusal(400)
        lenient = request.arguments.get("skip_merge_validation") == "true"
        wanted = {tag: value for tag, value in body["merge_fields"].items() if tag in self.fields}
        if bad := [tag for tag, value in wanted.items() if not _is_valid(self.fields[tag]["type"], value)]:
            raise Refusal(400, *bad)
        after = member.merge_fields | wanted
        if not lenient and (
            gone := [t for t, one in self.fields.items() if one.get("required") and not after.get(t)]
        ):
            raise Refusal(400, *gone)
        member.merge_fields = after
        shown = {tag: after.get(tag, "") for tag in self.fields}
        return {
            "id": member.hash,
            "contact_id": member.contact_id,
            "status": member.status,
            "merge_fields": shown,
        }

    def _tags(self, id_: str) -> Json:
        tags = [{"id": n, "name": tag} for n, tag in enumerate(self._member(id_).tags.values())]
        return {"tags": tags, "total_items": len(tags)}

    def _tag(self, body: Json, id_: str) -> None:
        member = self._member(id_)
        for tag in body["tags"]:
            if tag["status"] == "inactive":
                member.tags.pop(tag["name"].lower(), None)
            elif member.tags.setdefault(tag["name"].lower(), tag["name"]) and not body.get("is_syncing"):
                self.started.append(f"{member.email} {tag['name']}")

    def _erase(self, id_: str) -> None:
        del self.members[self._member(id_).contact_id]

    def _add_field(self, body: Json) -> Json:
        if (
            body["tag"] in self.fields
            or len(body["tag"]) > MOST_TAG_CHARACTERS
            or len(self.fields) >= MOST_FIELDS
        ):
            raise Refusal(400, "tag")
        self.fields[body["tag"]] = {"merge_id": len(self.fields) + 1, **body}
        return self.fields[body["tag"]]

    # Batches

    def _start(self, body: Json) -> Json:
        if sum(batch["status"] != "finished" for batch in self.batches.values()) >= MOST_PENDING_BATCHES:
            raise Refusal(400)
        id_ = f"b{len(self.batches)}"
        due = self.clock() + self.batch_seconds
        self.batches[id_] = {"id": id_, "status": "pending", "due": due, "operations": body["operations"]}
        return self._batch(id_)

    def _batch(self, id_: str) -> Json:
        if id_ not in self.batches:
            raise Refusal(404)
        batch = self.batches[id_]
        url = f"{self.url}/results/{id_}.tar.gz" if batch["status"] == "finished" else ""
        return {"id": id_, "status": batch["status"], "response_body_url": url}

    def _results(self, request: Request) -> Answer:
        assert "authorization" not in request.headers, "the storage is told our key"
        id_ = request.path.removeprefix("/results/").removesuffix(".tar.gz")
        return Archive(body=packed(self.batches[id_]["results"]), media_type="application/x-gzip")

    def _stop(self, id_: str) -> None:
        del self.batches[id_]

    def _work(self) -> None:
        for batch in self.batches.values():
            if batch["status"] != "finished" and batch["due"] <= self.clock():
                batch["results"] = [self._operate(one) for one in batch["operations"]]
                batch["status"] = "finished"

    def _operate(self, operation: Json) -> Json:
        path, _, query = operation["path"].partition("?")
        body = operation["body"].encode()
        request = Request(method=operation["method"], path=f"/3.0{path}", query=query, body=body)
        assert dict(parse_qsl(query)).keys() <= {"skip_merge_validation"}
        answer = self._perform(request)
        response = "" if answer.body is None else json.dumps(answer.body)
        return {"operation_id": operation["operation_id"], "status_code": answer.status, "response": response}


def _is_valid(kind: str, value: object) -> bool:
    if value == "":
        return True
    if kind == "number":
        return isinstance(value, int | float)
    if kind == "date":
        return isinstance(value, str) and len(value) == len("2026-05-02")
    return isinstance(value, str) and len(value.encode()) <= MOST_TEXT_BYTES


def packed(rows: list[Json]) -> bytes:
    """Write results as Mailchimp does: a gzipped tar of a folder and files with an array each."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as files:
        folder = tarfile.TarInfo("./")
        folder.type = tarfile.DIRTYPE
        files.addfile(folder)
        for number, start in enumerate(range(0, len(rows), 50)):
            text = json.dumps(rows[start : start + 50]).encode()
            info = tarfile.TarInfo(f"./{number}.json")
            info.size = len(text)
            files.addfile(info, io.BytesIO(text))
    return buffer.getvalue()
