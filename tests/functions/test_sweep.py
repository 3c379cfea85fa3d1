"""sweep on its own: other terms reach a customer who did nothing, and the next pass wakes nobody."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nextorder.adapters.dynamodb import items
from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.passes import DynamoPasses, DynamoSizes
from nextorder.domain.facts import OrderLine, UnitCost, VariantCategory
from nextorder.domain.passes import CUSTOMERS, Pass
from tests.functions.files import place_order
from tests.system.cloud import Cloud, eventually
from tests.system.people import Someone, seed, someone
from tests.system.shops import SWEPT, a_shop
from tests.unit.shop_cases import START, an_order

Event = Callable[[str], Any]


def passes(cloud: Cloud) -> DynamoPasses:
    return DynamoPasses(cloud.dynamodb, cloud.table)


def swept(cloud: Cloud, event: Event) -> Pass:
    """Let the schedule come round until the shop's pass has ended."""

    def look() -> Pass | None:
        cloud.invoke("Sweep", event("sweep") | {"shop": SWEPT})
        now = passes(cloud).load(SWEPT)
        return now if now and now.ended_at else None

    ended = eventually(look)
    assert ended
    return ended


def test_other_terms_reach_a_customer_who_did_nothing_and_the_next_pass_wakes_nobody(
    cloud: Cloud, event: Event
) -> None:
    person = someone(a_shop(SWEPT))
    seed(cloud, person)
    place_order(cloud, person, SWEPT)
    swept(cloud, event)
    reached = cloud.customers.state(SWEPT, person.id)
    assert reached

    place = items.key(items.customer_key(SWEPT, person.id), items.STATE)
    item = cloud.dynamodb.get_item(TableName=cloud.table, Key=place)["Item"]
    of_other_terms = item | {"digest": {"S": "of other terms"}}
    cloud.dynamodb.put_item(TableName=cloud.table, Item=of_other_terms)
    first = start_again(cloud, event)

    assert first.woken == 1
    eventually(lambda: digest(cloud, person) == reached.digest)
    again = start_again(cloud, event)
    assert (again.looked_at, again.woken) == (first.looked_at, 0)


def test_a_cost_that_came_after_an_order_is_brought_to_it(cloud: Cloud, event: Event) -> None:
    swept(cloud, event)
    person = someone(a_shop(SWEPT))
    line = OrderLine(id="1", variant=person.id, quantity=1, revenue=5_000)
    order = replace(an_order(0, name=f"{person.id}1"), customer=person.id, lines=(line,))
    cloud.customers.store(SWEPT, person.id, order)
    mug = VariantCategory(id=person.id, inventory_item=person.id, category="mugs", updated_at=START)
    cost = UnitCost(id=person.id, updated_at=START, unit_cost=2_000)
    DynamoAssortment(cloud.dynamodb, cloud.table).store_all(SWEPT, [mug, cost])

    start_again(cloud, event)

    (held,) = cloud.customers.read(SWEPT, person.id).facts
    assert held == replace(order, lines=(replace(line, unit_cost=2_000, category="mugs"),))


def digest(cloud: Cloud, person: Someone) -> str:
    state = cloud.customers.state(SWEPT, person.id)
    return state.digest if state else ""


def start_again(cloud: Cloud, event: Event) -> Pass:
    """Run a pass as if the one before had been for other terms."""
    before = passes(cloud).load(SWEPT)
    assert before
    assert passes(cloud).save(SWEPT, replace(before, terms="others"), replaces=before)
    return swept(cloud, event)


def test_at_its_end_the_sizes_of_segments_are_known(cloud: Cloud, event: Event) -> None:
    ended = swept(cloud, event)

    known = DynamoSizes(cloud.dynamodb, cloud.table).read(SWEPT)

    assert known
    assert known.reckoned_at == ended.ended_at
    assert known.counts.get(CUSTOMERS, 0) == ended.looked_at
