"""tell_human on its own: an alarm's mail says whose it is, and comes whatever happens."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.queues import Delivery, to_message
from tests.functions.mailbox import mail_with, mailbox
from tests.system.cloud import Cloud
from tests.system.shops import EVENTS, TOLD

Event = Callable[[str], Any]
NO_PAGE = "1999-01-04"


@pytest.fixture(scope="module")
def inbox(cloud: Cloud) -> str:
    """Of whoever is told when something needs a human."""
    return mailbox(cloud, "NeedsHuman")


def metric_of(alarm: Any) -> Any:
    """Return what an alarm watches."""
    [metric] = alarm["alarmData"]["configuration"]["metrics"]
    return metric["metricStat"]["metric"]


def test_dead_letters_are_counted_by_shop_and_stay_where_they_are(
    cloud: Cloud, event: Event, inbox: str
) -> None:
    alarm = event("tell_human")
    url = cloud.queue("DeadFacts")
    metric_of(alarm)["dimensions"]["QueueName"] = url.rpartition("/")[2]
    for shop in (EVENTS, EVENTS, TOLD):
        letter = Delivery(topic="orders/create", shop=shop, body='{"email": "anna@example.com"}', reason="x")
        cloud.sqs.send_message(QueueUrl=url, **to_message(letter))
    before = sorted(letter.shop for letter in cloud.letters())

    answer = cloud.invoke("TellHuman", alarm)

    told = mail_with(cloud, inbox, "a webhook could not be used")
    assert told["Subject"].split(":")[0].split(" ")[0] in before
    assert f"{EVENTS}: {before.count(EVENTS)} messages" in told["Message"]
    assert "nextorder dead-letters" in told["Message"]
    assert "anna" not in told["Message"] + answer.log
    assert sorted(letter.shop for letter in cloud.letters()) == before


def test_what_the_log_says_names_the_shop(cloud: Cloud, event: Event, inbox: str) -> None:
    failed = cloud.client("lambda").invoke(
        FunctionName=cloud.function("DrawReport"), Payload=json.dumps({"shop": TOLD, "day": NO_PAGE})
    )
    alarm = event("tell_human")
    said = "The weekly page was not drawn. Look at the log of DrawReport."
    alarm["alarmData"]["configuration"]["description"] = said
    alarm["alarmData"]["state"]["timestamp"] = datetime.now(UTC).isoformat()
    metric_of(alarm).update(namespace="AWS/Lambda", name="Errors", dimensions={})

    cloud.invoke("TellHuman", alarm)

    assert failed["FunctionError"]
    told = mail_with(cloud, inbox, "not drawn")
    assert told["Subject"] == f"{TOLD}: the weekly page was not drawn"
    assert f"{TOLD}: 1 line of the log" in told["Message"]


def test_an_alarm_that_stands_is_told_again_the_next_day(cloud: Cloud, event: Event, inbox: str) -> None:
    stands = cloud.function("WriteReportAlarm")
    set_state = cloud.client("cloudwatch").set_alarm_state
    set_state(AlarmName=stands, StateValue="ALARM", StateReason="of a test")
    asked = event("tell_human_standing")

    today = cloud.invoke("TellHuman", asked)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    cloud.invoke("TellHuman", {**asked, "as_of": tomorrow.isoformat()})

    set_state(AlarmName=stands, StateValue="OK", StateReason="of a test")
    assert "failed" not in today.log
    told = mail_with(cloud, inbox, "was not written")
    assert EVENTS in told["Message"]
    assert stands in told["Message"]


def test_what_the_function_cannot_read_is_mailed_as_it_came(cloud: Cloud, inbox: str) -> None:
    cloud.client("lambda").invoke(
        FunctionName=cloud.function("TellHuman"),
        InvocationType="Event",
        Payload=json.dumps({"alarmData": "of another form"}),
    )

    assert mail_with(cloud, inbox, "of another form")
