"""The storage beside the API: results of bulk operations to fetch, files for bulk mutations to put."""

import re

from tests.fakes.shopify import staged
from tests.fakes.shopify.bulk import FILES
from tests.fakes.shopify.store import Store
from tests.fakes.wire import Answer, Request, Slice


def file_answer(store: Store, request: Request) -> Answer | None:
    """Return the storage's answer; None for a request that is not for it."""
    if request.path == staged.UPLOADS and request.method == "POST":
        return _put(store, request)
    return _get(store, request) if request.path.startswith(FILES) and request.method == "GET" else None


def _put(store: Store, request: Request) -> Answer:
    status, code = staged.take(store.bulk, request.headers.get("content-type", ""), request.body)
    return Answer(status=status, body={"error": code} if code else None)


def _get(store: Store, request: Request) -> Answer:
    path = store.bulk.file_of(request.path, store.now)
    if path is None:
        return Answer(status=400, body={"error": "ExpiredToken"})
    size = path.stat().st_size
    asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
    if not asked:
        return Answer(
            file=Slice(path, 0, size), media_type="application/jsonl", headers={"Accept-Ranges": "bytes"}
        )
    start = int(asked[1])
    end = min(int(asked[2]) if asked[2] else size - 1, size - 1)
    if start >= size:
        return Answer(status=416, headers={"Content-Range": f"bytes */{size}"})
    return Answer(
        status=206,
        file=Slice(path, start, end - start + 1),
        media_type="application/jsonl",
        headers={"Content-Range": f"bytes {start}-{end}/{size}"},
    )
