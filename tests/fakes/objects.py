"""A bucket in memory: keys come in order, and nothing is written over where that was asked for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from botocore.exceptions import ClientError


@dataclass
class InMemoryBucket:
    """The S3 client's calls, by S3's own words; notes what is asked of it."""

    objects: dict[str, bytes] = field(default_factory=dict)
    page: int = 1_000
    calls: list[str] = field(default_factory=list)

    def put_object(self, **said: Any) -> None:
        self.calls.append("put")
        if said.get("IfNoneMatch") == "*" and said["Key"] in self.objects:
            raise ClientError({"Error": {"Code": "PreconditionFailed"}}, "PutObject")
        self.objects[said["Key"]] = said["Body"]

    def get_object(self, **said: Any) -> dict[str, Any]:
        self.calls.append("get")
        if said["Key"] not in self.objects:
            raise ClientError({"Error": {"Code": "NoSuchKey"}}, "GetObject")
        return {"Body": BytesIO(self.objects[said["Key"]])}

    def delete_object(self, **said: Any) -> None:
        self.calls.append("delete")
        self.objects.pop(said["Key"], None)

    def get_paginator(self, name: str) -> "InMemoryBucket":
        assert name == "list_objects_v2"
        return self

    def paginate(self, **said: Any) -> Iterator[dict[str, Any]]:
        """Yield the pages that the paginator would."""
        page = self.list_objects_v2(**said)
        yield page
        while page["IsTruncated"]:
            page = self.list_objects_v2(**said, StartAfter=page["Contents"][-1]["Key"])
            yield page

    def list_objects_v2(self, **said: Any) -> dict[str, Any]:
        self.calls.append("list")
        after, most = said.get("StartAfter", ""), min(said.get("MaxKeys", self.page), self.page)
        keys = sorted(key for key in self.objects if key.startswith(said["Prefix"]) and key > after)
        return {"Contents": [{"Key": key} for key in keys[:most]], "IsTruncated": len(keys) > most}
