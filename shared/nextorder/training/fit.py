"""Fit a store's model from its order days."""

from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from threadpoolctl import threadpool_limits

from nextorder.scoring.model import StoreModel
from nextorder.training.base_fit import fit_base
from nextorder.training.crowd import Crowd
from nextorder.training.drift import Judged, drift_of_past, judged, share_of_correction, spend_levels
from nextorder.training.hazard import fit_correction
from nextorder.training.past import look_back
from nextorder.training.prior import SHIPPED, Prior
from nextorder.training.table import OrderDays, OrderTable, order_table, span_days

Choice = Literal["auto", "none", "boosted"]
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


def fit_table(
    table: OrderTable,
    as_of: datetime,
    zone: ZoneInfo,
    prior: Prior = SHIPPED,
    *,
    crowd: Crowd | None = None,
    choice: Choice = "auto",
) -> StoreModel:
    """
    Do the same from columns.

    The correction is taken with the share that would have forecast the store's own past best
    ("auto"), wholly ("boosted") or not at all ("none"); drift and spend levels are those of
    the base alone or of the whole correction.
    """
    return fit_and_judge(table, as_of, zone, prior, crowd=crowd, choice=choice)[0]


def fit_and_judge(
    table: OrderTable,
    as_of: datetime,
    zone: ZoneInfo,
    prior: Prior = SHIPPED,
    *,
    crowd: Crowd | None = None,
    choice: Choice = "auto",
) -> tuple[StoreModel, list[Judged]]:
    """Return the model and how well honest forecasts did at each past origin."""
    # several threads would only wait for each other on such small matrices
    with threadpool_limits(limits=1, user_api="blas"):
        return _fit(table.until(as_of), as_of, zone, prior, crowd or Crowd.of(table), choice)


def _fit(
    table: OrderTable, as_of: datetime, zone: ZoneInfo, prior: Prior, crowd: Crowd, choice: Choice
) -> tuple[StoreModel, list[Judged]]:
    base = fit_base(table, as_of, prior)
    learning = None if choice == "none" else crowd
    pasts = list(look_back(table, as_of, zone, prior, base.ordering, GROUP, learning))
    share = 1.0 if choice == "boosted" else share_of_correction(pasts)
    correction = fit_correction(table, as_of, zone, base, crowd, share=share) if share else None
    said = [(past, past.corrected if correction and past.corrected else past.base) for past in pasts]
    drift = drift_of_past(said, prior, GROUP, span_days(table, as_of))
    model = base.model(
        prior,
        correction=correction,
        drift=drift.of_chances,
        value_drift=drift.of_value,
        spend_levels=spend_levels(said),
        group=GROUP,
    )
    return model, [judged(past) for past in pasts]
