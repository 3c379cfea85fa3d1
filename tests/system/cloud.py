"""The deployed stack's AWS as a test sees it: functions, table, bucket, queues, logs."""

import base64
import gzip
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from nextorder.adapters.bodies import Bodies
from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.queues import Delivery, from_record
from nextorder.bootstrap.update import prior
from tests.local_stack.build_and_deploy import session
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.places import REGION

T = TypeVar("T")

PATIENCE_SECONDS = 180.0
"""A loaded machine with two cores takes its time; what comes at all costs no more for it."""
PATIENT = Config(read_timeout=600)
"""A function that takes longer than botocore waits would be run a second time beside the first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a function returned, and the end of its log."""

    value: Any
    log: str


@dataclass(frozen=True)
class Cloud:
    """One deployed stack."""

    endpoints: Endpoints

    def client(self, service: str, aws: boto3.Session | None = None) -> Any:
        """Return a client, with the rights of `aws` or with all."""
        make: Callable[..., Any] = (aws or session()).client
        return make(service, endpoint_url=self.endpoints.aws_endpoint_url, config=PATIENT)

    @cached_property
    def dynamodb(self) -> Any:
        return self.client("dynamodb")

    @cached_property
    def sqs(self) -> Any:
        return self.client("sqs")

    @cached_property
    def s3(self) -> Any:
        return self.client("s3")

    @property
    def table(self) -> str:
        return self.endpoints.table_name

    @property
    def bucket(self) -> str:
        return self.endpoints.outputs["BucketName"]

    @property
    def customers(self) -> DynamoCustomers:
        return DynamoCustomers(self.dynamodb, self.table, new_log_key=lambda: "of-a-test")

    @property
    def shops(self) -> DynamoShops:
        """Return the shops, without what was read before."""
        return DynamoShops(self.dynamodb, self.table, prior=prior)

    def function(self, logical_id: str) -> str:
        """Return a function's name by its name in template.yaml."""
        found = self.client("cloudformation").describe_stack_resource(
            StackName=self.endpoints.stack_name, LogicalResourceId=logical_id
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def as_role_of(self, logical_id: str) -> boto3.Session:
        """Return a session with the rights of a deployed function."""
        settings = self.client("lambda").get_function_configuration(FunctionName=self.function(logical_id))
        given = self.client("sts").assume_role(RoleArn=settings["Role"], RoleSessionName="tests")[
            "Credentials"
        ]
        return boto3.Session(
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            region_name=REGION,
        )

    def invoke(self, logical_id: str, event: Any) -> Answer:
        """Run a deployed function and wait; one that raises fails the test."""
        reply = self.client("lambda").invoke(
            FunctionName=self.function(logical_id), Payload=json.dumps(event), LogType="Tail"
        )
        value = json.loads(reply["Payload"].read() or "null")
        assert "FunctionError" not in reply, value
        return Answer(value, base64.b64decode(reply.get("LogResult", "")).decode())

    def queue(self, output: str) -> str:
        """Return a queue's address by its name in template.yaml."""
        return self.endpoints.outputs[f"{output}QueueUrl"]

    def letters(self, queue: str = "DeadFacts") -> list[Delivery]:
        """Return what waits in a queue of dead letters, all readable; it is there again afterwards."""
        return [_delivery(message) for message in self.messages(queue)]

    def messages(self, queue: str) -> list[Any]:
        """Return what waits in a queue as it lies there; all of it is there again afterwards."""
        found: list[Any] = []
        request = {"MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"], "VisibilityTimeout": 60}
        while messages := self.sqs.receive_message(QueueUrl=self.queue(queue), **request).get("Messages", []):
            found += messages
        for message in found:
            self.sqs.change_message_visibility(
                QueueUrl=self.queue(queue), ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return found

    def every_item(self) -> Iterator[dict[str, Any]]:
        """Yield every item of the table."""
        return items.pages(self.dynamodb.scan, TableName=self.table)

    def objects(self, prefix: str = "") -> Mapping[str, bytes]:
        """Return the bucket's objects, those of the score log unpacked."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        keys = [found["Key"] for page in pages for found in page.get("Contents", [])]
        found = {key: body for key in keys if (body := self._object(key)) is not None}
        return {key: gzip.decompress(body) if key.endswith(".gz") else body for key, body in found.items()}

    def _object(self, key: str) -> bytes | None:
        """Read an object; None where a function has let go of it since it was listed."""
        return Bodies(lambda: self.s3, self.bucket).get(key)

    def log_lines(self) -> Iterator[str]:
        """Yield every line that any function has logged."""
        logs = self.client("logs")
        for group in logs.describe_log_groups()["logGroups"]:
            pages = logs.get_paginator("filter_log_events").paginate(logGroupName=group["logGroupName"])
            for page in pages:
                yield from (event["message"] for event in page["events"])


def eventually(look: Callable[[], T], *, seconds: float = PATIENCE_SECONDS) -> T:
    """Look until something true is seen, and return it; fail with what was seen last."""
    deadline = time.monotonic() + seconds
    seen = look()
    while not seen:
        assert time.monotonic() < deadline, f"not within {seconds:.0f} s, last seen: {seen!r}"
        time.sleep(0.1)
        seen = look()
    return seen


def _delivery(message: Mapping[str, Any]) -> Delivery:
    attributes = message.get("MessageAttributes", {})
    named = {name: {"stringValue": value["StringValue"]} for name, value in attributes.items()}
    return from_record({"body": message["Body"], "messageAttributes": named})
