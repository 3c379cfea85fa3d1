"""The fake account as an HTTP server: keys, revisions, limits, scopes and the endpoints."""

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.klaviyo import audiences, contract, errors, flows, jobs, profiles
from tests.fakes.klaviyo.contract import MEDIA_TYPE, Operation
from tests.fakes.klaviyo.endpoints import Endpoints
from tests.fakes.klaviyo.limits import Windows, of_predictions
from tests.fakes.klaviyo.pages import additional
from tests.fakes.klaviyo.store import Account, snapshot
from tests.fakes.wire import Answer, Request

REVISION = "2026-10-15"
# NOTE: bodies and limits are checked by the OpenAPI of 2026-07-15, the newest at hand; the request
# models of the official client of this revision, klaviyo-api 25.0.0, are the same.
OPT_OUT = "x-klaviyo-revision-fall-forward-opt-out"
MEDIA_TYPES = {MEDIA_TYPE, "application/json"}
MEGABYTE = 1_000_000
MOST_BYTES = dict.fromkeys(("bulk_import_profiles", "bulk_create_events", "create_event"), 5 * MEGABYTE)
DEFAULT_SCOPES = frozenset(
    {
        "accounts:read",
        "events:write",
        "lists:read",
        "lists:write",
        "metrics:read",
        "profiles:read",
        "profiles:write",
        "segments:read",
        "segments:write",
    }
)
"""What Nextorder asks for; data-privacy:write, flows:read and flows:write are the merchant's to add."""
ALL_SCOPES = DEFAULT_SCOPES | {"data-privacy:write", "flows:read", "flows:write"}


class FakeKlaviyo(FakeServer):
    """One account with one private key."""

    def __init__(
        self,
        *,
        api_key: str = "pk_demo",
        scopes: frozenset[str] = DEFAULT_SCOPES,
        job_seconds: float = 0.2,
        boundless: bool = False,
        **listening: Any,
    ) -> None:
        super().__init__(**listening)
        self.api_key = api_key
        self.second_key = ""
        """Another private key of the same account."""
        self.scopes = scopes
        self.job_seconds = job_seconds
        self.boundless = boundless
        self.forget()
        contract.operations()

    # The state

    def forget(self) -> None:
        """Empty the account and its windows."""
        self.account = Account()
        self.windows = Windows(self.clock, boundless=self.boundless)

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """
        Take what is as if long there.

        {profiles: [{id?, email, phone_number, external_id, properties, ...}], segments: [{name,
        definition}], lists: [{name, members?}], flows: [{name, status, trigger}]}; a flow's trigger
        names its segment or list by name, a list's members are ids of profiles.
        """
        if unknown := set(document) - {"profiles", "segments", "lists", "flows"}:
            raise ValueError(f"unknown keys: {sorted(unknown)}")
        for one in document.get("segments", ()):
            audiences.create(self.account, "segment", one, self.clock())
        for one in document.get("lists", ()):
            made = audiences.create(self.account, "list", {"name": one["name"]}, self.clock())
            made.members.update(one.get("members", ()))
        for one in document.get("flows", ()):
            flows.put(self.account, one, self.clock())
        for one in document.get("profiles", ()):
            self._seed_profile(one)
        return {key: len(given) for key, given in document.items()}

    def _seed_profile(self, given: Mapping[str, Any]) -> None:
        attributes = {("phone_number" if key == "phone" else key): value for key, value in given.items()}
        profile = self.account.create(self.clock(), attributes.pop("id", None))
        profile.predictions = attributes.pop("predictive_analytics", {})
        profiles.change(self.account, profile, {"attributes": attributes}, self.clock())

    def state(self) -> dict[str, Any]:
        """Return the account, with all jobs done that are due."""
        jobs.work(self.account, self.clock())
        return snapshot(self.account)

    # The platform

    def operations(self, request: Request) -> list[str]:
        """Name the operation by its id in the OpenAPI."""
        operation, _, _ = contract.find(request.method, request.path)
        return [operation.name] if operation else []

    def answer(self, request: Request) -> Answer:
        """Do what the operation does, after all that must hold for every one."""
        jobs.work(self.account, self.clock())
        try:
            operation, id_ = self._admitted(request)
        except errors.Refusal as refusal:
            return refusal.answer
        limited = of_predictions(operation) if "predictive_analytics" in additional(request) else operation
        if (seconds := self.windows.retry_after(limited)) is not None:
            return errors.throttled(seconds)
        try:
            answer = self._perform(operation, request, id_)
        except errors.Refusal as refusal:
            answer = refusal.answer
        headers = self.windows.headers(limited)
        return Answer(status=answer.status, body=answer.body, headers=headers, media_type=MEDIA_TYPE)

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return Klaviyo's 429 or 5xx."""
        status = 429 if fault.throttled else fault.status or 500
        if status == 429:
            return errors.throttled(int(1 if fault.retry_after is None else fault.retry_after))
        codes = {401: "authentication_failed", 403: "permission_denied", 404: "not_found"}
        title = "A server error occurred." if status >= 500 else "Refused."
        return errors.answer(status, [errors.problem(status, codes.get(status, "error"), title)])

    def _admitted(self, request: Request) -> tuple[Operation, str]:
        operation, id_, known = contract.find(request.method, request.path)
        if not known:
            raise errors.refuse(404, "not_found", "Not found.", "The resource does not exist.")
        if operation is None:
            raise errors.refuse(405, "method_not_allowed", f'Method "{request.method}" not allowed.')
        self._check_key(request)
        self._check_revision(request)
        if missing := operation.scopes - self.scopes:
            detail = f"The key lacks the scopes {', '.join(sorted(missing))}."
            title = "You do not have permission to perform this action."
            raise errors.refuse(403, "permission_denied", title, detail)
        return operation, id_

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("authorization", "")
        if not given:
            title = "Authentication credentials were not provided."
            raise errors.refuse(401, "not_authenticated", title)
        if given not in {f"Klaviyo-API-Key {key}" for key in (self.api_key, self.second_key) if key}:
            raise errors.refuse(401, "authentication_failed", "Incorrect authentication credentials.")

    def _check_revision(self, request: Request) -> None:
        given = request.headers.get("revision", "")
        if not given:
            raise errors.refuse(400, "invalid", errors.INVALID, "The revision header is required.")
        if given == REVISION:
            return
        # NOTE: a revision that is no more is served by a newer one in silence, unless the client opts out.
        if request.headers.get(OPT_OUT) == "1":
            raise errors.refuse(410, "gone", "Gone.", f"The revision {given} is not available.")
        self.account.counters["revision_fallen_forward"] += 1

    def _perform(self, operation: Operation, request: Request, id_: str) -> Answer:
        _check_parameters(operation, request)
        body = _body(operation, request) if operation.body else None
        endpoints = Endpoints(self.account, self.clock, self.url, self.job_seconds)
        return endpoints.by_name()[operation.name](request, id_, body["data"] if body else None)


def _check_parameters(operation: Operation, request: Request) -> None:
    for name, value in request.arguments.items():
        known = operation.parameters.get(name)
        if known is None:
            raise errors.bad_parameter(name, f"'{name}' is not an allowed query parameter.")
        if known.choices and not set(value.split(",")) <= known.choices:
            raise errors.bad_parameter(name, f"'{value}' is not an allowed value.")
        if known.most is None or known.least is None:
            continue
        if not value.isdecimal() or not known.least <= int(value) <= known.most:
            raise errors.bad_parameter(name, f"Must be between {known.least} and {known.most}.")


def _body(operation: Operation, request: Request) -> Any:
    if request.media_type not in MEDIA_TYPES:
        title = f'Unsupported media type "{request.media_type}" in request.'
        raise errors.refuse(415, "unsupported_media_type", title)
    most = MOST_BYTES.get(operation.name, profiles.MOST_BYTES)
    if len(request.body) > most:
        raise errors.refuse(
            413, "request_too_large", "Request too large.", f"At most {most} bytes are allowed."
        )
    try:
        body = json.loads(request.body)
    except ValueError as error:
        raise errors.refuse(400, "parse_error", "Malformed request.", "JSON parse error.") from error
    if found := list(contract.flaws(operation, body)):
        raise errors.invalid(*found)
    return body
