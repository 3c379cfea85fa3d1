"""Shopify's order-export CSV as a file of history, each order with its customer."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nextorder.adapters.shopify.customer_csv import exported_customers
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.adapters.shopify.export_csv import ExportedOrder, exported_orders, order_body
from nextorder.adapters.shopify.history_slips import HISTORY, PEOPLE, Lines, Slip, refused
from nextorder.domain.errors import BadPayload, BadSettings
from nextorder.domain.imports import Reject
from nextorder.domain.messages import Reading
from nextorder.domain.shop import Shop


@dataclass(slots=True)
class OrderExport:
    """Shopify's order-export CSV, with its customer-export CSV where there is one."""

    path: Path
    customers: Path | None
    find: Callable[[Sequence[str]], Mapping[str, str]]
    """Asks for customers by e-mail address whom the second file does not name."""
    variants: Callable[[], Mapping[str, str]] = dict
    """Tells the variant by SKU."""
    notes: Counter[str] = field(default_factory=Counter)

    def slips(self) -> Iterator[Slip | Reject]:
        """Yield customers and orders by e-mail address."""
        if self.customers:
            for email, customer in exported_customers(text_lines(self.customers)):
                yield Slip(PEOPLE, email, json.dumps([email, customer]).encode() + b"\n")
        try:
            for order in exported_orders(text_lines(self.path)):
                yield Slip(HISTORY, order.email or order.rows[0]["Id"], order.to_line())
        except csv.Error as error:
            raise BadSettings(f"{self.path} cannot be read: {error}") from error

    def read(self, kind: str, lines: Lines, shop: Shop) -> Iterator[Reading | Reject]:
        """Read a part's orders, each with its customer."""
        orders = [ExportedOrder.from_line(line) for line in lines(kind)]
        known = dict(json.loads(line) for line in lines(PEOPLE))
        unknown = {order.email for order in orders} - {*known, ""}
        known |= self.find(sorted(unknown))
        variants = self.variants()
        for order in orders:
            customer = known.get(order.email, "")
            try:
                reading = read_payload("orders/updated", order_body(order, customer, variants), None, shop)
            except BadPayload as error:
                # of the row only the columns that are read: no name, no address
                yield refused(order.number, error, json.dumps(order.rows, ensure_ascii=False).encode())
                continue
            self.notes["orders without a customer who is known, counted as guests'"] += not customer
            yield reading


def text_lines(path: Path) -> Iterator[str]:
    """
    Yield the lines of a CSV with their ends.

    Raises:
        BadSettings: There is no such file, or it is not text in UTF-8; the message names the line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield from file
    except UnicodeDecodeError:
        number = _first_strange_line(path)
        raise BadSettings(
            f"{path} cannot be read: line {number} is not UTF-8; save the file as UTF-8 and import it again"
        ) from None
    except OSError as error:
        raise BadSettings(f"{path} cannot be read: {error.strerror}") from error


def _first_strange_line(path: Path) -> int:
    with path.open("rb") as file:
        return next(number for number, line in enumerate(file, start=1) if _is_strange(line))


def _is_strange(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False
