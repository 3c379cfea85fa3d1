"""The boundary of a Lambda batch: one message's failure is its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools import Logger


@dataclass(slots=True)
class Failures:
    """Collects the messages that shall come back, for `ReportBatchItemFailures`."""

    logger: Logger
    message_ids: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    """Each error's type and place."""

    @contextmanager
    def guard(self, *message_ids: str) -> Iterator[None]:
        """Keep a failure from the neighbours; what failed is tried again by the queue."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # the handler's own boundary
            # the words of an unforeseen error may carry data of a person: its type and place are enough
            kind, place = type(error).__name__, _place(error)
            self.logger.error("failed", error=kind, place=place)  # noqa: TRY400
            self.reasons.add(f"{kind} in {place}")
            self.message_ids.update(message_ids)

    def response(self) -> dict[str, Any]:
        """Return what Lambda expects of a batch."""
        return {"batchItemFailures": [{"itemIdentifier": i} for i in sorted(self.message_ids)]}


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace else ""
