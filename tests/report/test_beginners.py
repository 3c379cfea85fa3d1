"""Customers from their first order on: counted as the tags count, in money as the ledger has it."""

from dataclasses import replace
from datetime import date

from nextorder.domain.facts import OrderCount, OrderKind
from nextorder.report.beginners import beginners, closed, month_after, profits
from nextorder.report.store import Store
from nextorder.training.store import table_of_shop
from nextorder.training.window import second_orders
from tests.report.small_stores import a_store, ordering
from tests.unit.shop_cases import START, an_order


def test_the_orders_of_a_customer_add_up_to_what_the_ledger_says(store: Store) -> None:
    told = {
        one.customer: sum(gp2 for _, gp2 in profits(store.facts[one.customer], store.shop))
        for one in store.buyers
    }

    assert told == {one.customer: one.gp2_to_date for one in store.buyers}


def test_money_that_is_no_decision_counts_and_makes_no_day() -> None:
    renewal = replace(an_order(30, kind=OrderKind.RENEWAL), customer="000")
    store = a_store({"000": [*ordering([0])["000"], renewal]}, days=40)

    assert beginners(store)[0].wait_days is None
    assert sum(gp2 for _, gp2 in profits(store.facts["000"], store.shop)) == 6_000


def test_waits_are_those_that_the_window_is_measured_on(store: Store) -> None:
    waits = second_orders(
        table_of_shop(store.everyone, store.shop, store.as_of), store.as_of, store.shop.zone
    )

    assert [one.wait_days for one in beginners(store) if one.wait_days] == list(waits.days[waits.seen])


def test_whose_first_order_only_shopify_knows_is_no_beginner() -> None:
    more = OrderCount(customer="000", updated_at=START, orders=3)
    facts = ordering([0], [1])

    assert len(beginners(a_store({**facts, "000": [*facts["000"], more]}, days=40))) == 1


def test_a_day_counts_once_it_is_over() -> None:
    """The shop's day is not over at ten in the morning: what comes this evening comes within it."""
    facts = ordering([0])

    assert not closed(beginners(a_store(facts, days=7)), 7, a_store(facts, days=7))
    assert closed(beginners(a_store(facts, days=8)), 7, a_store(facts, days=8))


def test_months_go_on_over_years() -> None:
    assert month_after(date(2025, 12, 31)) == date(2026, 1, 1)
    assert month_after(date(2026, 1, 15), -13) == date(2024, 12, 1)
