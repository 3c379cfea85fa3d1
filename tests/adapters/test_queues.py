"""Messages on SQS: when they come back, how many wait."""

from typing import Any

import pytest

from nextorder.adapters.queues import LONGEST_VISIBILITY_SECONDS, Queue


class Sqs:
    """The two calls that are asked here."""

    hidden: int = -1

    def change_message_visibility(self, **request: Any) -> None:
        self.hidden = request["VisibilityTimeout"]

    def get_queue_attributes(self, **request: Any) -> dict[str, Any]:
        return {"Attributes": dict.fromkeys(request["AttributeNames"], "17")}


@pytest.mark.parametrize(
    ("asked", "seconds"),
    [(0, 1), (-1, 1), (0.2, 1), (7.01, 8), (15, 15), (10**6, LONGEST_VISIBILITY_SECONDS)],
)
def test_a_message_never_comes_back_before_its_time(asked: float, seconds: int) -> None:
    sqs = Sqs()
    Queue(sqs, "url").hide("receipt", asked)  # type: ignore[arg-type]

    assert sqs.hidden == seconds


def test_what_waits_is_counted() -> None:
    assert Queue(Sqs(), "url").waiting() == 17  # type: ignore[arg-type]
