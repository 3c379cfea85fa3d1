"""A platform's API by HTTP and JSON, for destinations that need no client of their own."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from nextorder.adapters.destination_parts import Parts
from nextorder.adapters.http import Response
from nextorder.domain.errors import NeedsHuman, NextorderError, Refused

UNAUTHORIZED: Final = 401
FIRST_ERROR_STATUS: Final = 300
HUMAN_STATUSES: Final = frozenset({UNAUTHORIZED, 402, 403, 410, *range(300, 400)})
"""A key, a plan, a permission, an address that has moved."""
NO_SUCH_ADDRESS: Final = frozenset({404, 405})
"""The same where no address names a person: what is missing then is the place itself."""
Settings = Mapping[str, str]
Headers = Callable[[Settings], Mapping[str, str]]


class Api:
    """
    Calls a platform with a shop's own settings, `url` among them.

    Args:
        name: Of the destination; begins the codes of its refusals.
        parts: What the destination was given.
        headers: Of each request, by settings: whatever proves who we are.
        humans: Statuses of which nobody is refused, but a human called.
    """

    def __init__(
        self, name: str, parts: Parts, headers: Headers, *, humans: frozenset[int] = HUMAN_STATUSES
    ) -> None:
        self._name = name
        self._parts = parts
        self._headers = headers
        self._humans = humans

    def call(
        self,
        shop: str,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Response:
        """
        Return an answer below 300; a key that is refused is read afresh once.

        Raises:
            RetryLater: Busy or not reached, with Retry-After where it is given.
            OutcomeUnknown: A write may have happened.
            Refused: The code is the name and the status.
            NeedsHuman: Key, permission or address are not accepted.
        """

        def ask() -> Response:
            settings = self._parts.settings(shop)
            headers = {"Content-Type": "application/json", **self._headers(settings)}
            url = settings["url"].rstrip("/") + path
            return self._parts.http.send(method, url, headers=headers, data=body, params=params)

        response = ask()
        if response.status_code == UNAUTHORIZED and self._parts.renew():
            response = ask()
        if response.status_code >= FIRST_ERROR_STATUS:
            raise self.refusal(response)
        return response

    def ask(self, shop: str, method: str, path: str, document: Any = None, **params: str) -> Any:
        """
        Send a document and return the answer's, {} where it has none.

        Raises what `call` raises; a broken answer leaves a write's outcome unknown.
        """
        body = encode(document) if document is not None else None
        response = self.call(shop, method, path, body=body, params=params)
        return self._parts.http.read_json(method, response) if response.content else {}

    def refusal(self, response: Response) -> NextorderError:
        """Name an error answer; its body may quote the person and is left out."""
        if response.status_code in self._humans:
            return NeedsHuman(f"{self._name} answered {response.status_code}")
        return Refused(f"{self._name}-{response.status_code}")


def encode(document: Any) -> bytes:
    """Return compact JSON."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def safe_code(code: str) -> str:
    """Return a platform's code if it is a word and nothing else, so that it can be counted and shown."""
    return code if re.fullmatch(r"[A-Za-z][A-Za-z0-9_.-]{1,60}", code) else ""
