"""What train_models does with numbers: fit a shop anew, judge the model that it has, write the artefact."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.contest import Contest
from nextorder.domain.features import Features
from nextorder.domain.shop import Numbers, Shop
from nextorder.scoring.model import StoreModel
from nextorder.training import artefact
from nextorder.training.champion import contest_of
from nextorder.training.estimator import StoreEstimator
from nextorder.training.orders import span
from nextorder.training.store import fit_store, shop_marks, table_of_shop


def fit(
    everyone: Sequence[Features], shop: Shop, catalogue: Catalogue, as_of: datetime
) -> tuple[StoreModel, Numbers]:
    """Fit a store's model and freeze its numbers."""
    return fit_store(everyone, shop, catalogue, as_of)


def judge(everyone: Sequence[Features], shop: Shop, champion: StoreModel, as_of: datetime) -> Contest | None:
    """Judge the model in force beside the recipe of today; None = there is nothing to tell them apart by."""
    since = shop.numbers.fitted_at or as_of
    table, marks = table_of_shop(everyone, shop, as_of), shop_marks(everyone, as_of)
    return contest_of(table, champion, since, as_of, shop.zone, marks)


def files(
    model: StoreModel, everyone: Sequence[Features], shop: Shop, as_of: datetime
) -> Mapping[str, bytes]:
    """
    Return the artefact's files by name: model.joblib, runtime.json and the card with their hashes.

    The estimator knows no customer: it goes on to `predict` from orders it is given.
    """
    estimator = StoreEstimator(timezone=shop.timezone)
    estimator.as_of_, estimator.model_ = as_of, model
    estimator.data_ = span(table_of_shop(everyone, shop, as_of))
    with TemporaryDirectory() as folder:
        facts = {"as_of": as_of.isoformat(), "data": estimator.data_, "features": []}
        artefact.write(Path(folder), estimator, model.to_document(), facts)
        return {path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())}
