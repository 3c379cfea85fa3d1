"""Shopify's customer-export CSV: whose an e-mail address is."""

import csv
from collections.abc import Iterable, Iterator
from typing import Final

_COLUMNS: Final = frozenset({"Customer ID", "Email"})


def is_customer_export(header: Iterable[str]) -> bool:
    """Tell whether a header is that of Shopify's customer-export CSV."""
    return frozenset(header) >= _COLUMNS


def exported_customers(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield address in lower case and numeric id of each customer of Shopify's customer-export CSV."""
    for row in csv.DictReader(lines, restval=""):
        # NOTE: an apostrophe keeps spreadsheets from rounding the id
        email, customer = row["Email"].strip().lower(), row["Customer ID"].strip().lstrip("'")
        if email and customer.isdecimal():
            yield email, customer
