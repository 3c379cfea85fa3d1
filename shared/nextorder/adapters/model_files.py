"""Fitted models in S3, for whoever wants to look at them: artefact, runtime document, card."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ModelFiles:
    """ports.Artefacts."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, shop: str, model: str, files: Mapping[str, bytes]) -> None:
        """Write a model's files; the card, which has the others' hashes, last."""
        for name in sorted(files, reverse=True):
            key = f"{_folder(shop)}{model}/{name}"
            self._client.put_object(Bucket=self._bucket, Key=key, Body=files[name])

    def erase(self, shop: str) -> None:
        """Delete all of a shop's."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=_folder(shop)
        )
        for page in pages:
            for found in page.get("Contents", []):
                self._client.delete_object(Bucket=self._bucket, Key=found["Key"])


def _folder(shop: str) -> str:
    return f"models/{shop}/"
