"""Alarms: as CloudWatch hands one to a function when it goes off, and as it lists those that stand."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.domain.alarms import Alarm

_DEAD_LETTERS: Final = "ApproximateNumberOfMessagesVisible"


def read_alarm(event: Mapping[str, Any], stack: str) -> Alarm:
    """
    Read an alarm of one metric.

    Raises:
        KeyError, IndexError, ValueError: It is none.
    """
    data = event["alarmData"]
    settings = data["configuration"]
    watched = settings["metrics"][0]["metricStat"]
    metric = watched["metric"]
    return Alarm(
        name=data["alarmName"],
        stack=stack,
        description=settings["description"],
        since=datetime.fromisoformat(data["state"]["timestamp"]).astimezone(UTC),
        looks_at_seconds=watched["period"],
        letters=_letters(metric["name"], metric["dimensions"]),
    )


def standing_alarms(client: Any, stack: str, function: str) -> Iterator[Alarm]:
    """Yield those of a stack that stand now and call the function; another stack's name may begin alike."""
    pages = client.get_paginator("describe_alarms").paginate(
        AlarmNamePrefix=f"{stack}-", AlarmTypes=["MetricAlarm"], StateValue="ALARM"
    )
    for found in (alarm for page in pages for alarm in page["MetricAlarms"]):
        if not any(action.endswith(f":{function}") for action in found["AlarmActions"]):
            continue
        # NOTE: "updated" also moves while an alarm stands and lacks data; a local stack notes no turn
        since = found.get("StateTransitionedTimestamp", found["StateUpdatedTimestamp"])
        yield Alarm(
            name=found["AlarmName"],
            stack=stack,
            description=found["AlarmDescription"],
            since=since.astimezone(UTC),
            looks_at_seconds=found["Period"],
            letters=_letters(found["MetricName"], {one["Name"]: one["Value"] for one in found["Dimensions"]}),
        )


def _letters(metric: str, dimensions: Mapping[str, str]) -> str:
    return dimensions["QueueName"] if metric == _DEAD_LETTERS else ""
