"""What tell_human looks at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from nextorder.adapters.alarm_events import read_alarm, standing_alarms
from nextorder.adapters.dead_letters import DeadLetters
from nextorder.adapters.log_lines import LogLines
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import update
from nextorder.domain.alarms import MOST_SEEN, Alarm
from nextorder.use_cases.tell_human import Witness


def alarms(event: Mapping[str, Any], as_of: datetime) -> Iterable[Alarm]:
    """Return the event's alarm, or with `"standing"` all that have stood for long."""
    stack = env.variable("STACK_NAME")
    if event.get("standing"):
        standing = standing_alarms(env.cloudwatch(), stack, env.variable("AWS_LAMBDA_FUNCTION_NAME"))
        return [alarm for alarm in standing if alarm.stands(as_of)]
    return [read_alarm(event, stack)]


def witness(has_time: Callable[[], bool]) -> Witness:
    """Return what knows of shops."""
    log = LogLines(env.logs(), env.variable("LOG_GROUP"), has_time=has_time)
    return Witness(connected=_connected, letters=_letters, lines=log.shops)


def _connected() -> list[str]:
    shops = update.shops()
    return [shop.id for shop in filter(None, map(shops.get, shops.connected())) if not shop.uninstalled_at]


def _letters(queue: str) -> Iterator[str]:
    [url] = (url for url in map(env.variable, env.DEAD_QUEUES) if url.endswith(f"/{queue}"))
    yield from (letter.shop for letter in DeadLetters(env.sqs(), url).look(MOST_SEEN))
