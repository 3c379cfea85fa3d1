"""Klaviyo's words for requests it refuses: JSON:API errors."""

import uuid
from collections.abc import Iterable
from typing import Any

from tests.fakes.klaviyo.contract import MEDIA_TYPE, Flaw
from tests.fakes.wire import Answer

INVALID = "Invalid input."


class Refusal(Exception):
    """An answer that ends the work at once."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def problem(
    status: int, code: str, title: str, detail: str = "", *, pointer: str = "/data/", **more: Any
) -> dict[str, Any]:
    """Return one error object."""
    return {
        "id": str(uuid.uuid4()),
        "status": status,
        "code": code,
        "title": title,
        "detail": detail or title,
        "source": {"pointer": pointer},
    } | more


def refuse(status: int, code: str, title: str, detail: str = "", **more: Any) -> Refusal:
    """Return the refusal with one error in it."""
    return Refusal(answer(status, [problem(status, code, title, detail, **more)]))


def answer(status: int, problems: Iterable[dict[str, Any]]) -> Answer:
    """Return the answer that carries these errors."""
    return Answer(status=status, body={"errors": list(problems)}, media_type=MEDIA_TYPE)


def invalid(*flaws: Flaw) -> Refusal:
    """Return the refusal of a body."""
    return Refusal(
        answer(400, (problem(400, "invalid", INVALID, one.detail, pointer=one.pointer) for one in flaws))
    )


def bad_parameter(name: str, detail: str) -> Refusal:
    """Return the refusal of a query parameter."""
    return refuse(400, "invalid", INVALID, detail, source={"parameter": name})


def not_found(what: str, id_: str) -> Refusal:
    """Return the refusal of an id that no one has."""
    return refuse(404, "not_found", "Not found.", f"A {what} with id {id_} does not exist.")


def duplicate(profile_id: str) -> Refusal:
    """Return the refusal of an address that another profile has."""
    detail = "A profile already exists with one of these identifiers."
    return refuse(
        409,
        "duplicate_profile",
        "Conflict.",
        detail,
        pointer="/data/attributes",
        meta={"duplicate_profile_id": profile_id},
    )


def throttled(seconds: int) -> Answer:
    """Return the 429, which carries Retry-After and no other limit header."""
    detail = f"Request was throttled. Expected available in {seconds} seconds."
    one = problem(429, "throttled", "Request was throttled.", detail)
    return Answer(
        status=429, body={"errors": [one]}, headers={"Retry-After": str(seconds)}, media_type=MEDIA_TYPE
    )
