"""Scoring one customer, all horizons, features included, beside lifetimes and scikit-learn in one run."""

import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from nextorder.domain.buyer import Buyer
from nextorder.domain.features import compute_features
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.predict import HORIZON_DAYS, forecast
from tests.bench import a_store
from tests.bench.measuring import cpu_ms_side_by_side, say
from tests.unit.shop_cases import CATALOGUE, MODEL

ORDERS, LINES = 20, 3
TIMES = 25
TRAINED_ON, COLUMNS = 2_000, 8


def ours() -> None:
    """Facts to features to all probabilities, order days, spend and CLV with their ranges."""
    features = compute_features("1", FACTS, a_store.SHOP, a_store.AT)
    buyer = Buyer(features=features, shop=a_store.SHOP, model=MODEL)
    forecast(MODEL, buyer.history(a_store.AT), as_of=a_store.AT, zone=a_store.SHOP.zone)


def verdict() -> None:
    """The same, and segments with their history, the next due moment and reasons."""
    features = compute_features("1", FACTS, a_store.SHOP, a_store.AT)
    reach_verdict(features, a_store.SHOP, MODEL, as_of=a_store.AT, catalogue=CATALOGUE)


FACTS = list(a_store.orders(ORDERS, LINES))


def lifetimes_peer() -> Callable[[], None]:
    """Return lifetimes' expected purchases for each horizon, P(alive) and mean spend, summary included."""
    warnings.simplefilter("ignore")
    from lifetimes import GammaGammaFitter, ModifiedBetaGeoFitter  # noqa: PLC0415 - warns when imported
    from lifetimes.utils import summary_data_from_transaction_data  # noqa: PLC0415 - the same

    counts, spend = ModifiedBetaGeoFitter(), GammaGammaFitter()
    counts.params_ = pd.Series({key: getattr(MODEL, key) for key in ("r", "alpha", "a", "b")})
    spend.params_ = pd.Series({key: getattr(MODEL, key) for key in ("p", "q", "v")})
    days = [(fact.placed_at.replace(tzinfo=None), sum(line.revenue for line in fact.lines)) for fact in FACTS]
    transactions = pd.DataFrame(days, columns=["at", "revenue"]).assign(customer=1)

    def score() -> None:
        row = summary_data_from_transaction_data(transactions, "customer", "at", "revenue")
        x, t_x, tenure = row["frequency"], row["recency"], row["T"]
        for horizon in HORIZON_DAYS:
            counts.conditional_expected_number_of_purchases_up_to_time(horizon, x, t_x, tenure)
        counts.conditional_probability_alive(x, t_x, tenure)
        spend.conditional_expected_average_profit(x, row["monetary_value"])

    return score


def boosting_peer() -> Callable[[], None]:
    """Return one trained gradient boosting a horizon, asked for one row."""
    random = np.random.default_rng(7)
    rows = random.normal(size=(TRAINED_ON, COLUMNS))
    models = [
        HistGradientBoostingClassifier(max_iter=100, random_state=7).fit(
            rows, rows[:, 0] + random.normal(size=TRAINED_ON) > 0
        )
        for _ in HORIZON_DAYS
    ]

    def score() -> None:
        for model in models:
            model.predict_proba(rows[:1])

    return score


def main() -> None:
    """Print CPU of each and our ratios."""
    names = ("ours", "with_segments", "lifetimes", "scikit_learn_hgb")
    calls: list[Callable[[], object]] = [ours, verdict, lifetimes_peer(), boosting_peer()]
    found = dict(zip(names, cpu_ms_side_by_side(calls, TIMES), strict=True))
    say("scoring.cpu_ms", **found, orders=ORDERS, lines_an_order=LINES, budget_ms=1.0)
    say(
        "scoring.times_faster",
        than_lifetimes=round(found["lifetimes"] / found["ours"], 1),
        than_scikit_learn_hgb=round(found["scikit_learn_hgb"] / found["ours"], 1),
        budget=10,
    )


if __name__ == "__main__":
    main()
