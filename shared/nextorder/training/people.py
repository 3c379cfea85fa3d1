"""Customers as a data frame and back: what `StoreEstimator.features` shows and `predict` takes."""

import numpy as np
import pandas as pd

from nextorder.scoring.traits import TRAITS
from nextorder.training.table import Summary
from nextorder.training.traits import People

SUMMARY = {
    "repeat_days": "x",
    "first_to_last_days": "t_x",
    "tenure_days": "tenure",
    "spend_days": "spend_days",
    "mean_spend": "mean_spend",
}
OTHERS = ("customer_id", "as_of", "own_gap_days", *SUMMARY)


def to_frame(people: People, names: pd.Index, as_of: pd.Timestamp, marks: tuple[str, ...]) -> pd.DataFrame:
    """Return a row a customer: who and when, x, t_x, T and spend (minor units), then traits and marks."""
    columns = {"customer_id": names[people.summary.customer], "as_of": as_of, "own_gap_days": people.own_gap}
    columns |= {column: getattr(people.summary, field) for column, field in SUMMARY.items()}
    # the first trait is repeat_days again
    shown = dict(zip((*TRAITS, *marks), people.traits.T, strict=True))
    return pd.DataFrame(columns | {name: trait for name, trait in shown.items() if name not in columns})


def to_people(frame: pd.DataFrame) -> People:
    """Return the customers whom `to_frame` showed."""
    summary = {field: frame[column].to_numpy(dtype=float) for column, field in SUMMARY.items()}
    traits = [name for name in frame.columns if name not in OTHERS]
    return People(
        summary=Summary(customer=np.arange(len(frame)), weight=np.ones(len(frame)), **summary),
        traits=frame[["repeat_days", *traits]].to_numpy(dtype=float),
        silence=summary["tenure"] - summary["t_x"],
        own_gap=frame["own_gap_days"].to_numpy(dtype=float),
    )
