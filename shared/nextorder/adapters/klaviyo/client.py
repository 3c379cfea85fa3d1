"""Klaviyo's API: headers, pinned revision, and errors by what the caller may do."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

from nextorder.adapters.http import Http, Response
from nextorder.adapters.klaviyo.pace import Pace
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import NeedsHuman, Refused

KLAVIYO_REVISION = "2026-10-15"
"""https://developers.klaviyo.com/en/docs/api_versioning_and_deprecation_policy"""
BASE_URL = "https://a.klaviyo.com"
MEDIA_TYPE = "application/vnd.api+json"
NOT_FOUND = "not_found"
"""Code of a Refused for whatever has no such id."""
UNAUTHORIZED = 401
FORBIDDEN = 403
STATUS_NOT_FOUND = 404
FIRST_ERROR_STATUS = 300
HUMAN_STATUSES = frozenset({UNAUTHORIZED, FORBIDDEN, 410, *range(300, 400)})
"""Key, scope, a revision that is retired, an address that has moved."""

Json = dict[str, Any]


class Forbidden(NeedsHuman):
    """The key is good, but lacks a scope."""


class KlaviyoClient:
    """
    Calls the API with a shop's private key.

    Args:
        api_key: The key of a shop; asked at each call, so that a rotated one is seen.
        renew: Reads all keys afresh after a refusal; tells whether that was allowed now.
        base_url: Where Klaviyo is reached.
        pace: Keeps to a share of the limits; without it Klaviyo itself says when it is too much.
    """

    def __init__(
        self,
        api_key: Callable[[str], str],
        *,
        renew: Callable[[], bool] = lambda: False,
        base_url: str = BASE_URL,
        http: Http | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._api_key = api_key
        self._renew = renew
        self._base_url = base_url.rstrip("/")
        self._http = http or Http("klaviyo")
        self._pace = pace

    def call(
        self,
        shop: str,
        method: str,
        path: str,
        *,
        body: bytes | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        """
        Return the answer's document, {} when it has no body.

        Raises:
            RetryLater: Busy or not reached, with Retry-After where it is given.
            OutcomeUnknown: A write may have happened.
            Refused: With Klaviyo's own code.
            NeedsHuman: The key or the pinned revision is not accepted; of a lacking scope Forbidden.
        """

        def ask() -> Response:
            url, headers = f"{self._base_url}{path}", self._headers(shop)
            if self._pace is None:
                return self._http.send(method, url, headers=headers, data=body, params=params)
            self._pace.wait(headers["Authorization"], method, path)
            answer = self._http.send(method, url, headers=headers, data=body, params=params)
            self._pace.learn(headers["Authorization"], method, path, answer.headers)
            return answer

        response = ask()
        if response.status_code == UNAUTHORIZED and self._renew():
            response = ask()
        if response.status_code >= FIRST_ERROR_STATUS:
            raise refusal(response)
        document: Json = self._http.read_json(method, response) if response.content else {}
        return document

    def pages(
        self, shop: str, path: str, patience: Patience, params: Mapping[str, str] | None = None
    ) -> Iterator[Json]:
        """Yield what a collection holds, page by page; raises what `call` raises."""
        query = dict(params or {})
        while True:
            page = patience.ask(partial(self.call, shop, "GET", path, params=query))
            yield from page["data"]
            following = (page.get("links") or {}).get("next") or ""
            cursor = parse_qs(urlsplit(following).query).get("page[cursor]")
            if not cursor:
                return
            query["page[cursor]"] = cursor[0]

    def _headers(self, shop: str) -> dict[str, str]:
        return {
            "Authorization": f"Klaviyo-API-Key {self._api_key(shop)}",
            "revision": KLAVIYO_REVISION,
            # Else a retired revision is served by a newer one without a word.
            "X-Klaviyo-Revision-Fall-Forward-Opt-Out": "1",
            "Accept": MEDIA_TYPE,
            "Content-Type": MEDIA_TYPE,
        }


def refusal(response: Response) -> Refused | NeedsHuman:
    """Name an error answer; `title` and `detail` may quote the person and are left out."""
    if response.status_code == FORBIDDEN:
        return Forbidden(
            "klaviyo answered 403: the key lacks a scope, see `nextorder connect klaviyo --check`"
        )
    if response.status_code in HUMAN_STATUSES:
        return NeedsHuman(f"klaviyo answered {response.status_code}")
    if response.status_code == STATUS_NOT_FOUND:
        return Refused(NOT_FOUND)
    return Refused(safe_code(first_code(response)) or f"klaviyo-{response.status_code}")


def first_code(response: Response) -> str:
    """Return the code of the first error, empty where the body has none."""
    try:
        return str(response.json()["errors"][0]["code"])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def safe_code(code: str) -> str:
    """Return a code that is a word and nothing else, so that it can be counted and shown."""
    return code if re.fullmatch(r"[a-z][a-z0-9_.-]{1,60}", code) else ""
