"""The merchant's pages in S3, in a private folder, each by its shop and day."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
}


class Reports:
    """ports.Shelf. A page names one customer by id; it is gone after four weeks, as a redaction asks."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def keep(self, shop: str, day: str, files: Mapping[str, bytes]) -> None:
        """Write files in their order; those of the same day are replaced."""
        for name, body in files.items():
            kind = _KINDS[name.rpartition(".")[2]]
            self._client.put_object(
                Bucket=self._bucket, Key=_key(shop, day, name), Body=body, ContentType=kind
            )

    def read(self, shop: str, day: str, name: str) -> bytes:
        """Return one file."""
        found = self._client.get_object(Bucket=self._bucket, Key=_key(shop, day, name))
        return found["Body"].read()

    def link(self, shop: str, day: str, name: str, holds: timedelta) -> str:
        """
        Return an address that opens one file for whoever has it.

        NOTE: signed with a role's keys it ends when they do, however long it was to hold.
        """
        where = {"Bucket": self._bucket, "Key": _key(shop, day, name)}
        return self._client.generate_presigned_url(
            "get_object", Params=where, ExpiresIn=int(holds.total_seconds())
        )


def _key(shop: str, day: str, name: str) -> str:
    return f"reports/{shop}/{day}/{name}"
