"""Fit a whole store: its model, its second-order window, its frozen numbers."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.own_window import origins
from nextorder.domain.shop import Numbers, Shop
from nextorder.scoring.model import StoreModel
from nextorder.training.crowd import Crowd
from nextorder.training.fit import fit_table
from nextorder.training.marks import marks_table
from nextorder.training.numbers import freeze_numbers
from nextorder.training.table import OrderTable, order_table
from nextorder.training.window import window_of, windows_of_origins


def fit_store(
    everyone: Sequence[Features], shop: Shop, catalogue: Catalogue, as_of: datetime
) -> tuple[StoreModel, Numbers]:
    """
    Fit a store to its customers' features as of `as_of`.

    Tills, wholesale accounts and others that are withheld stay out of the fit: it is not about them.
    """
    table = table_of_shop(everyone, shop, as_of)
    model = fit_table(table, as_of, shop.zone, crowd=Crowd.marked(shop_marks(everyone, as_of)))
    held = shop.numbers
    window = window_of(table, as_of, shop.zone, model, old=held.window if held.fitted_at else None)
    windows = windows_of_origins(table, _origins(everyone, as_of), as_of, shop.zone, window, old=held.windows)
    numbers = freeze_numbers(
        everyone, shop, model, window=window, windows=windows, catalogue=catalogue, as_of=as_of
    )
    return model, numbers


def table_of_shop(everyone: Sequence[Features], shop: Shop, as_of: datetime) -> OrderTable:
    """Lay out the order days of those whom the model is about."""
    days = {
        one.customer: [(day.at, day.revenue) for day in one.order_days] for one in buyers_by(everyone, as_of)
    }
    return order_table(days, shop.zone, as_of)


def shop_marks(everyone: Sequence[Features], as_of: datetime) -> pd.DataFrame:
    """Return the marks of first orders, as `table_of_shop` numbers the customers."""
    return marks_table(one.first_marks for one in buyers_by(everyone, as_of))


def _origins(everyone: Sequence[Features], as_of: datetime) -> Mapping[str, Sequence[int]]:
    """Return who came from where, as `table_of_shop` numbers the customers."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, buyer in enumerate(buyers_by(everyone, as_of)):
        for name in origins(buyer):
            found[name].append(number)
    return found


def buyers_by(everyone: Sequence[Features], as_of: datetime) -> Sequence[Features]:
    """Return whom the model is about, by the order of their ids: so the table numbers them."""
    about = (one for one in everyone if not one.withheld and one.order_days)
    return sorted((one for one in about if one.order_days[0].at <= as_of), key=lambda one: one.customer)
