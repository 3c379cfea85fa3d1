"""Webhook bodies that do not fit a message, in S3 until they are worked off, for 14 days at most."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Bodies:
    """
    Raw bodies under a name of their own contents: a repeated delivery overwrites itself.

    The client is made when the first large body comes: most never need S3, and it starts slowly.
    """

    def __init__(self, client: Callable[[], "S3Client"], bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, shop: str, raw: bytes) -> str:
        """Keep a body; return its key."""
        key = f"bodies/{shop}/{hashlib.sha256(raw).hexdigest()}"
        self._client().put_object(Bucket=self._bucket, Key=key, Body=raw)
        return key

    def get(self, key: str) -> bytes | None:
        """
        Read a body back; None where it is gone: the same bytes were worked off, or their customer forgotten.

        NOTE: S3 says "no such key" only to whoever may list the bucket, and "access denied" to others.
        """
        try:
            return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchKey":
                raise
            return None

    def drop(self, key: str) -> None:
        """Let go of a body with which nothing more is to be done."""
        self._client().delete_object(Bucket=self._bucket, Key=key)
