"""The sample store as the page sees it: the facts that webhooks would have left, of some customers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.domain.facts import Order
from nextorder.domain.features import compute_features
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Costs, Shop
from nextorder.report.look import look_at_all
from nextorder.report.store import Store
from nextorder.training.store import fit_store
from nextorder.use_cases.import_facts import History
from nextorder.use_cases.take_facts import with_costs
from samples import events
from samples.invented import COSTS
from samples.invented import SHOP as SAMPLE
from samples.moments import Calendar
from tests.fakes.assortment import InMemoryAssortment
from tests.unit.shop_cases import CATALOGUE

NOW = datetime(2026, 11, 20, tzinfo=UTC)
EVERY = 8
"""One customer in so many is looked at."""
SHOP = Shop(
    id=SAMPLE["domain"],
    gid=SAMPLE["gid"],
    timezone=SAMPLE["timezone"],
    currency=SAMPLE["currency"],
    costs=Costs(**COSTS),
    applied=True,
)


def sample_drawn(every: int = EVERY) -> Drawn:
    """Return the facts of one customer in so many, with the costs that held, and what products are called."""
    calendar = Calendar.ending_before(NOW)
    goods, found = History(), History()
    for event in events.of_catalogue(calendar):
        goods.add(read_payload(event.topic, event.body(), event.at, SHOP))
    for event in _told(calendar, every):
        if event.at <= NOW:
            found.add(read_payload(event.topic, event.body(), event.at, SHOP))
    found.sort_out()
    assortment = InMemoryAssortment()
    assortment.store_all(SHOP.id, goods.shop_facts)
    facts = {
        customer: tuple(
            with_costs(fact, SHOP.id, assortment) if isinstance(fact, Order) else fact
            for fact in held.values()
        )
        for customer, held in sorted(found.by_customer.items())
        if any(isinstance(fact, Order) for fact in held.values())
    }
    return Drawn(facts=facts, titles=assortment.titles(SHOP.id))


def _told(calendar: Calendar, every: int) -> Iterator[events.Event]:
    for order in events.orders(calendar):
        if order.priced.customer.number % every == 0:
            yield from events.of_order_as_it_stands(order, NOW)
    yield from events.of_people(calendar)


def sample_store(every: int = EVERY) -> Store:
    """Look at the sample store with a model of its own."""
    drawn = sample_drawn(every)
    everyone = [compute_features(customer, held, SHOP, NOW) for customer, held in drawn.facts.items()]
    model, numbers = fit_store(everyone, SHOP, CATALOGUE, NOW)
    return look_at_all(replace(SHOP, numbers=numbers), CATALOGUE, model, drawn, (), NOW)
