"""Fit a whole store: its model, its second-order window, its frozen numbers."""

from collections.abc import Sequence
from datetime import datetime

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.shop import Numbers, Shop
from nextorder.scoring.model import StoreModel
from nextorder.training.fit import fit_table
from nextorder.training.numbers import freeze_numbers
from nextorder.training.table import order_table
from nextorder.training.window import window_of


def fit_store(
    everyone: Sequence[Features], shop: Shop, catalogue: Catalogue, as_of: datetime
) -> tuple[StoreModel, Numbers]:
    """
    Fit a store to its customers' features as of `as_of`.

    Tills, wholesale accounts and others that are withheld stay out of the fit: it is not about them.
    """
    days = {
        one.customer: [(day.at, day.revenue) for day in one.order_days]
        for one in everyone
        if one.order_days and not one.withheld
    }
    table = order_table(days, shop.zone, as_of)
    model = fit_table(table, as_of, shop.zone)
    old = shop.numbers.window if shop.numbers.fitted_at else None
    window = window_of(table, as_of, shop.zone, model, old=old)
    numbers = freeze_numbers(everyone, shop, model, window=window, catalogue=catalogue, as_of=as_of)
    return model, numbers
