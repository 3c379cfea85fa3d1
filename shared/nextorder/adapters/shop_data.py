"""What of a shop lies outside the table: files in S3, keys in Secrets Manager."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef


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

    NOTE: Secrets Manager writes on no condition. Which version ours has replaced, it tells, if need be
    late: what is no newer than what was read has been read before.
    """
    found, ours = client.get_secret_value(SecretId=secret_arn), set[str]()
    while True:
        document = json.loads(found["SecretString"])
        change(document.setdefault("shops", {}))
        ours.add(client.put_secret_value(SecretId=secret_arn, SecretString=json.dumps(document))["VersionId"])
        replaced = _replaced(client, secret_arn)
        # where it is our own, somebody has read ours and gone on
        if not replaced or replaced["VersionId"] in ours or replaced["CreatedDate"] <= found["CreatedDate"]:
            return
        found = replaced


def _replaced(client: "SecretsManagerClient", secret_arn: str) -> "GetSecretValueResponseTypeDef | None":
    """Read the version before the present one; None where there was none, or it is not known yet."""
    try:
        return client.get_secret_value(SecretId=secret_arn, VersionStage="AWSPREVIOUS")
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return None
