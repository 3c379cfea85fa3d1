"""HTTP to the platforms: one session, firm timeouts, failures named by what the caller may do."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import requests
from requests import Response
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.exceptions import ProtocolError as BrokenConnection

from nextorder.domain.errors import OutcomeUnknown, RetryLater

__all__ = ["Http", "Response", "may_have_arrived", "retry_after_seconds"]

CONNECT_SECONDS = 3.05
READ_SECONDS = 20.0
TOO_MANY_REQUESTS = 429
NOT_TAKEN = 503
"""A server that is unavailable took nothing; after another 5xx the write may have happened."""
SERVER_ERRORS = range(500, 600)
SAFE_METHODS = frozenset({"GET", "HEAD"})


class Http:
    """
    One keep-alive session.

    Raises RetryLater before anything was sent, and OutcomeUnknown when a write ended without an
    answer. Messages name the service and the status, never an address, a body or a header.

    Args:
        service: What it is called in messages.
        read_seconds: How long an answer may take.
        gap_seconds: How far requests are apart at least: this worker's share of what may be asked.
        clock: Seconds.
        sleep: Waits for the gap.
    """

    def __init__(
        self,
        service: str,
        *,
        read_seconds: float = READ_SECONDS,
        gap_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._service = service
        self._timeout = (CONNECT_SECONDS, read_seconds)
        self._gap_seconds = gap_seconds
        self._clock = clock
        self._sleep = sleep
        self._next_at = 0.0
        self._session = requests.Session()
        # Proxies and .netrc of the machine are not ours to send tokens through.
        self._session.trust_env = False

    def send(self, method: str, url: str, **request: Any) -> Response:
        """Return any answer below 500 but 429; redirects are answers, never followed."""
        self._keep_the_gap()
        try:
            response = self._session.request(
                method, url, timeout=self._timeout, allow_redirects=False, **request
            )
        except requests.RequestException as failure:
            # The cause would print the address, and with it e-mails of a filter.
            raise self._failure(method, failure) from None

        self._check_busy(method, response)
        return response

    def read_json(self, method: str, response: Response) -> Any:
        """Return the body; a broken one leaves a write's outcome unknown."""
        try:
            return response.json()
        except requests.JSONDecodeError:
            raise self._unanswered(method, "answered with a broken body") from None

    def _keep_the_gap(self) -> None:
        """Wait until a request may follow the one before."""
        now = self._clock()
        if self._gap_seconds and now < self._next_at:
            self._sleep(self._next_at - now)
        self._next_at = max(now, self._next_at) + self._gap_seconds

    def _failure(self, method: str, failure: requests.RequestException) -> RetryLater:
        if may_have_arrived(failure):
            return self._unanswered(method, "did not answer")
        return RetryLater(f"{self._service} cannot be reached")

    def _check_busy(self, method: str, response: Response) -> None:
        status = response.status_code
        if status in {TOO_MANY_REQUESTS, NOT_TAKEN}:
            raise RetryLater(f"{self._service} answered {status}", seconds=retry_after_seconds(response))
        if status in SERVER_ERRORS:
            raise self._unanswered(method, f"answered {status}", retry_after_seconds(response))

    def _unanswered(self, method: str, what: str, seconds: float | None = None) -> RetryLater:
        error = RetryLater if method in SAFE_METHODS else OutcomeUnknown
        return error(f"{self._service} {what}", seconds=seconds)


def may_have_arrived(failure: requests.RequestException) -> bool:
    """Whether the request could have reached the other side before it failed."""
    if isinstance(failure, requests.ConnectTimeout):
        return False
    if not isinstance(failure, requests.ConnectionError):
        return True
    cause = failure.args[0] if failure.args else None
    reason = getattr(cause, "reason", cause)
    return not isinstance(reason, HTTPError) or isinstance(reason, BrokenConnection | ReadTimeoutError)


def retry_after_seconds(response: Response) -> float | None:
    """Read Retry-After in both its forms, seconds or a date; a date is measured by the server's own clock."""
    value = response.headers.get("Retry-After", "").strip()
    if value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        wait = parsedate_to_datetime(value) - parsedate_to_datetime(response.headers.get("Date", ""))
    except (TypeError, ValueError):
        return None
    return max(0.0, wait.total_seconds())
