"""A store's model with scikit-learn's conventions: fit on orders, predict for customers."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted

from nextorder.scoring.predict import HORIZON_DAYS
from nextorder.scoring.traits import Usual
from nextorder.training import artefact
from nextorder.training.crowd import Crowd
from nextorder.training.fit import Choice, fit_and_judge
from nextorder.training.forecast import forecast_all
from nextorder.training.orders import MINOR, moment_of, read_orders, span
from nextorder.training.people import to_frame, to_people
from nextorder.training.prior import SHIPPED, Prior

LEVEL = 0.8
ANY = Usual(gap_days=1.0, spend=1.0)
"""Units of traits that nobody asks for."""
MONEY = ["expected_spend", "spend_lo", "spend_hi"]


class StoreEstimator(BaseEstimator):  # type: ignore[misc] # it ships no types
    """
    One store's forecast of orders and spend, for every customer who has ordered.

    Args:
        timezone: The shop's IANA zone; naive moments are read as its wall clock.
        prior: What is believed before the store's own orders speak; None = as shipped.
        correction: "auto" lets past origins choose how much of the correction is added to
            the base model; "none" and "boosted" (all of it) decide it.
        random_state: Seed of what is sampled.
    """

    def __init__(
        self,
        *,
        timezone: str = "UTC",
        prior: Prior | None = None,
        correction: Choice = "auto",
        random_state: int = 0,
    ) -> None:
        self.timezone = timezone
        self.prior = prior
        self.correction = correction
        self.random_state = random_state

    def fit(self, orders: pd.DataFrame, as_of: datetime) -> Self:
        """
        Fit to the orders placed by `as_of`; later rows are not looked at.

        Columns: customer_id, timestamp (aware, or naive shop-local), amount (major units);
        optional: kind (order, return) and, of the first order, category, product,
        discount, country, channel, shipping, consent. All others are ignored.

        Raises:
            ValueError: A column is missing, or nobody has ordered yet.
        """
        zone = ZoneInfo(self.timezone)
        known, now = read_orders(orders, as_of, zone), moment_of(as_of, zone)
        crowd = Crowd.marked(known.marks, seed=self.random_state)
        self.as_of_ = now.to_pydatetime()
        self.model_, self.past_ = fit_and_judge(
            known.table, self.as_of_, zone, self.prior or SHIPPED, crowd=crowd, choice=self.correction
        )
        self.features_ = self.features(orders, as_of)
        self.data_ = span(known.table)
        return self

    def features(self, orders: pd.DataFrame, as_of: datetime) -> pd.DataFrame:
        """Describe every customer who has ordered by a moment: one row each, ready for `predict`."""
        check_is_fitted(self, "model_")
        zone = ZoneInfo(self.timezone)
        known, now = read_orders(orders, as_of, zone), moment_of(as_of, zone)
        correction = self.model_.correction
        names, usual = (correction.marks, correction.usual) if correction else ((), ANY)
        crowd = Crowd.marked(known.marks, names)
        people = crowd.people(known.table, now.to_pydatetime(), usual)
        return to_frame(people, known.names, now, names)

    def predict(
        self,
        features: pd.DataFrame | None = None,
        horizons: Sequence[float] = HORIZON_DAYS,
        *,
        level: float = LEVEL,
    ) -> pd.DataFrame:
        """
        Return one row per customer and horizon (days, rising); `features` None = the fit's own.

        p_order with p_lo and p_hi, the range at `level` of the average of about 200 such
        customers; expected_orders (order days); expected_spend with spend_lo and
        spend_hi, the 80 % range of the customer's own outcome, in major units. The same on
        each of a customer's rows: p_active, and next_order_p20, _p50 and _p80, the days
        by which so many of 100 will have ordered, of those who do within a year.
        """
        check_is_fitted(self, "model_")
        rows = self.features_ if features is None else features
        days = np.array(sorted(set(map(float, horizons))))
        zone = ZoneInfo(self.timezone)
        said = []
        for at in rows["as_of"].unique():
            those = rows[rows["as_of"] == at]
            numbers = forecast_all(self.model_, to_people(those), at.to_pydatetime(), zone, days, level)
            numbers.insert(0, "customer_id", np.repeat(those["customer_id"].to_numpy(), len(days)))
            numbers.insert(1, "horizon_days", np.tile(days, len(those)))
            said.append(numbers)
        table = pd.concat(said, ignore_index=True)
        table[MONEY] /= MINOR
        return table

    def save(self, folder: Path) -> None:
        """Write model.joblib, runtime.json (the online document) and card.json."""
        check_is_fitted(self, "model_")
        facts = {
            "as_of": self.as_of_.isoformat(),
            "data": self.data_,
            "features": list(self.features_.columns),
            "past": [
                asdict(one) | {"origin": one.origin.isoformat(), "days": list(one.days)} for one in self.past_
            ],
        }
        artefact.write(folder, self, self.model_.to_document(), facts)

    @staticmethod
    def load(folder: Path) -> "StoreEstimator":
        """
        Return what `save` wrote, after checking its hash against the card.

        Raises:
            ValueError: The files do not belong together.
        """
        estimator: StoreEstimator = artefact.read(folder)
        return estimator
