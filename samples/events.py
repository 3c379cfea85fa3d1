"""Everything that happens in the sample store, each with its moment and, on demand, its payload."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from itertools import groupby
from typing import Any

from samples.assortment import catalogue
from samples.bodies.checkouts import checkout_body
from samples.bodies.goods import inventory_item_body, product_body
from samples.bodies.orders import order_body
from samples.bodies.people import consent_body, customer_create_body
from samples.bodies.refunds import refund_body
from samples.invented import consent_state, person, share
from samples.moments import WEEK, Calendar, last_locally
from samples.pricing import price_order
from samples.rows import sales
from samples.staging import StagedOrder, stage

BEFORE_OPENING = timedelta(days=1)
SIGNED_UP_BEFORE = timedelta(minutes=15)
ASKED_AFTER = timedelta(seconds=10)
CHECKOUT_BEFORE = timedelta(minutes=10)
WITH_CHECKOUTS = 2 * WEEK
SEEN_CHECKOUTS = 0.04
OPEN_CHECKOUTS = 15
OPEN_WITHIN = timedelta(hours=60)


@dataclass(frozen=True, slots=True)
class Event:
    """Something Shopify would send; the body is written only when it is called for."""

    at: datetime
    topic: str
    body: Callable[[], dict[str, Any]]


@cache
def orders(calendar: Calendar) -> tuple[StagedOrder, ...]:
    """Return all orders in time order."""
    since = sign_ups(calendar)
    return tuple(stage(price_order(sale), calendar, since[sale.customer]) for sale in sales())


@cache
def sign_ups(calendar: Calendar) -> Mapping[int, datetime]:
    """Return when each customer's record was made: shortly before the first order."""
    since: dict[int, datetime] = {}
    for sale in sales():
        since.setdefault(sale.customer, calendar.moment(sale.moment - SIGNED_UP_BEFORE))
    return since


def of_catalogue(calendar: Calendar) -> Iterator[Event]:
    """Yield all products and unit costs, a day before the first order."""
    opened = calendar.moment(sales()[0].moment - BEFORE_OPENING)
    for _, group in groupby(catalogue(), key=lambda variant: variant.product):
        variants = tuple(group)
        yield Event(opened, "products/update", partial(product_body, variants, opened))
        for variant in variants:
            yield Event(opened, "inventory_items/update", partial(inventory_item_body, variant, opened))


def of_people(calendar: Calendar) -> Iterator[Event]:
    """Yield sign-ups, and consent where there is any: given at once, taken back 7 to 97 days later."""
    for number, since in sign_ups(calendar).items():
        who, state = person(number), consent_state(number)
        asked = since + ASKED_AFTER
        yield Event(since, "customers/create", partial(customer_create_body, who, since))
        if state:
            yield _consent(number, "subscribed", asked)
        if state == "unsubscribed":
            yield _consent(number, state, asked + timedelta(days=7 + int(90 * share(f"leaves:{number}"))))


def _consent(number: int, state: str, moment: datetime) -> Event:
    topic = "customers_email_marketing_consent/update"
    return Event(moment, topic, partial(consent_body, person(number), state, moment))


def of_checkouts(calendar: Calendar) -> Iterator[Event]:
    """Yield some completed checkouts of the last two weeks, and some that stay open in the last days."""
    first = calendar.cut(weeks=WITH_CHECKOUTS // WEEK)
    latest = {order.priced.customer.number: order for order in orders(calendar)}
    for order in orders(calendar):
        if order.placed > first and share(f"checkout:{order.number}") < SEEN_CHECKOUTS:
            opened = order.placed - CHECKOUT_BEFORE
            yield Event(opened, "checkouts/create", partial(checkout_body, order, opened, None))
            yield Event(order.placed, "checkouts/update", partial(checkout_body, order, opened, order.placed))
    end = calendar.moment(last_locally())
    undecided = sorted(latest, key=lambda number: share(f"undecided:{number}"))[:OPEN_CHECKOUTS]
    for number in undecided:
        opened = end - share(f"opened:{number}") * OPEN_WITHIN
        opened = opened.replace(microsecond=0)
        yield Event(opened, "checkouts/create", partial(checkout_body, latest[number], opened, None))


def of_order_as_it_stands(order: StagedOrder, as_of: datetime) -> Iterator[Event]:
    """Yield the order once, in its state at `as_of`, then its refunds."""
    if order.placed <= as_of:
        yield Event(order.placed, "orders/create", partial(order_body, order, as_of))
    for index, moment in enumerate(order.refunded):
        yield Event(moment, "refunds/create", partial(refund_body, order, index))


def of_order_as_it_happens(order: StagedOrder) -> Iterator[Event]:
    """Yield every webhook of the order's life, in its order."""
    refunds = {moment: index for index, moment in enumerate(order.refunded)}
    topics = {order.placed: "orders/create", order.paid: "orders/paid"}
    for moment in order.stages():
        if moment in refunds:
            yield Event(moment, "refunds/create", partial(refund_body, order, refunds[moment]))
        topic = topics.get(moment, "orders/updated")
        yield Event(moment, topic, partial(order_body, order, moment.astimezone(UTC)))
