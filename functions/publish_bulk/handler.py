"""Show a destination what is known of everyone: a first scoring, a refit, a repair."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import failing, log_refusal
from nextorder.bootstrap import publish, update
from nextorder.domain.errors import NeedsHuman
from nextorder.use_cases.publish_bulk import publish_round

logger = Logger()

MILLIS_FOR_A_BATCH = 600_000
"""Eight minutes of a destination's patience, and two for requests and the table."""


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """
    Publish everyone of `{"shop", "destination"}`; safe to repeat until nothing is left over.

    With `"again"` all is said afresh; with `"take_back"` everything of ours is taken away, with
    `"take_off"` what the shop does not let out any more; `"agreed"` lets a change of many pass.
    What does not fit into one invocation is
    the answer's `"next"`: the event that goes on. Where no retry helps but a human is needed, the
    answer's `"waits"` says for what.
    """
    with failing(logger, event["shop"]):
        return publish_on(event, context)


def publish_on(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Publish as far as time allows."""
    publisher = replace(
        publish.publisher(event["destination"], patient=True),
        # what the merchant has said a second ago counts, and what they say while it runs
        shops=update.shops_anew(),
        takes_back=bool(event.get("take_back")),
        takes_off=bool(event.get("take_off")),
        agreed=bool(event.get("agreed")),
    )
    try:
        done = publish_round(
            event["shop"],
            publisher=publisher,
            as_of=datetime.now(UTC),
            again=bool(event.get("again")),
            after=event.get("after", ""),
            clock=lambda: datetime.now(UTC),
            has_time=lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_A_BATCH,
        )
    except NeedsHuman as error:
        log_refusal(logger, error, event["shop"], destination=event["destination"])
        return {"waits": str(error)}
    said: dict[str, Any] = {outcome.value: count for outcome, count in done.counts.items()}
    logger.info(
        "published", shop=event["shop"], destination=event["destination"], counts=said, is_last=done.is_last
    )
    following = {**event, "after": done.after, **({"agreed": True} if done.passed else {})}
    return said if done.is_last else {**said, "next": following}
