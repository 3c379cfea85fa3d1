"""A cost that comes after an order's last delivery reaches the order, and nothing else of it moves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.errors import VersionConflict
from nextorder.domain.facts import Order, OrderLine, StoredFact
from nextorder.domain.unit_costs import ALWAYS, CostWord, Goods, Step
from nextorder.use_cases.reprice import Repriced, as_repriced, reprice
from tests.fakes.in_memory import InMemoryCustomers
from tests.fakes.unit_costs import InMemoryUnitCosts
from tests.unit.shop_cases import SHOP, START, a_sign_up, an_order

T0 = int(START.timestamp())
MUG = Goods(variant="5", category="mugs", platform=(Step(T0, 300), Step(T0 + 10 * 86_400, 400)))


def a_sale(day: float, cost: int | None = None) -> Order:
    line = OrderLine(id=f"L{day:g}", variant="5", quantity=1, revenue=900, unit_cost=cost)
    return replace(an_order(day), lines=(line,))


def costs_of(facts: Sequence[StoredFact]) -> Mapping[str, int | None]:
    return {fact.id: fact.lines[0].unit_cost for fact in facts if isinstance(fact, Order)}


@dataclass
class House:
    """Customers and costs of one shop."""

    customers: InMemoryCustomers
    costs: InMemoryUnitCosts

    def run(self) -> Repriced:
        return reprice(SHOP, customers=self.customers, costs=self.costs)

    def held(self, customer: str = "7") -> Mapping[str, int | None]:
        return costs_of(self.customers.read(SHOP.id, customer).facts)


@pytest.fixture
def house() -> House:
    return a_house()


def a_house() -> House:
    customers = InMemoryCustomers()
    costs = InMemoryUnitCosts(customers)
    costs.by_shop[SHOP.id]["5"] = MUG
    return House(customers, costs)


def test_orders_without_a_cost_take_that_of_their_day(house: House) -> None:
    for fact in (a_sale(-9), a_sale(2), a_sale(12), a_sign_up(-20)):
        house.customers.store(SHOP.id, "7", fact)

    assert house.run() == Repriced(orders=3, customers=1)
    assert house.held() == {"-9": 300, "2": 300, "12": 400}
    assert house.run() == Repriced()


def test_the_merchants_word_reaches_orders_that_had_a_cost(house: House) -> None:
    house.customers.store(SHOP.id, "7", a_sale(-2, 250))
    assert house.run() == Repriced()

    house.costs.tell(SHOP.id, [CostWord(variant="5", unit_cost=500, since=ALWAYS)])
    assert house.run() == Repriced(orders=1, customers=1)
    assert house.held() == {"-2": 500}


def test_what_is_previewed_is_what_is_written(house: House) -> None:
    for customer, fact in (("7", a_sale(2)), ("8", a_sale(3, 300)), ("9", a_sale(12))):
        house.customers.store(SHOP.id, customer, replace(fact, customer=customer))
    foreseen = dict(as_repriced(house.customers.everyone(SHOP.id), house.costs.goods(SHOP.id)))

    house.run()
    assert foreseen == dict(house.customers.everyone(SHOP.id))


class Overtaken(InMemoryUnitCosts):
    """A delivery comes between each read and the write, so many times."""

    times: int = 1

    def rewrite(self, shop: str, customer: str, orders: Sequence[tuple[Order, Order]]) -> bool:
        if self.times:
            self.times -= 1
            before = orders[0][0]
            self.customers.store(
                shop, customer, replace(before, total=1, updated_at=before.updated_at + timedelta(seconds=1))
            )
        return super().rewrite(shop, customer, orders)


def test_a_delivery_that_comes_meanwhile_stays_and_is_priced_too(house: House) -> None:
    house.customers.store(SHOP.id, "7", a_sale(2))
    house.costs = Overtaken(house.customers, house.costs.by_shop)

    assert house.run() == Repriced(orders=1, customers=1)
    (order,) = house.customers.read(SHOP.id, "7").facts
    assert isinstance(order, Order)
    assert (order.total, order.lines[0].unit_cost) == (1, 300)


def test_it_does_not_go_on_for_ever(house: House) -> None:
    house.customers.store(SHOP.id, "7", a_sale(2))
    house.costs = Overtaken(house.customers, house.costs.by_shop)
    house.costs.times = 99

    with pytest.raises(VersionConflict):
        house.run()


def deliveries() -> Iterator[Order]:
    for day in (2, 12):
        for hours in (0, 5):
            order = a_sale(day)
            yield replace(order, total=hours, updated_at=order.updated_at + timedelta(hours=hours))


@given(st.permutations(list(deliveries())), st.integers(0, 4))
def test_a_pass_at_any_time_ends_in_the_same_facts(order: list[Order], at: int) -> None:
    """Deliveries that came before the cost was known carry none, those after it do."""
    house = a_house()
    for number, fact in enumerate([*order, None]):
        if number == at:
            house.run()
        if fact:
            known = MUG.cost_at(fact.placed_at, fact.currency) if number >= at else None
            line = replace(fact.lines[0], unit_cost=known, category="mugs" if number >= at else "other")
            house.customers.store(SHOP.id, "7", replace(fact, lines=(line,)))

    house.run()
    facts = {fact.id: fact for fact in house.customers.read(SHOP.id, "7").facts if isinstance(fact, Order)}
    assert {name: fact.lines[0].unit_cost for name, fact in facts.items()} == {"2": 300, "12": 400}
    assert {name: fact.total for name, fact in facts.items()} == {"2": 5, "12": 5}
