"""Answers to customers' data requests, in S3, until the merchant has handed them over."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nextorder.adapters.shop_data import keys_under

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class Answers:
    """Kept for 30 days; named by shop and customer, so that a redaction finds them."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, shop: str, customer: str, request: str, answer: Mapping[str, Any]) -> str:
        """Write an answer; return where it lies."""
        key = f"{_folder(shop, customer)}{request}.json"
        body = json.dumps(answer, indent=2, ensure_ascii=False)
        self._client.put_object(Bucket=self._bucket, Key=key, Body=body.encode())
        return f"s3://{self._bucket}/{key}"

    def erase(self, shop: str, customer: str = "") -> None:
        """Delete the answers of one customer, or of all of a shop's."""
        for key in keys_under(self._client, self._bucket, _folder(shop, customer)):
            self._client.delete_object(Bucket=self._bucket, Key=key)


def _folder(shop: str, customer: str) -> str:
    return f"data-requests/{shop}/{customer}/" if customer else f"data-requests/{shop}/"
