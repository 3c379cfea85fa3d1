"""A store's worth of customers, drawn from the model itself: some come back, most stay away."""

from datetime import datetime, timedelta
from random import Random

from nextorder.domain.facts import Order, OrderLine


def a_crowd(customers: int, until: datetime, *, days: float = 500.0, seed: int = 1) -> dict[str, list[Order]]:
    """Return each customer's orders of the last `days` days; the same every time."""
    random = Random(seed)  # noqa: S311 - a test's
    return {f"{7_000 + n}": _orders(f"{7_000 + n}", random, until, days) for n in range(customers)}


def _orders(customer: str, random: Random, until: datetime, days: float) -> list[Order]:
    at, rate = random.uniform(0, days), random.gammavariate(0.9, 1 / 40)
    left = random.betavariate(0.6, 1.2)
    found: list[Order] = []
    while at < days:
        found.append(
            _order(f"{customer}{len(found):03}", customer, until - timedelta(days=days - at), random)
        )
        if random.random() < left:
            break
        at += max(random.expovariate(rate), 0.2)
    return found


def _order(name: str, customer: str, at: datetime, random: Random) -> Order:
    revenue = round(random.lognormvariate(8.3, 0.5))
    at = at.replace(microsecond=0)
    line = OrderLine(id=f"{name}1", category="tea", quantity=1, revenue=revenue, unit_cost=revenue // 3)
    return Order(
        id=name, customer=customer, placed_at=at, updated_at=at, currency="EUR", lines=(line,), total=revenue
    )
