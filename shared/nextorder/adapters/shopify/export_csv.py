"""
Shopify's order-export CSV -> order bodies; the way out where an app may see 60 days only.

https://help.shopify.com/en/manual/fulfillment/managing-orders/exporting-orders

One row a line, what concerns the whole order on its first row alone. The file is poorer than
a webhook. It names no customer but by e-mail, and no product but by SKU. Lines get their
number in the order as id. Money that was given back is one sum without a day: what is kept is
shared among the lines, an order wholly given back has no lines left. Nobody says which line
was a gift card. So every body is dated a second before the last moment that the file names:
whatever else tells of the order wins.
"""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from itertools import groupby
from typing import Final, NamedTuple

from nextorder.adapters.shopify.node_money import Body
from nextorder.domain.errors import BadPayload

COLUMNS: Final = frozenset(
    {
        *("Name", "Email", "Financial Status", "Fulfillment Status", "Currency", "Subtotal", "Shipping"),
        *("Taxes", "Total", "Discount Amount", "Created at", "Lineitem quantity", "Lineitem name"),
        *("Lineitem price", "Cancelled at", "Refunded Amount", "Id", "Source"),
    }
)
"""Without which a file is no order export."""
_OPTIONAL: Final = frozenset(
    {
        *("Paid at", "Fulfilled at", "Accepts Marketing", "Shipping Method", "Lineitem sku"),
        *("Lineitem requires shipping", "Lineitem taxable", "Lineitem discount", "Payment Method"),
        *("Shipping Country", "Billing Country", "Tags", "Discount Code"),
    }
)
_A_MOMENT: Final = timedelta(seconds=1)
_MOMENTS: Final = ("Created at", "Paid at", "Fulfilled at", "Cancelled at")
_GATEWAYS: Final = {"gift card": "gift_card", "store credit": "shopify_store_credit"}
_ALL: Final = Decimal(1)
_TOO_MUCH: Final = Decimal(10) ** 12

Row = Mapping[str, str]


class ExportedOrder(NamedTuple):
    """The rows of one order; names and addresses are gone."""

    number: int
    """Of its first row in the file; the header is row 1."""
    rows: list[dict[str, str]]

    @property
    def email(self) -> str:
        """By which its customer is found; never stored."""
        return self.rows[0]["Email"].strip().lower()

    def to_line(self) -> bytes:
        """Write it as one line of JSON."""
        return json.dumps(self, ensure_ascii=False).encode() + b"\n"

    @classmethod
    def from_line(cls, line: bytes) -> "ExportedOrder":
        """Read what `to_line` wrote."""
        number, rows = json.loads(line)
        return cls(number, rows)


def is_export(header: Iterable[str]) -> bool:
    """Tell whether a header is an order export's."""
    return frozenset(header) >= COLUMNS


def missing_columns(header: Iterable[str]) -> list[str]:
    """Name the columns that are missing from what else looks like an order export, sorted."""
    found = frozenset(header)
    return sorted(COLUMNS - found) if len(found & COLUMNS) > len(COLUMNS) / 2 else []


def exported_orders(lines: Iterable[str]) -> Iterator[ExportedOrder]:
    """Yield orders; the rows of one stand together in the file."""
    wanted = COLUMNS | _OPTIONAL
    rows = enumerate(csv.DictReader(lines, restval=""), start=2)
    for _, group in groupby(rows, key=lambda numbered: numbered[1]["Name"]):
        numbered = list(group)
        kept = [{key: value for key, value in row.items() if key in wanted} for _, row in numbered]
        yield ExportedOrder(numbered[0][0], kept)


def order_body(order: ExportedOrder, customer: str = "", variants: Mapping[str, str] | None = None) -> Body:
    """
    Return an order's body.

    Args:
        order: Its rows.
        customer: Numeric id; empty = a guest.
        variants: Numeric ids by SKU.

    Raises:
        BadPayload: A cell is not what Shopify writes; `field` names the column.
    """
    first = order.rows[0]
    sums = _Sums(order.rows)
    return {
        "id": first["Id"].strip().lstrip("'"),
        "name": first["Name"],
        "created_at": _moment(first, "Created at"),
        "updated_at": _last_moment(first),
        "cancelled_at": _moment(first, "Cancelled at"),
        "test": "bogus" in first.get("Payment Method", "").lower(),
        "currency": first["Currency"],
        "taxes_included": sums.taxes_included,
        "source_name": first["Source"],
        "discount_codes": [{"code": code} for code in first.get("Discount Code", "").split(",")],
        "tags": first.get("Tags", ""),
        "payment_gateway_names": _gateways(first),
        "financial_status": first["Financial Status"],
        "fulfillment_status": _fulfillment(first),
        "buyer_accepts_marketing": {"yes": True, "no": False}.get(first.get("Accepts Marketing", "")),
        "customer": {"id": customer} if customer else None,
        "shipping_address": {"country_code": first.get("Shipping Country", "")},
        "billing_address": {"country_code": first.get("Billing Country", "")},
        "total_price": str(sums.total),
        "total_discounts": str(_amount(first, "Discount Amount")),
        "total_line_items_price": str(sum(sums.prices)),
        "line_items": [_line(at, row, sums, variants or {}) for at, row in enumerate(sums.rows)],
        "shipping_lines": _shipping(first, sums),
        "refunds": [],
    }


class _Sums:
    """What an order's columns say of its money, and how it falls on the lines."""

    def __init__(self, rows: list[dict[str, str]]) -> None:
        first = rows[0]
        self.rows = [row for row in rows if row["Lineitem quantity"]]
        self.total = _amount(first, "Total")
        self.shipping = _amount(first, "Shipping")
        self.taxes = _amount(first, "Taxes")
        self.subtotal = _amount(first, "Subtotal")
        # NOTE: The file does not say so: a total that the taxes are not on top of has them inside.
        self.taxes_included = self.total < self.subtotal + self.shipping + self.taxes
        self.prices = [_amount(row, "Lineitem price") * _units(row) for row in self.rows]
        own = [_amount(row, "Lineitem discount") for row in self.rows]
        before = [price - off for price, off in zip(self.prices, own, strict=True)]
        # Discounts on the whole order are not on the lines: each bears its part.
        share = self.subtotal / sum(before) if sum(before) > self.subtotal else _ALL
        self.paid = [price * share for price in before]
        taxed = [
            paid if _is_taxed(row) else Decimal() for paid, row in zip(self.paid, self.rows, strict=True)
        ]
        bearing = sum(taxed) + self.shipping
        self.rate = self.taxes / bearing if self.taxes_included and bearing else Decimal()
        self.tax = [paid * self.rate for paid in taxed]
        self.kept = self._kept(first)

    def _kept(self, first: Row) -> Decimal:
        """Return the share of the money that was not given back."""
        refunded = _amount(first, "Refunded Amount")
        if first["Financial Status"] == "refunded" or (self.total and refunded >= self.total):
            return Decimal()
        return _ALL - refunded / self.total if self.total else _ALL


def _line(at: int, row: Row, sums: _Sums, variants: Mapping[str, str]) -> Body:
    units = _units(row)
    return {
        "id": at + 1,
        "variant_id": variants.get(row.get("Lineitem sku", "")),
        "quantity": units,
        "current_quantity": units if sums.kept else 0,
        "requires_shipping": row.get("Lineitem requires shipping", "true").lower() != "false",
        "price": row["Lineitem price"],
        "discount_allocations": [{"amount": str(_cut(sums.prices[at] - sums.paid[at] * sums.kept))}],
        "tax_lines": [{"price": str(_cut(sums.tax[at] * sums.kept))}],
    }


def _shipping(first: Row, sums: _Sums) -> list[Body]:
    if not sums.shipping and not first.get("Shipping Method"):
        return []
    price, tax = sums.shipping * sums.kept, sums.shipping * sums.rate * sums.kept
    return [
        {
            "price": str(_cut(price)),
            "title": first.get("Shipping Method", ""),
            "code": None,
            "tax_lines": [{"price": str(_cut(tax))}],
        }
    ]


def _cut(amount: Decimal) -> Decimal:
    return max(amount, Decimal()).quantize(Decimal("0.0001"))


def _amount(row: Row, column: str) -> Decimal:
    text = row.get(column) or "0"
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = _TOO_MUCH
    if not (amount.is_finite() and amount < _TOO_MUCH):
        raise BadPayload('expected an amount such as "12.50"', field=column)
    if amount < 0:
        raise BadPayload("expected an amount of 0 or more, not a negative one", field=column)
    return amount


def _units(row: Row) -> int:
    text = row["Lineitem quantity"]
    if not text.isdecimal():
        raise BadPayload("expected a whole number from 0", field="Lineitem quantity")
    return int(text)


def _is_taxed(row: Row) -> bool:
    return row.get("Lineitem taxable", "true").lower() != "false"


def _gateways(first: Row) -> list[str]:
    names = [name.strip().lower() for name in first.get("Payment Method", "").split(" + ")]
    return [_GATEWAYS.get(name, name) for name in names if name]


def _fulfillment(first: Row) -> str | None:
    status = first["Fulfillment Status"].lower()
    return None if status in ("", "unfulfilled") else status


def _moment(first: Row, column: str) -> str | None:
    """Turn `2026-03-02 10:15:00 +0100` into ISO 8601."""
    return "".join(first.get(column, "").replace(" ", "T", 1).split()) or None


def _last_moment(first: Row) -> str:
    try:
        told = [datetime.fromisoformat(text) for column in _MOMENTS if (text := _moment(first, column))]
        return (max(told) - _A_MOMENT).isoformat()
    except (ValueError, TypeError) as error:
        raise BadPayload("expected moments such as 2026-03-02 10:15:00 +0100", field="Created at") from error
