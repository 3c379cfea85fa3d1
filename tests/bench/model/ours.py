"""Our model, through the door that everybody uses."""

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd

from nextorder.training.estimator import StoreEstimator
from nextorder.training.prior import Prior
from tests.bench.model.data import DAY, EPOCH
from tests.bench.model.protocol import Forecast, History

LEVEL = 0.9


class Ours:
    """StoreEstimator on customer, time and amount: what the peers have."""

    def __init__(self, name: str, prior: Prior, correction: Literal["auto", "none", "boosted"]) -> None:
        self.name = name
        self.prior = prior
        self.correction = correction

    def __call__(self, history: History, horizons: Sequence[float]) -> Forecast:
        """Answer all horizons from one fit."""
        estimator = StoreEstimator(prior=self.prior, correction=self.correction)
        said = estimator.fit(orders_of(history), moment(history.cut)).predict(horizons=horizons, level=LEVEL)
        said = said.set_index("customer_id").loc[np.arange(len(history.days))]
        by_days = {days: said[said["horizon_days"] == days] for days in horizons}
        longest = by_days[max(horizons)]
        return Forecast(
            chances={days: rows["p_order"].to_numpy() for days, rows in by_days.items()},
            chance_ranges={
                days: (rows["p_lo"].to_numpy(), rows["p_hi"].to_numpy()) for days, rows in by_days.items()
            },
            spend=longest["expected_spend"].to_numpy(),
            spend_range=(longest["spend_lo"].to_numpy(), longest["spend_hi"].to_numpy()),
        )


def orders_of(history: History) -> pd.DataFrame:
    """Return a history as the estimator takes it; naive moments are the shop's wall clock."""
    return pd.DataFrame(
        {
            "customer_id": history.customer,
            "timestamp": (EPOCH + pd.to_timedelta(history.at, unit="D")).round("s"),
            "amount": history.amount,
        }
    )


def moment(day: float) -> pd.Timestamp:
    """Return days since 1970 as a naive moment."""
    return EPOCH + day * DAY
