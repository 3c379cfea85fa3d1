"""The sample's rows are small, many enough and keep every penny."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from nextorder.domain.shop import Costs
from samples.assortment import ASSORTED, catalogue, variant_of
from samples.invented import COSTS, discount_percent, person, shopify_id
from samples.pricing import price_order
from samples.rows import HERE, sales

MIB = 2**20
FILES = ("orders.csv.gz", "lines.csv.gz", "products.csv.gz")


def size(path: Path) -> int:
    return path.stat().st_size


def test_the_files_are_small() -> None:
    assert sum(size(HERE / name) for name in FILES) < 2 * MIB


def test_the_files_carry_no_time_stamp() -> None:
    """Bytes 4 to 8 of a gzip file are its clock; at zero, a rebuild gives the same file."""
    assert all((HERE / name).read_bytes()[4:8] == bytes(4) for name in FILES)


def test_there_are_as_many_customers_as_promised() -> None:
    assert {sale.customer for sale in sales()} == set(range(1, 2_601))


def test_folding_keeps_the_total_of_every_order() -> None:
    assert all(sum(line.amount for line in sale.lines) == sale.total for sale in sales())


def test_no_order_has_more_than_twenty_lines() -> None:
    assert max(len(price_order(sale).lines) for sale in sales()) <= 20


def test_line_items_add_up_to_the_rows_to_the_penny() -> None:
    assert all(price_order(sale).goods == sale.total for sale in sales())


def test_line_items_have_as_many_units_as_the_rows() -> None:
    for sale in sales():
        assert sum(line.quantity for line in price_order(sale).lines) == sum(r.quantity for r in sale.lines)


def test_returns_come_after_their_order_and_in_order() -> None:
    for sale in sales():
        moments = [sale.moment, *(each.moment for each in sale.returns)]

        assert all(later - earlier >= timedelta(minutes=1) for earlier, later in pairwise(moments))


def test_no_more_units_come_back_than_were_sold() -> None:
    for sale in sales():
        for place, row in enumerate(sale.lines):
            items = (item for each in sale.returns for item in each.items if item.place == place)

            assert sum(item.quantity for item in items) <= row.quantity


def test_refunds_without_a_discount_give_the_rows_amounts_back() -> None:
    orders = [price_order(sale) for sale in sales() if sale.returns]
    for order in (each for each in orders if not each.percent_off):
        for refund in order.refunds:
            given = sum(units.subtotal for units in refund.units) + refund.extra

            assert given == sum(item.amount for item in refund.returned.items)


def test_an_order_never_gives_back_more_than_was_paid() -> None:
    for sale in sales():
        order = price_order(sale)

        assert all(refund.paid_out >= 0 for refund in order.refunds)
        assert sum(refund.paid_out for refund in order.refunds) <= order.total


def test_some_products_have_no_cost_and_most_orders_have_all() -> None:
    costless = {variant.number for variant in catalogue() if variant.unit_cost is None}
    hit = sum(any(variant_of(row).number in costless for row in sale.lines) for sale in sales())

    assert costless
    assert 0 < hit < 0.1 * len(sales())


def test_everything_sold_is_in_the_catalogue() -> None:
    offered = set(catalogue())

    assert {variant_of(row) for sale in sales() for row in sale.lines} <= offered
    assert len({variant.number for variant in offered}) == len(offered)


def test_the_folded_rest_is_sold_as_assortment() -> None:
    rest = next(row for sale in sales() for row in sale.lines if row.product is None)

    assert variant_of(rest).category == ASSORTED


def test_all_people_are_invented() -> None:
    people = [person(number) for number in range(1, 2_601)]
    emails = [each.email for each in people if each.email]

    assert all(email.endswith("@example.com") for email in emails)
    assert len(set(emails)) == len(emails)
    assert len(emails) < len(people)


def test_some_ids_do_not_fit_a_double() -> None:
    ids = {shopify_id("Order", sale.number) for sale in sales()}

    assert len(ids) == len(sales())
    assert sum(each > 2**53 for each in ids) > 100


def test_discounts_are_rare_for_most_and_a_habit_for_some() -> None:
    share = sum(discount_percent(sale.customer, sale.number) > 0 for sale in sales()) / len(sales())

    assert 0.10 < share < 0.25


def test_the_demo_shops_costs_are_settings_of_a_shop() -> None:
    assert Costs(**COSTS).payment_fixed == 20
