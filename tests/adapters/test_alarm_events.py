"""An alarm is the same one, handed to the function or listed."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from nextorder.adapters.alarm_events import read_alarm, standing_alarms
from nextorder.domain.alarms import Alarm

EVENT = json.loads((Path(__file__).parents[2] / "events" / "tell_human.json").read_text())
FUNCTIONS = "arn:aws:lambda:us-east-1:000000000000:function:"
TELL_HUMAN = "nextorder-TellHuman-3C2B"
SAID = EVENT["alarmData"]["configuration"]["description"]
OFF_AT = datetime(2026, 11, 23, 9, 5, 12, 345_000, tzinfo=UTC)
DEAD_FACTS = Alarm(
    name="nextorder-DeadFactsAlarm-1A2B3C4D",
    stack="nextorder",
    description=SAID,
    since=OFF_AT,
    looks_at_seconds=300,
    letters="nextorder-DeadFacts-5E6F7A8B",
)


class Listed:
    """CloudWatch, which lists what stands in pages."""

    def __init__(self, *alarms: Mapping[str, Any]) -> None:
        self._alarms = alarms
        self.asked: dict[str, Any] = {}

    def get_paginator(self, operation: str) -> "Listed":
        assert operation == "describe_alarms"
        return self

    def paginate(self, **asked: Any) -> Iterator[Any]:
        self.asked = asked
        yield {"MetricAlarms": []}
        yield from ({"MetricAlarms": [alarm]} for alarm in self._alarms)


def listed(metric: str, **dimensions: str) -> dict[str, Any]:
    return {
        "AlarmName": DEAD_FACTS.name,
        "AlarmDescription": SAID,
        "StateUpdatedTimestamp": OFF_AT + timedelta(hours=20),
        "StateTransitionedTimestamp": OFF_AT,
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Period": 300,
        "AlarmActions": ["arn:aws:sns:us-east-1:000000000000:x", f"{FUNCTIONS}{TELL_HUMAN}"],
    }


def test_an_alarm_that_goes_off_is_read() -> None:
    assert read_alarm(EVENT, "nextorder") == DEAD_FACTS


def test_those_that_stand_are_listed() -> None:
    letters = listed("ApproximateNumberOfMessagesVisible", QueueName=DEAD_FACTS.letters)
    age = listed("ApproximateAgeOfOldestMessage", QueueName="nextorder-Facts-9C8D")
    cloudwatch = Listed(letters, age)

    first, second = standing_alarms(cloudwatch, "nextorder", TELL_HUMAN)

    assert first == DEAD_FACTS
    assert second.letters == ""
    assert cloudwatch.asked["AlarmNamePrefix"] == "nextorder-"
    assert cloudwatch.asked["StateValue"] == "ALARM"


def test_a_platform_that_notes_no_turn_says_when_it_last_looked() -> None:
    alarm = listed("Errors") | {"StateUpdatedTimestamp": OFF_AT}
    del alarm["StateTransitionedTimestamp"]

    [found] = standing_alarms(Listed(alarm), "nextorder", TELL_HUMAN)

    assert found.since == OFF_AT


def test_those_of_a_stack_whose_name_begins_alike_are_left_to_it() -> None:
    other = listed("Errors") | {"AlarmActions": [f"{FUNCTIONS}nextorder-two-TellHuman-1F2E"]}

    assert list(standing_alarms(Listed(other), "nextorder", TELL_HUMAN)) == []


@pytest.mark.parametrize("event", [{}, {"alarmData": {}}, {"alarmData": {"configuration": {"metrics": []}}}])
def test_what_is_no_alarm_of_one_metric_is_refused(event: dict[str, Any]) -> None:
    with pytest.raises((KeyError, IndexError)):
        read_alarm(event, "nextorder")
