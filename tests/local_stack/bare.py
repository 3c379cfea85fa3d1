"""An AWS in which no stack is deployed: an empty table and bucket, and the connected shops' secret."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from nextorder.adapters.dynamodb.items import DUE_INDEX
from tests.local_stack.build_and_deploy import session
from tests.local_stack.ministack import start_ministack
from tests.local_stack.processes import Processes

TABLE = "table"
BUCKET = "bucket"
_NO_KEYS = json.dumps({"pepper": "p" * 40, "shops": {}})


@dataclass(frozen=True, slots=True)
class BareAws:
    """Where it is."""

    url: str
    secret_arn: str

    def client(self, service: str) -> Any:
        """Return a client of one of its services."""
        return session().client(service, endpoint_url=self.url)  # type: ignore[call-overload]

    def forget_keys(self) -> None:
        """Leave no shop's keys in the secret."""
        self.client("secretsmanager").put_secret_value(SecretId=self.secret_arn, SecretString=_NO_KEYS)


@contextmanager
def bare_aws(name: str) -> Iterator[BareAws]:
    """Start one, with a table of template.yaml's keys and index; a second."""
    with Processes(name) as processes:
        url = start_ministack(processes)
        secret = session().client("secretsmanager", endpoint_url=url)
        aws = BareAws(url, secret.create_secret(Name="connections", SecretString=_NO_KEYS)["ARN"])
        aws.client("s3").create_bucket(Bucket=BUCKET)
        aws.client("dynamodb").create_table(
            TableName=TABLE,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[
                {"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "due_shard", "due_at")
            ],
            KeySchema=_keys("pk", "sk"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": DUE_INDEX,
                    "KeySchema": _keys("due_shard", "due_at"),
                    "Projection": {"ProjectionType": "KEYS_ONLY"},
                }
            ],
        )
        yield aws


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}]
