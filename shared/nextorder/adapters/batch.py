"""The boundary of a handler: one message's or shop's failure is its own, and the log names the shop."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from nextorder.domain.errors import NeedsHuman, NextorderError

T = TypeVar("T")
FAILED: Final = "failed"
REFUSED: Final = "a human is needed"
"""What such lines say: by them an alarm's mail finds the shops that it concerns."""


class SomeFailed(Exception):
    """An invocation counts as failed; which shops, and why, stands in the log."""


@dataclass(slots=True)
class Failures:
    """Collects the messages that shall come back, for `ReportBatchItemFailures`, or the shops that failed."""

    logger: Logger
    message_ids: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    """Each error's type and place."""

    @contextmanager
    def guard(self, *message_ids: str, shop: str = "-") -> Iterator[None]:
        """Keep a failure from the neighbours; what failed is tried again by the queue."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # the handler's own boundary
            self.reasons.add(_log(self.logger, error, shop))
            self.message_ids.update(message_ids)

    def each(self, read: Callable[[str], T | None], shops: Iterable[str]) -> Iterator[T | None]:
        """Yield what is read of each shop, one after the other; None also where that failed."""
        for shop in shops:
            found = None
            with self.guard(shop, shop=shop):
                found = read(shop)
            yield found

    def response(self) -> dict[str, Any]:
        """Return what Lambda expects of a batch."""
        return {"batchItemFailures": [{"itemIdentifier": i} for i in sorted(self.message_ids)]}

    def end(self) -> None:
        """
        End a schedule's run.

        Raises:
            SomeFailed: Something did.
        """
        if self.message_ids:
            raise SomeFailed(f"{len(self.message_ids)} failed: {', '.join(sorted(self.reasons))}")


@contextmanager
def failing(logger: Logger, shop: str) -> Iterator[None]:
    """
    Log which shop an invocation failed for, and let it fail.

    NOTE: Lambda logs the words of what leaves a handler: only errors of ours leave in theirs.

    Raises:
        SomeFailed: In place of an unforeseen error.
    """
    try:
        yield
    except NextorderError as error:
        _log(logger, error, shop)
        raise
    except Exception as error:  # noqa: BLE001  # the handler's own boundary
        raise SomeFailed(_log(logger, error, shop)) from None


def log_refusal(logger: Logger, error: NeedsHuman, shop: str, destination: str = "-") -> None:
    """Log which shop needs a human, and what for."""
    logger.warning(REFUSED, shop=shop, reason=str(error), destination=destination)


def _log(logger: Logger, error: Exception, shop: str) -> str:
    # the words of an unforeseen error may carry data of a person: its type and place are enough
    kind, place = _kind(error), _place(error)
    logger.error(FAILED, shop=shop, error=kind, place=place)
    return f"{kind} in {place}"


def _kind(error: Exception) -> str:
    kind = type(error).__name__
    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code", "")
        return f"{kind} {code} of {error.operation_name}"
    return kind


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
