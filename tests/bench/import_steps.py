"""The steps of an import after its reading, without a database: prices, items of facts, verdicts."""

import gc
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from nextorder.adapters import fact_codec
from nextorder.adapters.dynamodb.items import Item, customer_key, row
from nextorder.adapters.dynamodb.records import state_item
from nextorder.domain.clocks import version_of
from nextorder.domain.facts import Order, StoredFact, sort_key
from nextorder.domain.features import Features, compute_features
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.domain.verdicts import reach_verdict
from nextorder.ports import Assortment
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.import_facts import History
from nextorder.use_cases.take_facts import with_costs
from tests.unit.shop_cases import CATALOGUE

NOW = datetime(2026, 11, 20, tzinfo=UTC)
Facts = Mapping[str, Sequence[StoredFact]]
"""By customer."""
Answer = TypeVar("Answer")


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return CPU seconds and the answer."""
    gc.collect()
    gc.freeze()
    began = time.process_time()
    answer = work()
    return time.process_time() - began, answer


def priced(found: History, assortment: Assortment, shop: Shop) -> Facts:
    """Return each customer's facts with the costs that an import gives them."""
    return {
        customer: [
            with_costs(fact, shop.id, assortment) if isinstance(fact, Order) else fact
            for fact in facts.values()
        ]
        for customer, facts in found.by_customer.items()
    }


def fact_items(by_customer: Facts, shop: Shop) -> list[tuple[StoredFact, Item]]:
    """Write every fact as the item that is stored."""
    return [
        (fact, row(pk, sort_key(fact), newest=version_of(fact), doc=fact_codec.encode(fact)))
        for pk, facts in ((customer_key(shop.id, name), facts) for name, facts in by_customer.items())
        for fact in facts
    ]


def described(by_customer: Facts, shop: Shop) -> list[Features]:
    """Describe everyone by their facts."""
    return [compute_features(name, facts, shop, NOW) for name, facts in by_customer.items()]


def state_items(everyone: Iterable[Features], shop: Shop, model: StoreModel) -> list[Item]:
    """Reach everyone's verdict and write it as an item."""
    items = []
    for features in everyone:
        verdict, due_at = reach_verdict(features, shop, model, as_of=NOW, catalogue=CATALOGUE)
        shown = fingerprint(verdict, CATALOGUE, shop)
        state = State(
            verdict=verdict, digest="0" * 24, shown=shown, version=1, due_at=due_at, orders=features.orders
        )
        items.append(state_item(customer_key(shop.id, features.customer), shop.id, state, "0" * 16))
    return items
