"""Which of the three files a history comes in: told by its first line."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from nextorder.adapters.shopify.customer_csv import is_customer_export
from nextorder.adapters.shopify.deliveries import payload_of
from nextorder.adapters.shopify.export_csv import is_export, missing_columns
from nextorder.adapters.shopify.export_file import OrderExport, text_lines
from nextorder.adapters.shopify.history_lines import GID, BulkLines, Webhooks
from nextorder.adapters.shopify.history_slips import HistoryFile
from nextorder.adapters.shopify.node_money import JsonNode
from nextorder.domain.errors import BadPayload, BadSettings


def told_by_content(
    path: Path,
    *,
    customers: Path | None,
    with_refunds: Callable[[Iterable[JsonNode]], Iterable[JsonNode]],
    find: Callable[[Sequence[str]], Mapping[str, str]],
    variants: Callable[[], Mapping[str, str]] = dict,
) -> HistoryFile:
    """
    Return a file as what its first line shows it to be; `variants` tells those of an order export by SKU.

    Raises:
        BadSettings: It cannot be read, or is none of the three.
    """
    first = _first_line(path)
    if not first:
        raise BadSettings(f"{path} is empty")
    header = _header(first)
    if is_export(header):
        if customers and not is_customer_export(_header(_first_line(customers))):
            raise BadSettings(f"{customers} is no customer export: it has no Customer ID and Email")
        return OrderExport(path, customers, find, variants)
    if is_customer_export(header):
        raise BadSettings(f"{path} lists customers: give it with --customers beside the order export")
    if lacking := missing_columns(header):
        raise BadSettings(f"{path} is an order export without {', '.join(lacking)}: export it whole")
    if is_export(first.strip().split(";")) or missing_columns(first.strip().split(";")):
        raise BadSettings(f"{path} is separated by semicolons: save it with commas, as Shopify exports it")
    try:
        told = payload_of(first.encode())
    except BadPayload:
        told = {}
    if "topic" in told:
        return Webhooks(path)
    if GID in str(told.get("__parentId") or told.get("id")):
        return BulkLines(path, with_refunds)
    raise BadSettings(
        f'{path} is neither lines of {{"topic": ..., "payload": {{...}}}} nor the JSONL of a bulk operation '
        "nor Shopify's order-export CSV"
    )


def _first_line(path: Path) -> str:
    return next((line for line in text_lines(path) if line.strip()), "")


def _header(line: str) -> list[str]:
    return [] if line.startswith("{") else next(csv.reader([line]), [])
