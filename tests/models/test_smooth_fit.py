"""The smooth half of the correction is the ridge's maximum, however far the base was off."""

import numpy as np
import pytest
from scipy.special import expit

from nextorder.scoring.smooth import FARTHEST, LOGS
from nextorder.training.smooth_fit import FREE, PAIRS, PENALTY, fit_smooth

ROWS = 3_000


@pytest.mark.parametrize("offset", [8.0, 0.0, -2.0, -6.0, -12.0, -25.0])
@pytest.mark.parametrize("share", [0.003, 0.1, 0.6])
def test_it_is_the_maximum_of_the_penalised_likelihood(offset: float, share: float) -> None:
    random = np.random.default_rng(7)
    logs = random.normal(size=(ROWS, len(LOGS)))
    ordered = (random.random(ROWS) < share * expit(logs[:, 0])).astype(float)
    weight = random.uniform(0.5, 4.0, ROWS)

    smooth = fit_smooth(logs, np.zeros((ROWS, 0)), np.full(ROWS, offset), ordered, weight)

    v = np.clip((logs - smooth.centre) / np.array(smooth.scale), -FARTHEST, FARTHEST)
    v = np.column_stack([np.ones(ROWS), v])
    x = v[:, PAIRS[0]] * v[:, PAIRS[1]]
    weights = np.array([one for row in smooth.weights for one in row])
    penalty = np.where(np.arange(len(weights)) == 0, FREE, PENALTY)
    slope = x.T @ (weight * (ordered - expit(offset + x @ weights))) - penalty * weights
    assert np.abs(slope).max() < 0.05
