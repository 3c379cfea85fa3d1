"""Models and histories for the scoring tests, ordinary and extreme."""

from typing import Any

from hypothesis import strategies as st

from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import HORIZONS, BuyingHistory

FLAT = (1.0,) * 168


def a_model(**changes: Any) -> StoreModel:
    """Return CDNOW's published parameters in days and cents, with a flat clock."""
    ordinary = {
        "r": 0.525,
        "alpha": 43.28,
        "a": 0.891,
        "b": 1.614,
        "p": 6.25,
        "q": 3.74,
        "v": 1544.0,
        "clock": FLAT,
        "drift": dict.fromkeys(HORIZONS, 0.3),
        "value_drift": 0.3,
    }
    return StoreModel.of(**(ordinary | changes))


def a_history(**changes: Any) -> BuyingHistory:
    """Return a customer with four order days, the last of them 80 days ago."""
    ordinary = {
        "repeat_days": 3,
        "first_to_last_days": 120.0,
        "tenure_days": 200.0,
        "spend_days": 4,
        "mean_spend": 3500.0,
        "margin_rate": 0.4,
    }
    return BuyingHistory(**(ordinary | changes))


def _log(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False)


models = st.builds(
    a_model,
    r=_log(0.01, 20),
    alpha=_log(0.05, 2_000),
    a=_log(0.005, 30),
    b=_log(0.02, 60),
    p=_log(0.1, 50),
    q=_log(1.01, 30),
    v=_log(0.01, 1e7),
    clock=st.sampled_from([FLAT, tuple(0.5 if hour % 24 < 12 else 1.5 for hour in range(168))]),
    value_drift=_log(0.01, 2.0),
)


@st.composite
def histories(draw: st.DrawFn) -> BuyingHistory:
    """Draw any customer, up to the point where verdicts are withheld."""
    tenure = draw(st.floats(0, 10_000))
    repeats = draw(st.integers(0, 499))
    return BuyingHistory(
        repeat_days=repeats,
        first_to_last_days=tenure * draw(st.floats(0, 1)) if repeats else 0.0,
        tenure_days=tenure,
        spend_days=draw(st.integers(0, repeats + 1)),
        mean_spend=draw(st.sampled_from([0.0, 1.0, 3500.0, 1e8])),
        margin_rate=draw(st.floats(-1, 1)),
    )
