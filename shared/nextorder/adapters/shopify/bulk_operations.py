"""Shopify's bulk queries: begun under our own mark, found again by it, watched and downloaded."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import requests

from nextorder.adapters.http import Http
from nextorder.adapters.shopify import bulk_documents as documents
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import CANCEL
from nextorder.adapters.shopify.scopes import lacking
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.imports import Export, Extent, Part, Progress

_FULL: Final = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
"""Five queries of an app run at once in a shop: another one has to wait."""
_DENIED: Final = "Access denied"
_UNDER_WAY: Final = frozenset({"CREATED", "RUNNING", "CANCELING"})
_READ_BYTES: Final = 1 << 18
_OK: Final = 200
_PARTIAL: Final = 206
_BEHIND_THE_END: Final = 416


class BulkOperations:
    """ports.imports.Exports on Shopify's Admin API."""

    def __init__(self, client: ShopifyClient, http: Http) -> None:
        self._client = client
        self._http = http

    def extent(self, shop: str) -> Extent:
        """Return how many orders there are and when the first was made."""
        data = self._client.execute(shop, documents.EXTENT, {})
        first = next(iter(data["orders"]["nodes"]), None)
        return Extent(
            orders=int(data["ordersCount"]["count"]),
            first=datetime.fromisoformat(first["createdAt"]) if first else None,
        )

    def own(self, shop: str, run: str) -> Mapping[str, str]:
        """Return the latest operations of a run, by part and attempt; only these may be gone on with."""
        marked = self._marked(shop)
        return {mark: one["id"] for mark, one in marked.items() if documents.is_of(run, mark)}

    def cancel_others(self, shop: str, run: str) -> int:
        """End what earlier imports of ours left running; everybody else's is left alone."""
        marked = self._marked(shop)
        left = [one for mark, one in marked.items() if not documents.is_of(run, mark)]
        running = [one["id"] for one in left if one["status"] in {"CREATED", "RUNNING"}]
        for operation in running:
            self._client.execute(shop, CANCEL, {"id": operation})
        return len(running)

    def mark(self, run: str, part: Part) -> str:
        """Return the key of a part in `own`."""
        return documents.mark_of(run, part)

    def begin(self, shop: str, run: str, part: Part) -> str | None:
        """
        Begin a part's operation and return its id; None while there is no place for it.

        Raises:
            Refused: Shopify says that the query is wrong: a bug of ours.
            NeedsHuman: A scope or an approval is missing.
        """
        variables = {"query": documents.query_of(run, part)}
        reply = self._client.execute(shop, documents.RUN_QUERY, variables)["bulkOperationRunQuery"]
        if errors := reply["userErrors"]:
            if any(error["code"] in _FULL for error in errors):
                return None
            said = str(errors[0]["message"])
            if said.startswith(_DENIED):
                raise NeedsHuman(self._denied(shop))
            raise Refused("shopify-bulk-query", said)
        return str(reply["bulkOperation"]["id"])

    def look(self, shop: str, operation: str) -> Export:
        """
        Return how far an operation is.

        What it wrote before it failed is not looked at: it does not say what is missing.

        Raises:
            NeedsHuman: A scope or an approval is missing.
        """
        found = self._operation(shop, operation)
        status = found["status"]
        if found["errorCode"] == "ACCESS_DENIED":
            raise NeedsHuman(self._denied(shop))
        progress = Progress.FAILED
        if status in _UNDER_WAY:
            progress = Progress.UNDER_WAY
        elif status == "COMPLETED":
            progress = Progress.READY
        return Export(
            progress=progress,
            roots=int(found["rootObjectCount"]),
            # NOTE: the address is null when there is nothing to download
            is_empty=not found["url"],
            why=str(found["errorCode"] or status).lower(),
        )

    def lines(self, shop: str, operation: str, offset: int) -> Iterator[tuple[bytes, int]]:
        """
        Yield the lines from a byte on, each with the byte that the next one begins at.

        Raises:
            RetryLater: The connection ended; what was yielded is whole.
            Refused: The file is there no longer: Shopify keeps it for seven days.
        """
        url = self._operation(shop, operation)["url"]
        if not url:
            raise Refused("shopify-bulk-gone", "the export has expired")
        # what is stored compressed would count other bytes
        headers = {"Range": f"bytes={offset}-", "Accept-Encoding": "identity"}
        with self._http.send("GET", url, headers=headers, stream=True) as response:
            if response.status_code == _BEHIND_THE_END:
                return
            if response.status_code not in {_OK, _PARTIAL}:
                raise RetryLater(f"the export's store answered {response.status_code}")
            # a server that knows no ranges sends everything
            ahead = offset if response.status_code == _OK else 0
            at = offset
            for line in _whole_lines(response, ahead):
                at += len(line)
                yield line, at

    def _denied(self, shop: str) -> str:
        """Say which scope is missing and what to do; a static token does not tell its scopes."""
        granted = self._client.scopes(shop)
        wanted = [scope for scope in lacking(granted) if scope.needed] if granted is not None else []
        named = ", ".join(f"{scope.name} ({scope.purpose})" for scope in wanted)
        return (
            f"shopify denies the export: the app lacks {named or 'a scope or an approval'}; "
            "grant it and release the app's version, "
            "see `nextorder connect shopify --check`, then `nextorder import` again"
        )

    def _operation(self, shop: str, operation: str) -> Mapping[str, Any]:
        found = self._client.execute(shop, documents.OPERATION, {"id": operation})["bulkOperation"]
        if found is None:
            raise Refused("shopify-bulk-gone", "the export is not known any more")
        return dict(found)

    def _marked(self, shop: str) -> Mapping[str, Mapping[str, Any]]:
        latest = self._client.execute(shop, documents.OPERATIONS, {})["bulkOperations"]["nodes"]
        marked = ((documents.mark_in(one["query"]), one) for one in latest)
        return {mark: one for mark, one in marked if mark}


def _whole_lines(response: requests.Response, ahead: int) -> Iterator[bytes]:
    """Yield lines with their ends, after skipping `ahead` bytes; the last one may have none."""
    rest = b""
    try:
        for read in response.iter_content(_READ_BYTES):
            skipped = min(ahead, len(read))
            ahead -= skipped
            *lines, rest = (rest + read[skipped:]).split(b"\n")
            yield from (line + b"\n" for line in lines)
    except requests.RequestException:
        raise RetryLater("the export's store ended the connection") from None
    if rest:
        yield rest
