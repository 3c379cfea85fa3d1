"""
An import's files in S3: chunks to work off, what was refused, and who is done.

    imports/{shop}/{run}/cut/{part}.json                where the cutting of a part is
                         chunks/{kind}/{number}/...     lines, in pieces as they were cut
                         todo/{phase}.json              the list that a distributed map reads
                         done/{kind}/{number}-{taken}-{refused}   a chunk that is stored
                         rejects/{kind}-{number}.jsonl  what could not be used, each with its reason
                         scored/{number}                a segment whose customers have their verdicts

Every name follows from what is in the file: whoever is killed and begins again overwrites
himself. All expires by lifecycle in 14 days; the chunks go as soon as the import has ended.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from nextorder.domain.imports import Cut, Kind, Reject, Tally

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_DELETED_AT_ONCE: Final = 1000
_MISSING: Final = frozenset({"NoSuchKey", "404"})


class Chunks:
    """ports.imports.ImportFiles."""

    def __init__(self, client: "S3Client", bucket: str, shop: str, run: str) -> None:
        self._client = client
        self._bucket = bucket
        self.folder = f"imports/{shop}/{run}/"

    def cut(self, part: str) -> Cut:
        """Return where the cutting of a part is."""
        return Cut(**(self._read(f"cut/{part}.json") or {}))

    def save_cut(self, part: str, now: Cut) -> None:
        """Note it, once all lines before it are written."""
        self._write(f"cut/{part}.json", {"offset": now.offset, "is_done": now.is_done})

    def add(self, kind: Kind, number: int, piece: str, lines: Iterable[bytes]) -> None:
        """Write a piece of a chunk."""
        self._put(f"chunks/{kind}/{number}/{piece}.jsonl", b"".join(lines))

    def lines(self, kind: Kind, number: int) -> Iterator[bytes]:
        """Yield a chunk's lines, as they were cut: one that was cut twice comes twice."""
        for name in self._names(f"chunks/{kind}/{number}/"):
            yield from self._get(name).splitlines()

    def plan(self, phase: int, chunks: Sequence[tuple[Kind, int]]) -> None:
        """Write what a distributed map works off."""
        self._write(f"todo/{phase}.json", [{"kind": kind, "number": number} for kind, number in chunks])

    def is_done(self, kind: Kind, number: int) -> bool:
        """Tell whether a chunk is stored."""
        return any(True for _ in self._names(f"done/{kind}/{number}-"))

    def close(self, kind: Kind, number: int, taken: int, rejects: Sequence[Reject]) -> None:
        """Note that a chunk is stored; its rejects first. The counts are in the name: a listing tells all."""
        if rejects:
            rows = (json.dumps({"id": one.id, "reason": one.reason, "text": one.text}) for one in rejects)
            self._put(f"rejects/{kind}-{number}.jsonl", "".join(f"{row}\n" for row in rows).encode())
        self._put(f"done/{kind}/{number}-{taken}-{len(rejects)}", b"")

    def close_segment(self, number: int) -> None:
        """Note that a segment's customers have their verdicts."""
        self._put(f"scored/{number}", b"")

    def tally(self) -> Tally:
        """Count what is done."""
        done: dict[tuple[str, int], tuple[int, int]] = {}
        for name in self._names("done/"):
            kind, counts = name.split("/")[1:]
            number, taken, refused = map(int, counts.split("-"))
            done[kind, number] = (taken, refused)
        chunks, taken_of, refused_of = Counter[str](), Counter[str](), Counter[str]()
        for (of, _), (taken, refused) in done.items():
            chunks[of] += 1
            taken_of[of] += taken
            refused_of[of] += refused
        segments = sum(1 for _ in self._names("scored/"))
        return Tally(chunks=chunks, taken=taken_of, refused=refused_of, segments=segments)

    def drop_chunks(self) -> None:
        """Delete what was only there to be worked off."""
        names = [self.folder + name for name in self._names("chunks/")]
        for start in range(0, len(names), _DELETED_AT_ONCE):
            gone: Any = [{"Key": name} for name in names[start : start + _DELETED_AT_ONCE]]
            self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": gone, "Quiet": True})

    def _names(self, prefix: str) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=self._bucket, Prefix=self.folder + prefix
        )
        for page in pages:
            for found in page.get("Contents", []):
                yield found["Key"].removeprefix(self.folder)

    def _read(self, name: str) -> Mapping[str, Any] | None:
        try:
            read: Mapping[str, Any] = json.loads(self._get(name))
        except ClientError as error:
            if error.response["Error"]["Code"] in _MISSING:
                return None
            raise
        return read

    def _get(self, name: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=self.folder + name)["Body"].read()

    def _write(self, name: str, value: object) -> None:
        self._put(name, json.dumps(value).encode())

    def _put(self, name: str, body: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=self.folder + name, Body=body)
