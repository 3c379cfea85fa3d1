"""Who takes part, and on which side."""

from nextorder.training.prior import Prior
from tests.bench.model.ours import Ours
from tests.bench.model.peers.btyd import FITTERS, Lifetimes
from tests.bench.model.peers.hazard import HazardBoosting
from tests.bench.model.peers.learners import PerHorizon
from tests.bench.model.peers.spend import PastRate, TwoPart
from tests.bench.model.protocol import Model

OURS, BASE = "Nextorder", "Nextorder, base alone"
HAZARD = HazardBoosting.name
PUBLISHED = (*FITTERS, *PerHorizon.LEARNERS)
SPENDERS = (*FITTERS, TwoPart.name, PastRate.name)


def models(prior: Prior) -> list[Model]:
    """Return everyone, in the order of the tables; `prior` knows nothing of the judged store."""
    return [
        Ours(OURS, prior, "auto"),
        Ours(BASE, prior, "none"),
        HazardBoosting(),
        *(Lifetimes(name) for name in FITTERS),
        *(PerHorizon(name) for name in PerHorizon.LEARNERS),
        TwoPart(),
        PastRate(),
    ]
