"""A fake of Google's Data Manager API: what its reference demands of `audienceMembers:ingest`."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.wire import Answer, Request

INGEST = "/v1/audienceMembers:ingest"
MOST_MEMBERS = 10_000
TOP = {"destinations", "audienceMembers", "consent", "validateOnly", "encoding", "encryptionInfo"}
TOP |= {"termsOfService"}
DESTINATION = {"reference", "loginAccount", "linkedAccount", "operatingAccount", "productDestinationId"}
HASH = re.compile(r"[0-9a-f]{64}")
CODES = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 429: "RESOURCE_EXHAUSTED"}


class FakeDataManager(FakeServer):
    """Lists by number; every member is a set of hashes, and no request is taken in part."""

    def __init__(self, *, token: str = "demo", **listening: Any) -> None:  # noqa: S107 - opens nothing
        super().__init__(**listening)
        self.token = token
        self.forget()

    def forget(self) -> None:
        """Empty it."""
        self.lists: dict[str, set[tuple[str, ...]]] = {}
        self.bodies: list[dict[str, Any]] = []

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {lists: [number]}."""
        self.lists |= {number: set() for number in document["lists"]}
        return {"lists": len(document["lists"])}

    def state(self) -> dict[str, Any]:
        """Return the members of each list."""
        return {number: sorted(members) for number, members in self.lists.items()}

    def operations(self, request: Request) -> list[str]:
        """Name the method."""
        return [request.path.rpartition("/")[2]]

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return Google's words; it never says when to come back."""
        return _error(429 if fault.throttled else fault.status or 500)

    def answer(self, request: Request) -> Answer:
        """Take a whole request, or nothing of it."""
        if (request.method, request.path) != ("POST", INGEST):
            return _error(404)
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return _error(401)
        body = json.loads(request.body)
        if violation := next(self._violations(body), None):
            return _error(400, *violation)
        for target in body["destinations"]:
            members = self.lists[target["productDestinationId"]]
            members |= {tuple(sorted(_hashes(member).values())) for member in body["audienceMembers"]}
        self.bodies.append(body)
        return Answer(body={"requestId": f"request-{len(self.bodies)}"})

    def _violations(self, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        if unknown := body.keys() - TOP:
            yield min(unknown), "UNKNOWN_FIELD"
        if body.get("encoding") != "HEX":
            yield "encoding", "INVALID_ENUM_VALUE"
        if body.get("termsOfService") != {"customerMatchTermsOfServiceStatus": "ACCEPTED"}:
            yield "terms_of_service", "TERMS_AND_CONDITIONS_NOT_SIGNED"
        if not 0 < len(body["audienceMembers"]) <= MOST_MEMBERS:
            yield "audience_members", "TOO_MANY_MEMBERS"
        for target in body["destinations"]:
            yield from self._wrong_target(target)
        for number, member in enumerate(body["audienceMembers"]):
            found = _hashes(member)
            if not found or not all(HASH.fullmatch(one) for one in found.values()):
                yield f"audience_members[{number}]", "INVALID_SHA256_FORMAT"

    def _wrong_target(self, target: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        accounts = [
            target.get("operatingAccount"),
            target.get("loginAccount", target.get("operatingAccount")),
        ]
        for account in accounts:
            is_well = account and account.keys() == {"accountType", "accountId"}
            if not is_well or account["accountType"] != "GOOGLE_ADS" or not account["accountId"].isdigit():
                yield "destinations.operating_account", "INVALID_ACCOUNT"
        if target.keys() - DESTINATION or target.get("productDestinationId") not in self.lists:
            yield "destinations.product_destination_id", "DESTINATION_ACCOUNT_NOT_ENABLED"


def _hashes(member: Mapping[str, Any]) -> dict[str, str]:
    return {name: value for one in member["userData"]["userIdentifiers"] for name, value in one.items()}


def _error(status: int, field: str = "", reason: str = "") -> Answer:
    violation = {"field": field, "description": "of dana@example.com", "reason": reason}
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    error = {"code": status, "message": "of dana@example.com", "status": CODES.get(status, "INTERNAL")}
    return Answer(status=status, body={"error": error | ({"details": details} if reason else {})})
