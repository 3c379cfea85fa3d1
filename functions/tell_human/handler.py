"""An alarm went off: mail which shops it concerns, what happened, and what to do; daily while it stands."""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import Failures
from nextorder.bootstrap import human, mail
from nextorder.use_cases.tell_human import tell_human

logger = Logger()

MILLIS_FOR_THE_MAIL = 20_000


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> None:
    """
    Tell of the event's alarm, or with `"standing"` of all that stand, at the moment `"as_of"` if it says so.

    Where this fails, Lambda mails the bare event to the same topic.
    """
    as_of = datetime.fromisoformat(event["as_of"]) if "as_of" in event else datetime.now(UTC)
    witness = human.witness(lambda: context.get_remaining_time_in_millis() >= MILLIS_FOR_THE_MAIL)
    for alarm in human.alarms(event, as_of):
        tell_human(alarm, witness=witness, tell=mail.tell, guard=Failures(logger).guard, as_of=as_of)
