"""Webhook bodies that do not fit a message, in S3 for 14 days."""

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

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

    def get(self, key: str) -> bytes:
        """Read a body back."""
        return self._client().get_object(Bucket=self._bucket, Key=key)["Body"].read()
