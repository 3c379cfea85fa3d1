"""Stores of a few customers, made of order days by hand and looked at with a model by hand."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from nextorder.domain.facts import Order, StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.shop import Shop
from nextorder.report.store import Store
from nextorder.training.foretell import foretell_with
from tests.unit.shop_cases import CATALOGUE, MODEL, SHOP, START, an_order

Facts = Mapping[str, Sequence[StoredFact]]


def a_store(facts: Facts, days: float, shop: Shop = SHOP, **more: Any) -> Store:
    """Look at customers so many days after START."""
    as_of = START + timedelta(days=days)
    everyone = [compute_features(customer, held, shop, as_of) for customer, held in sorted(facts.items())]
    return Store(
        shop=shop,
        catalogue=CATALOGUE,
        as_of=as_of,
        everyone=everyone,
        told=foretell_with(MODEL, everyone, shop, as_of),
        facts=facts,
        **more,
    )


def ordering(*customers: Sequence[float], **order: Any) -> dict[str, list[Order]]:
    """Return customers who order so many days after START, each as the same single line."""
    return {
        f"{number:03}": [
            replace(an_order(day, **order), id=f"{number}-{day:g}", customer=f"{number:03}") for day in days
        ]
        for number, days in enumerate(customers)
    }
