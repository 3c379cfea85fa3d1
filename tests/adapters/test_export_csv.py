"""Shopify's order-export CSV as order bodies: what it says, and what it cannot say."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.shopify.export_csv import (
    COLUMNS,
    ExportedOrder,
    exported_orders,
    is_export,
    order_body,
)
from nextorder.adapters.shopify.read import read
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import NO_ORIGIN, Order, OrderKind, Origin

HEADER = sorted(
    COLUMNS
    | {"Paid at", "Fulfilled at", "Accepts Marketing", "Shipping Method", "Lineitem sku", "Billing Name"}
    | {"Lineitem requires shipping", "Lineitem taxable", "Lineitem discount", "Payment Method", "Tags"}
    | {"Shipping Country", "Billing Country", "Discount Code"}
)
FIRST = {
    "Name": "#1001",
    "Email": "Anna@example.com",
    "Financial Status": "paid",
    "Paid at": "2026-03-02 10:15:09 +0100",
    "Fulfillment Status": "fulfilled",
    "Fulfilled at": "2026-03-04 08:00:00 +0100",
    "Accepts Marketing": "yes",
    "Currency": "EUR",
    "Subtotal": "54.00",
    "Shipping": "5.00",
    "Taxes": "14.75",
    "Total": "73.75",
    "Discount Amount": "6.00",
    "Shipping Method": "Post",
    "Created at": "2026-03-02 10:15:00 +0100",
    "Lineitem quantity": "2",
    "Lineitem name": "Mug",
    "Lineitem price": "20.00",
    "Lineitem sku": "MUG",
    "Lineitem requires shipping": "true",
    "Lineitem taxable": "true",
    "Lineitem discount": "0.00",
    "Billing Name": "Anna Example",
    "Shipping Country": "SE",
    "Billing Country": "SE",
    "Payment Method": "Shopify Payments",
    "Refunded Amount": "0.00",
    "Id": "5001",
    "Source": "web",
}
SECOND = {
    "Name": "#1001",
    "Email": "Anna@example.com",
    "Lineitem quantity": "1",
    "Lineitem name": "Tea",
    "Lineitem price": "20.00",
    "Lineitem requires shipping": "true",
    "Lineitem taxable": "true",
    "Lineitem discount": "0.00",
}


def written(*rows: Mapping[str, str]) -> io.StringIO:
    """Return a file as Shopify writes it."""
    file = io.StringIO(newline="")
    table = csv.DictWriter(file, HEADER, restval="")
    table.writeheader()
    table.writerows(rows)
    file.seek(0)
    return file


def exported(*rows: Mapping[str, str]) -> ExportedOrder:
    [order] = exported_orders(written(*rows))
    return order


def read_export(*rows: Mapping[str, str], customer: str = "7001", **more: Any) -> Order:
    body = order_body(exported(*rows), customer, **more)
    [fact] = read("orders/updated", body, triggered_at=None, currency="EUR").facts
    assert isinstance(fact, Order)
    return fact


def test_an_order_of_two_rows_is_one_order() -> None:
    """A discount of 6.00 on the whole order falls on its lines by what they cost."""
    order = read_export(FIRST, SECOND)
    assert (order.id, order.customer, order.kind) == ("5001", "7001", OrderKind.SALE)
    assert order.placed_at == datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
    assert [(line.id, line.quantity, line.revenue) for line in order.lines] == [
        ("1", 2, 3600),
        ("2", 1, 1800),
    ]
    assert (order.total, order.shipping, order.discount, order.subtotal) == (7375, 500, 600, 6000)
    assert (order.country, order.source, order.ships, order.unsent) == ("SE", "web", True, False)
    assert not order.taxes_included


def test_the_discount_code_is_all_that_the_file_says_of_where_an_order_came_from() -> None:
    assert read_export(FIRST | {"Discount Code": "SPRING10"}).origin == Origin(code="spring10")
    assert read_export(FIRST).origin == NO_ORIGIN


def test_whatever_else_tells_of_the_order_wins() -> None:
    """The file's last moment is when it was sent; the platform's own version is at least as late."""
    assert read_export(FIRST).updated_at == datetime(2026, 3, 4, 6, 59, 59, tzinfo=UTC)


def test_taxes_that_are_inside_the_total_are_taken_off() -> None:
    order = read_export(
        {**FIRST, "Subtotal": "40.00", "Taxes": "9.00", "Total": "45.00", "Discount Amount": "0.00"}
    )
    assert order.taxes_included
    assert sum(line.revenue for line in order.lines) == 3200
    assert order.shipping == 400


def test_an_order_wholly_given_back_has_no_lines_left() -> None:
    order = read_export({**FIRST, "Financial Status": "refunded", "Refunded Amount": "73.75"}, SECOND)
    assert (order.lines, order.total, order.shipping) == ((), 0, 0)


def test_of_an_order_partly_given_back_what_is_kept_is_shared() -> None:
    """40 % of the total came back; from which line, the file does not say."""
    order = read_export(
        {**FIRST, "Financial Status": "partially_refunded", "Refunded Amount": "29.50"}, SECOND
    )
    assert [(line.quantity, line.revenue) for line in order.lines] == [(2, 2160), (1, 1080)]
    assert order.discount == 600


@given(
    prices=st.lists(st.tuples(st.integers(0, 50_000), st.integers(1, 9)), min_size=1, max_size=6),
    off=st.integers(0, 100),
    back=st.integers(0, 99),
)
def test_lines_bear_what_the_order_says_to_a_cent_each(
    prices: list[tuple[int, int]], off: int, back: int
) -> None:
    listed = sum(cents * units for cents, units in prices)
    subtotal = listed * (100 - off) // 100
    lines = [{"Lineitem price": str(Decimal(c) / 100), "Lineitem quantity": str(u)} for c, u in prices]
    sums = {
        "Subtotal": subtotal,
        "Total": subtotal,
        "Shipping": 0,
        "Taxes": 0,
        "Refunded Amount": subtotal * back // 100,
    }
    first = FIRST | {key: str(Decimal(cents) / 100) for key, cents in sums.items()} | lines[0]
    order = read_export(first, *(SECOND | line for line in lines[1:]))
    kept = subtotal - subtotal * back // 100
    assert abs(sum(line.revenue for line in order.lines) - kept) <= len(lines)


def test_a_guests_order_names_no_customer() -> None:
    assert read_export(FIRST, customer="").customer is None


def test_what_is_sold_at_a_till_is_carried_home() -> None:
    order = read_export({**FIRST, "Source": "pos", "Shipping": "0.00", "Shipping Method": ""})
    assert not order.ships


def test_money_that_costs_no_fee_is_known_by_how_it_was_paid() -> None:
    assert read_export({**FIRST, "Payment Method": "Gift Card"}).fee_free
    assert not read_export({**FIRST, "Payment Method": "Gift Card + Shopify Payments"}).fee_free


def test_variants_are_found_by_sku_where_they_are_known() -> None:
    order = read_export(FIRST, SECOND, variants={"MUG": "2001"})
    assert [line.variant for line in order.lines] == ["2001", ""]


def test_nothing_but_the_address_by_which_a_customer_is_found_is_kept_of_a_person() -> None:
    order = exported(FIRST, SECOND)
    assert order.email == "anna@example.com"
    assert "Anna Example" not in str(order)
    assert "example.com" not in str(order_body(order))
    assert ExportedOrder.from_line(order.to_line()) == order


def test_orders_are_numbered_by_their_first_row() -> None:
    rows = [FIRST, SECOND, {**FIRST, "Name": "#1002", "Id": "5002"}]
    assert [(order.number, len(order.rows)) for order in exported_orders(written(*rows))] == [(2, 2), (4, 1)]


@pytest.mark.parametrize(
    ("column", "value", "refusal"),
    [
        ("Total", "12,50", "Total"),
        ("Subtotal", "-1", "Subtotal"),
        ("Taxes", "NaN", "Taxes"),
        ("Shipping", "1e99", "Shipping"),
        ("Lineitem quantity", "1.5", "Lineitem quantity"),
        ("Created at", "02.03.2026", "Created at"),
        ("Id", "5.12E+12", "id"),
        ("Currency", "euro", "currency"),
    ],
)
def test_a_cell_that_a_spreadsheet_spoilt_is_named(column: str, value: str, refusal: str) -> None:
    with pytest.raises(BadPayload) as refused:
        read_export({**FIRST, column: value})
    assert refused.value.field == refusal


def test_only_an_order_export_is_one() -> None:
    assert is_export(HEADER)
    assert not is_export(["Customer ID", "First Name", "Email"])


def test_a_negative_total_is_called_one() -> None:
    with pytest.raises(BadPayload, match=r"Total: .* not a negative one"):
        read_export({**FIRST, "Total": "-1.00"})
