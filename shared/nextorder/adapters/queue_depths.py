"""How full queues are, and for how long their oldest message has waited."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_ATTRIBUTES: Final[Any] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
]
_LOOK_BACK: Final = timedelta(minutes=15)
"""NOTE: CloudWatch has a queue's metrics some minutes late, and none of a queue that is long empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """One queue's, roughly."""

    name: str
    waiting: int
    in_flight: int
    """Being worked on, or put back for a while."""
    delayed: int
    oldest_seconds: int | None
    """None = not known."""


def depth(sqs: "SQSClient", cloudwatch: Any, name: str, url: str, as_of: datetime) -> Depth:
    """Ask SQS how many messages there are, and CloudWatch how old the oldest is: SQS does not tell."""
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=_ATTRIBUTES)["Attributes"]
    waiting, in_flight, delayed = (int(found.get(attribute, 0)) for attribute in _ATTRIBUTES)
    return Depth(
        name=name,
        waiting=waiting,
        in_flight=in_flight,
        delayed=delayed,
        oldest_seconds=_oldest(cloudwatch, url.rpartition("/")[2], as_of) if waiting + in_flight else 0,
    )


def _oldest(cloudwatch: Any, queue: str, as_of: datetime) -> int | None:
    points = cloudwatch.get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": queue}],
        StartTime=as_of - _LOOK_BACK,
        EndTime=as_of,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    return int(max(points, key=lambda point: point["Timestamp"])["Maximum"]) if points else None
