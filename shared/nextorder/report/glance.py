"""Look at a store as it stands, without a past to compare with: for commands that ask one thing of it."""

from dataclasses import replace
from datetime import datetime

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.domain.titles import told_apart
from nextorder.report.look import everyone_at
from nextorder.report.store import Store
from nextorder.scoring.model import StoreModel


def glance(shop: Shop, catalogue: Catalogue, model: StoreModel, drawn: Drawn, as_of: datetime) -> Store:
    """
    Look with the model that is in force, and fit none: a week ago, a backtest and the rest stay empty.

    Raises:
        NobodyOrdered: There is nothing to be said yet.
    """
    store = everyone_at(as_of, drawn.facts, shop).by(model, shop, catalogue)
    return replace(store, share=drawn.share, titles=told_apart(drawn.titles))
