"""What of a shop lies outside the table: files in S3, keys in Secrets Manager."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient


def keys_under(client: "S3Client", bucket: str, prefix: str) -> Iterator[str]:
    """Yield the names of all objects that begin so."""
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        yield from (found["Key"] for found in page.get("Contents", []))


def write_connection(
    client: "SecretsManagerClient", secret_arn: str, shop: str, keys: Mapping[str, Any] | None
) -> None:
    """Write one shop's keys into the secret, beside the others'; None takes them out."""

    def change(shops: dict[str, Any]) -> None:
        held = shops.pop(shop, {})
        if keys is not None:
            shops[shop] = held | dict(keys)

    _change(client, secret_arn, change)


def write_destination(
    client: "SecretsManagerClient", secret_arn: str, shop: str, name: str, settings: Mapping[str, str]
) -> None:
    """Write what a shop has told us of one further destination, beside the others'."""

    def change(shops: dict[str, Any]) -> None:
        destinations = shops.setdefault(shop, {}).setdefault("destinations", {})
        destinations[name] = dict(settings)

    _change(client, secret_arn, change)


def _change(
    client: "SecretsManagerClient", secret_arn: str, change: Callable[[dict[str, Any]], None]
) -> None:
    """
    Change all shops' keys; what another process wrote since they were read is written again, with this.

    NOTE: Secrets Manager writes on no condition. Which version ours has replaced, it tells.
    """
    replaced = client.get_secret_value(SecretId=secret_arn)
    read = replaced["VersionId"]
    while True:
        document = json.loads(replaced["SecretString"])
        change(document.setdefault("shops", {}))
        written = client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(document))["VersionId"]
        replaced = client.get_secret_value(SecretId=secret_arn, VersionStage="AWSPREVIOUS")
        # where it is our own, somebody has read ours and gone on
        if replaced["VersionId"] in (read, written):
            return
        read = written
