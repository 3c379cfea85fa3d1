"""Each function may do what it must and nothing else: tried with its own role."""

from collections.abc import Callable, Mapping
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.system.cloud import Cloud

ITEM = {"pk": {"S": "nobody"}, "sk": {"S": "nothing"}}

Call = Callable[[Cloud, boto3.Session], Any]


def put(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("dynamodb", aws).put_item(TableName=cloud.table, Item=ITEM)


def get(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("dynamodb", aws).get_item(TableName=cloud.table, Key=ITEM)


def scan(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("dynamodb", aws).scan(TableName=cloud.table, Limit=1)


def secret(cloud: Cloud, aws: boto3.Session) -> object:
    arn = cloud.endpoints.outputs["ConnectionsSecretArn"]
    return cloud.client("secretsmanager", aws).get_secret_value(SecretId=arn)


def count(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("dynamodb", aws).update_item(TableName=cloud.table, Key=ITEM)


def depth(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("sqs", aws).get_queue_attributes(QueueUrl=cloud.queue("Facts"))


def body(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("s3", aws).put_object(Bucket=cloud.bucket, Key="bodies/nobody/x", Body=b"")


def scores(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("s3", aws).put_object(Bucket=cloud.bucket, Key="scores/x", Body=b"")


def read_scores(cloud: Cloud, aws: boto3.Session) -> object:
    cloud.s3.put_object(Bucket=cloud.bucket, Key="scores/x", Body=b"")
    return cloud.client("s3", aws).get_object(Bucket=cloud.bucket, Key="scores/x")


def unwrite_scores(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("s3", aws).delete_object(Bucket=cloud.bucket, Key="scores/nothing")


def page(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("s3", aws).put_object(Bucket=cloud.bucket, Key="reports/x/page.json", Body=b"")


def park(cloud: Cloud, aws: boto3.Session) -> object:
    return cloud.client("sqs", aws).send_message(QueueUrl=cloud.queue("Unrouted"), MessageBody="of a test")


EVERY: tuple[Call, ...] = (
    put,
    get,
    scan,
    count,
    depth,
    secret,
    body,
    scores,
    read_scores,
    unwrite_scores,
    page,
    park,
)
MAY: Mapping[str, frozenset[Call]] = {
    "ReceiveWebhook": frozenset({secret, body}),
    "UpdateCustomer": frozenset({put, get, count, depth, secret}),
    "WakeDue": frozenset({depth}),
    "Sweep": frozenset({put, get, scan, depth, secret}),
    "Reconcile": frozenset({put, get, count, depth, secret, body}),
    "TrainModels": frozenset({put, get, scan, count}),
    "JudgeForecasts": frozenset({put, get, scan, count, read_scores}),
    "WriteReport": frozenset({get, scan, page}),
    "DrawReport": frozenset({page}),
    "RouteChanges": frozenset({park}),
    "ArchiveScores": frozenset({count, scores, park}),
    "PublishShopify": frozenset({put, get, depth, secret}),
    "PublishKlaviyo": frozenset({put, get, count, depth, secret}),
    "PublishOthers": frozenset({put, get, depth, secret}),
    "PublishBulk": frozenset({put, get, scan, count, secret}),
    "ImportHistory": frozenset({put, get, scan, count, secret}),
    "TellHuman": frozenset({get}),
    "Forget": frozenset({put, get, scan, count, depth, secret, read_scores}),
}
"""What nobody may do is not among them: nobody takes a score out of the log."""


@pytest.mark.parametrize("function", MAY)
def test_a_function_may_do_what_it_must_and_nothing_else(cloud: Cloud, function: str) -> None:
    aws = cloud.as_role_of(function)

    assert {call for call in EVERY if is_allowed(cloud, aws, call)} == MAY[function]


def is_allowed(cloud: Cloud, aws: boto3.Session, call: Call) -> bool:
    """Tell whether a call is let through; any other failure than a denial fails the test."""
    try:
        call(cloud, aws)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException"):
            return False
        raise
    return True
