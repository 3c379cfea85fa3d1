"""The score log read back: a week of what was said, or all that was said of one customer."""

import gzip
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.dynamodb.records import reasons_in_full
from nextorder.adapters.score_log import FOLDER, folder_of
from nextorder.domain.judged import Said
from nextorder.domain.published import WINDOW_HORIZON

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_AT_ONCE: Final = 16
"""Objects read side by side: each waits some 20 ms for S3."""
_BROUGHT_LATER: Final = 1
"""Days by which a state may be written after the moment that it is as of: it is said at midnight, or late."""
_WEEK: Final = 7
_KEYS: Final = 1_000
"""NOTE: S3 lists no more keys at once."""

Row = Mapping[str, Any]


class ScoreReader:
    """ports.SaidLog: reads the days it needs, by their folders."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def first_day(self, shop: str) -> date | None:
        """Return the first day of which something is logged."""
        found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=f"{FOLDER}/{shop}/", MaxKeys=1)
        return next((_day_of(one["Key"]) for one in found.get("Contents", [])), None)

    def week(self, shop: str, monday: date) -> Iterator[Said]:
        """Yield what may have been said in a week: some of it earlier or later, and some of it twice."""
        for day in range(_WEEK + _BROUGHT_LATER):
            for row in self._rows(folder_of(shop, monday + timedelta(days=day))):
                if said := _said(row):
                    yield said

    def of_customer(self, shop: str, log_key: str, has_time: Callable[[], bool]) -> tuple[list[Row], bool]:
        """Return what was logged of one customer, which reads everyone's log while there is time."""
        wanted = f'"log_key":"{log_key}"'
        found: dict[str, Row] = {}
        for lines in self._texts(f"{FOLDER}/{shop}/"):
            found |= {line: json.loads(line) for line in lines.splitlines() if wanted in line}
            if not has_time():
                return _in_order(found.values()), False
        return _in_order(found.values()), True

    def _rows(self, prefix: str) -> Iterator[Row]:
        for text in self._texts(prefix):
            yield from map(json.loads, text.splitlines())

    def _texts(self, prefix: str) -> Iterator[str]:
        keys = self._keys(prefix)
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            while some := list(islice(keys, _AT_ONCE)):
                yield from pool.map(self._text, some)

    def _keys(self, prefix: str) -> Iterator[str]:
        after = ""
        while True:
            found = self._client.list_objects_v2(
                Bucket=self._bucket, Prefix=prefix, StartAfter=after, MaxKeys=_KEYS
            )
            keys = [one["Key"] for one in found.get("Contents", [])]
            yield from keys
            if not found.get("IsTruncated"):
                return
            after = keys[-1]

    def _text(self, key: str) -> str:
        return gzip.decompress(self._client.get_object(Bucket=self._bucket, Key=key)["Body"].read()).decode()


def _in_order(rows: Iterable[Row]) -> list[Row]:
    """Leave out key and shop: what stays is the person's, and names nobody in the log."""
    by_version = sorted(rows, key=lambda row: row["version"])
    return [
        {"version": row["version"], **row["verdict"], "reasons": reasons_in_full(row["verdict"])}
        for row in by_version
    ]


def _day_of(key: str) -> date:
    return date.fromisoformat(key.split("/")[2])


def _said(row: Row) -> Said | None:
    """Read a row; None = nothing of it was published: no numbers, or of somebody who is held out."""
    verdict = row["verdict"]
    scores = verdict.get("scores")
    if not scores or verdict.get("held_out") or "scored_at" not in verdict:
        return None
    window = scores.get("p_window")
    chances = {days: chance["value"] for days, chance in scores["p_order"].items()}
    closes_at = scores.get("window_closes")
    return Said(
        log_key=row["log_key"],
        at=datetime.fromisoformat(verdict["scored_at"]),
        version=row["version"],
        model=verdict.get("model", ""),
        chances={**chances, **({WINDOW_HORIZON: window["value"]} if window else {})},
        closes_at=datetime.fromisoformat(closes_at) if closes_at else None,
    )
