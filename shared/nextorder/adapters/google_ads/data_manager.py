"""Sends members to a Customer Match list; the merchant's token is used and kept nowhere."""

import json
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from nextorder.adapters.google_ads.endpoints import BASE_URL, INGEST, SCOPE
from nextorder.adapters.http import Http, Response
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import NeedsHuman, Refused

_FIRST_ERROR: Final = 300
_BAD_REQUEST: Final = 400
PATIENCE_SECONDS: Final = 300.0
_WORD: Final = re.compile(r"[A-Z][A-Z0-9_]{2,60}")


class DataManager:
    """
    The API, as far as adding members goes.

    Args:
        http: One session; 300 requests a minute are allowed, and ten thousand members go with each.
        base_url: Another server's in tests.
        sleep: Waits while it is busy.
    """

    def __init__(
        self, http: Http, *, base_url: str = BASE_URL, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._http = http
        self._url = base_url.rstrip("/") + INGEST
        self._sleep = sleep

    def ingest(self, token: str, body: Mapping[str, Any]) -> str:
        """
        Add members and return Google's id of the request; a member who is there already stays one.

        Whatever ends without an answer is therefore sent again.

        Raises:
            RetryLater, OutcomeUnknown: It stays busy; sending everything again is harmless.
            NeedsHuman: The token has run out, or may not do this.
            Refused: Google takes none of these members; the code says why.
        """
        content = json.dumps(body, separators=(",", ":")).encode()
        return Patience(self._sleep, seconds=PATIENCE_SECONDS).ask(partial(self._post, token, content))

    def _post(self, token: str, content: bytes) -> str:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        response = self._http.send("POST", self._url, data=content, headers=headers)
        if response.status_code >= _FIRST_ERROR:
            raise _refusal(response)
        # NOTE: all or none of a request is taken; who is matched is known to Google within a day
        return str(self._http.read_json("POST", response).get("requestId", ""))


def _refusal(response: Response) -> NeedsHuman | Refused:
    """Name an error; the text of its body may quote a member and is left out."""
    if response.status_code == _BAD_REQUEST:
        return Refused(f"google-{_reason(response) or 'bad-request'}")
    return NeedsHuman(f"Google answered {response.status_code}: give a fresh token of the scope {SCOPE}")


def _reason(response: Response) -> str:
    """Return the first field's fault, which Google says in a word of capitals; else nothing."""
    try:
        details = response.json()["error"]["details"]
        faults = [fault["reason"] for detail in details for fault in detail.get("fieldViolations", ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ""
    return faults[0].lower().replace("_", "-") if faults and _WORD.fullmatch(faults[0]) else ""
