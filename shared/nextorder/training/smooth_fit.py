"""Fit scoring.smooth, and ask it about all customers at once."""

import numpy as np
from scipy.special import expit

from nextorder.scoring.smooth import COLUMNS, FARTHEST, LOGS, SUREST, Smooth
from nextorder.scoring.traits import TRAITS
from nextorder.training.batch import Ordering, belief
from nextorder.training.order_fit import rounded
from nextorder.training.table import Floats
from nextorder.training.traits import People

PENALTY = 30.0
"""Tuned where the trees were (training.hazard.BOOSTING): 10 to 100 lie within 0.2 % of each other."""
FREE = 1e-3
"""Penalty of the constant."""
NEWTON_STEPS = 100
NEAR = 1e-5
PAIRS = np.triu_indices(len(LOGS) + 1)
LEAST_SCALE = 1e-3


def logs_of(people: People, ordering: Ordering) -> Floats:
    """Return scoring.smooth.LOGS of every customer, all but the days ahead."""
    active, rate = belief(ordering, people.summary)
    logs = [np.log(people.traits[:, at] + added) for at, added in COLUMNS]
    return np.column_stack([*logs, np.clip(active, -SUREST, SUREST), rate])


def fit_smooth(logs: Floats, marks: Floats, offset: Floats, ordered: Floats, weight: Floats) -> Smooth:
    """Return the ridge's weights; one row a customer and interval, days ahead last."""
    centre, scale = logs.mean(axis=0), np.maximum(logs.std(axis=0), LEAST_SCALE)
    v = np.column_stack([np.ones(len(logs)), np.clip((logs - centre) / scale, -FARTHEST, FARTHEST)])
    x = np.column_stack([v[:, PAIRS[0]] * v[:, PAIRS[1]], marks])
    found = _maximum(x, offset, ordered, weight)
    pairs, of_marks = np.split(found, [len(PAIRS[0])])
    size = len(LOGS) + 1
    rows = [pairs[PAIRS[0] == at] for at in range(size)]
    return Smooth(
        centre=tuple(rounded(float(one)) for one in centre),
        scale=tuple(rounded(float(one)) for one in scale),
        weights=tuple(tuple(rounded(float(one)) for one in row) for row in rows),
        of_marks=tuple(rounded(float(one)) for one in of_marks),
    )


def _maximum(x: Floats, offset: Floats, ordered: Floats, weight: Floats) -> Floats:
    """
    Return the maximum of the penalised likelihood by Newton's method.

    A step that leads down is halved: where the base is far off, whole ones run away.
    """
    penalty = np.full(x.shape[1], PENALTY)
    penalty[0] = FREE

    def height(weights: Floats) -> float:
        odds = offset + x @ weights
        return float(weight @ (ordered * odds - np.logaddexp(0.0, odds)) - penalty @ weights**2 / 2)

    found = np.zeros(x.shape[1])
    reached = height(found)
    for _ in range(NEWTON_STEPS):
        chance = expit(offset + x @ found)
        slope = x.T @ (weight * (ordered - chance)) - penalty * found
        bend = (x * (weight * chance * (1.0 - chance))[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        while (then := height(found + step)) < reached and np.abs(step).max() >= NEAR:
            step /= 2.0
        if np.abs(step).max() < NEAR:
            break
        found, reached = found + step, then
    return found


def smooth_shifts_of(smooth: Smooth, people: People, ordering: Ordering, days_ahead: Floats) -> Floats:
    """Return scoring.smooth.smooth_shifts of every customer: customer x day ahead."""
    centre, scale = np.array(smooth.centre), np.array(smooth.scale)
    logs = (logs_of(people, ordering) - centre[:-1]) / scale[:-1]
    v = np.column_stack([np.ones(len(logs)), np.clip(logs, -FARTHEST, FARTHEST)])
    time = np.clip((np.log1p(days_ahead) - centre[-1]) / scale[-1], -FARTHEST, FARTHEST)
    weights = np.zeros((len(LOGS) + 1,) * 2)
    weights[PAIRS] = [one for row in smooth.weights for one in row]
    marks = people.traits[:, len(TRAITS) :] @ np.array(smooth.of_marks)
    steady = ((v @ weights[:-1, :-1]) * v).sum(axis=1) + marks
    shifts: Floats = steady[:, None] + ((v @ weights[:-1, -1])[:, None] + weights[-1, -1] * time) * time
    return shifts
