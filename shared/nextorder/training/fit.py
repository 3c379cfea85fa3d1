"""Fit a store's model from its order days."""

from datetime import datetime
from zoneinfo import ZoneInfo

from nextorder.scoring.model import StoreModel
from nextorder.training.clock_fit import fit_clock
from nextorder.training.drift import measure_drift
from nextorder.training.order_fit import fit_orders, median_gap
from nextorder.training.prior import SHIPPED, Prior
from nextorder.training.spend_fit import fit_spend
from nextorder.training.table import OrderDays, OrderTable, order_table, summarise

GROUP = 200


def fit_store_model(
    order_days: OrderDays, as_of: datetime, zone: ZoneInfo, prior: Prior = SHIPPED
) -> StoreModel:
    """
    Fit a store's model to the order days of its customers, as known at `as_of`.

    Leave out whom the model is not about: tills, wholesale, withheld customers. Later
    order days and the mapping's order make no difference; without any customers the
    answer is the prior itself.
    """
    return fit_table(order_table(order_days, zone, as_of), as_of, zone, prior)


def fit_table(table: OrderTable, as_of: datetime, zone: ZoneInfo, prior: Prior = SHIPPED) -> StoreModel:
    """Do the same from columns."""
    table = table.until(as_of)
    known = summarise(table, as_of)
    ordering = fit_orders(known, median_gap(table, prior), prior)
    spending = fit_spend(known, prior)
    drift = measure_drift(table, as_of, zone, prior, ordering, GROUP)
    r, alpha, a, b = ordering
    p, q, v = spending
    return StoreModel.of(
        r=r,
        alpha=alpha,
        a=a,
        b=b,
        p=p,
        q=q,
        v=v,
        clock=fit_clock(table, as_of),
        drift=drift.of_chances,
        value_drift=drift.of_value,
        group=GROUP,
    )
