"""Shopify's Admin GraphQL API: tokens, throttling, and errors by what the caller may do."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from nextorder.adapters.http import Http, Response
from nextorder.adapters.shopify.pace import Pace
from nextorder.domain.errors import AccessDenied, NeedsHuman, OutcomeUnknown, Refused, RetryLater

SHOPIFY_API_VERSION = "2026-10"
"""https://shopify.dev/docs/api/release-notes/2026-10"""
BASE_URL = "https://{shop}"
TOKEN_LIFE_USED = 0.8
"""Share of a token's life after which the next call fetches a new one."""
OK = 200
BAD_REQUEST = 400
UNAUTHORIZED = 401
NOT_FOUND = 404

TOKEN_DOUBTED_SECONDS = 60.0
"""
A denied token is used so much longer.

NOTE: assumed: what the app is granted later is only in tokens that are made later.
"""
DENIED = "shopify denies access: a scope or an approval is missing"

Json = dict[str, Any]
_REFUSED_KEYS: Final = (
    "the client id or secret is wrong, or the app is not installed in this shop; both stand in the "
    "Dev Dashboard under the app's settings: connect again with them"
)
_ANSWERS: Final = {
    UNAUTHORIZED: "the access token is wrong or was revoked, connect again with a valid one; ",
    NOT_FOUND: "there is no such shop; ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Of a Dev Dashboard app (id and secret), or the static token of a legacy custom app."""

    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    token: str = field(default="", repr=False)


class ShopifyClient:
    """
    Runs GraphQL documents for any connected shop.

    Args:
        credentials: Those of a shop; asked whenever a token is needed, so that rotated ones are seen.
        renew: Reads all credentials afresh after a refusal; tells whether that was allowed now.
        base_url: Where a shop is reached; `{shop}` stands for its domain.
        pace: Keeps to our share of the shop's cost bucket.
    """

    def __init__(
        self,
        credentials: Callable[[str], Credentials],
        *,
        renew: Callable[[], bool] = lambda: False,
        base_url: str = BASE_URL,
        http: Http | None = None,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = None,
    ) -> None:
        self._credentials = credentials
        self._renew = renew
        self._base_url = base_url.rstrip("/")
        self._http = http or Http("shopify")
        self._clock = clock
        self._pace = pace or Pace(clock=clock)
        self._tokens: dict[str, tuple[str, float]] = {}
        self._scopes: dict[str, frozenset[str]] = {}

    def execute(self, shop: str, document: str, variables: Mapping[str, Any], *, points: int = 1) -> Json:
        """
        Return the document's `data`; `userErrors` in it are the caller's to read.

        `points` are what Shopify will ask for, as far as that is known.

        Raises:
            RetryLater: Throttled, not reached, or our share is spent; with the seconds until the
                bucket holds enough.
            OutcomeUnknown: A write may have happened.
            Refused: The document itself is wrong or too costly: a bug of ours.
            AccessDenied: The app lacks a scope or an approval.
            NeedsHuman: The app lacks its token, or is not let in at all.
        """
        body = {"query": document, "variables": variables}
        self._pace.spend(shop, points)
        response = self._post(shop, body)
        if response.status_code == UNAUTHORIZED and self._forgets_token(shop):
            response = self._post(shop, body)
        if response.status_code == BAD_REQUEST:
            raise Refused("shopify-bad-request")
        if response.status_code != OK:
            why = _ANSWERS.get(response.status_code, "")
            raise NeedsHuman(f"{shop}: {why}shopify answered {response.status_code}")

        answer: Json = self._http.read_json("POST", response)
        self._pace.learn(shop, points, answer)
        try:
            check_errors(answer)
        except AccessDenied:
            self._doubt_token(shop)
            raise
        return answer.get("data") or {}

    def scopes(self, shop: str) -> frozenset[str] | None:
        """Return what the last token was given for; None where none had to be asked for."""
        return self._scopes.get(shop)

    def _forgets_token(self, shop: str) -> bool:
        """Let a refused token go; tell whether another one can be had."""
        return bool(self._tokens.pop(shop, None)) or self._renew()

    def _doubt_token(self, shop: str) -> None:
        if shop in self._tokens:
            token, until = self._tokens[shop]
            self._tokens[shop] = (token, min(until, self._clock() + TOKEN_DOUBTED_SECONDS))

    def _post(self, shop: str, body: Json) -> Response:
        url = f"{self._base_url.format(shop=shop)}/admin/api/{SHOPIFY_API_VERSION}/graphql.json"
        headers = {"X-Shopify-Access-Token": self._token(shop)}
        return self._http.send("POST", url, headers=headers, json=body)

    def _token(self, shop: str) -> str:
        token, renew_at = self._tokens.get(shop, ("", 0.0))
        if token and self._clock() < renew_at:
            return token

        credentials = self._credentials(shop)
        return credentials.token or self._new_token(shop, credentials)

    def _new_token(self, shop: str, credentials: Credentials) -> str:
        """Ask for one; a refusal may come of credentials that have been rotated."""
        response = self._ask_for_token(shop, credentials)
        if response.status_code != OK and self._renew():
            response = self._ask_for_token(shop, self._credentials(shop))
        if response.status_code != OK:
            why = "there is no such shop" if response.status_code == NOT_FOUND else _REFUSED_KEYS
            raise NeedsHuman(f"{shop}: shopify gave no token ({response.status_code}): {why}")

        granted: Json = self._http.read_json("POST", response)
        token = str(granted["access_token"])
        self._scopes[shop] = frozenset(str(granted.get("scope", "")).replace(",", " ").split())
        self._tokens[shop] = (token, self._clock() + TOKEN_LIFE_USED * float(granted["expires_in"]))
        return token

    def _ask_for_token(self, shop: str, credentials: Credentials) -> Response:
        """https://shopify.dev/docs/apps/build/authentication-authorization/client-credentials-grant ."""
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret,
        }
        return self._http.send(
            "POST", f"{self._base_url.format(shop=shop)}/admin/oauth/access_token", data=form
        )


def check_errors(answer: Json) -> None:
    """Raise what the top-level `errors` mean; GraphQL errors come with HTTP 200."""
    errors = answer.get("errors")
    if not errors:
        return

    codes = error_codes(errors)
    if "THROTTLED" in codes:
        raise RetryLater("shopify throttles", seconds=seconds_until_affordable(answer))
    if "ACCESS_DENIED" in codes:
        # each field is denied by itself: what has an answer was done
        partly = any(one is not None for one in (answer.get("data") or {}).values())
        raise AccessDenied(f"{DENIED}{_required(errors)}", partly=partly)
    if codes & {"INTERNAL_SERVER_ERROR", "TIMEOUT"}:
        raise OutcomeUnknown("shopify failed inside")
    raise Refused("shopify-max-cost" if "MAX_COST_EXCEEDED" in codes else "shopify-bad-document")


def error_codes(errors: Any) -> set[str]:
    """Return the extension codes of a list of GraphQL errors."""
    found = errors if isinstance(errors, list) else []
    return {str((error.get("extensions") or {}).get("code", "")) for error in found}


def _required(errors: Any) -> str:
    """Return what Shopify says is required, where it does."""
    found = [(error.get("extensions") or {}).get("requiredAccess") for error in errors]
    return next((f" (required: {one})" for one in found if one), "")


def seconds_until_affordable(answer: Json) -> float | None:
    """Return (requested - available) / restore rate; None where the cost is not told."""
    cost = (answer.get("extensions") or {}).get("cost") or {}
    bucket = cost.get("throttleStatus") or {}
    if not bucket.get("restoreRate"):
        return None
    missing = cost.get("requestedQueryCost", 0) - bucket.get("currentlyAvailable", 0)
    return max(0.0, float(missing) / float(bucket["restoreRate"]))
