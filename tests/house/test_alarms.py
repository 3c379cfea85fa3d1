"""Every alarm goes through tell_human, which finds its shops by what its description says."""

import re
from pathlib import Path

import pytest

from nextorder.adapters.change_messages import LONGEST_WAIT_SECONDS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "template.yaml").read_text()
PARTS = {part.split(":")[0]: part for part in re.split(r"\n  (?=\w+:\n)", TEMPLATE)}
ALARMS = {name: part for name, part in PARTS.items() if "Type: AWS::CloudWatch::Alarm" in part}
SAYS = re.compile(r"AlarmDescription: ([^.`]+)\. .+")


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_says_what_happened_and_can_be_traced_to_its_shops(alarm: str) -> None:
    part = ALARMS[alarm]
    [function] = re.findall(r"\blog of (\w+)", part) or [""]
    counts_letters = "MetricName: ApproximateNumberOfMessagesVisible" in part

    assert "AlarmActions: [!GetAtt TellHuman.Arn]" in part
    assert SAYS.search(part)
    if function:
        assert "Type: AWS::Serverless::Function" in PARTS[function]
    else:
        assert counts_letters or "MetricName: KeyRefused" in part


def test_a_queue_of_dead_letters_that_is_watched_is_one_that_is_read() -> None:
    watched = {
        name
        for part in ALARMS.values()
        for name in re.findall(r"Value: !GetAtt (\w+)\.QueueName", part)
        if "ApproximateNumberOfMessagesVisible" in part
    }

    assert watched == set(re.findall(r"QUEUE_URL: !Ref (\w+)", PARTS["TellHuman"]))


def test_where_it_fails_itself_the_bare_alarm_is_mailed() -> None:
    assert "DestinationConfig: {OnFailure: {Type: SNS, Destination: !Ref NeedsHuman}}" in PARTS["TellHuman"]


@pytest.mark.parametrize("alarm", ["RefusedKeyAlarm", "ReconcileAlarm"])
def test_what_fails_anew_each_quarter_or_hour_is_one_mail(alarm: str) -> None:
    """An alarm that is over between two tries would go off with each."""
    [looks_at_seconds] = re.findall(r"Period: (\d+)", PARTS[alarm])

    assert "rate(1 hour)" in PARTS["Reconcile"]
    assert int(looks_at_seconds) > 3600 > LONGEST_WAIT_SECONDS
