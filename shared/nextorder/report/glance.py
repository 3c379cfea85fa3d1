"""Look at a store as it stands, without a past to compare with: for commands that ask one thing of it."""

from datetime import datetime

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import compute_features
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Shop
from nextorder.domain.titles import told_apart
from nextorder.report.look import NobodyOrdered, known_at
from nextorder.report.store import Store
from nextorder.scoring.model import StoreModel
from nextorder.training.foretell import foretell_with
from nextorder.training.store import buyers_by


def glance(shop: Shop, catalogue: Catalogue, model: StoreModel, drawn: Drawn, as_of: datetime) -> Store:
    """
    Look with the model that is in force, and fit none: a week ago, a backtest and the rest stay empty.

    Raises:
        NobodyOrdered: There is nothing to be said yet.
    """
    known = known_at(drawn.facts, as_of)
    everyone = [compute_features(customer, held, shop, as_of) for customer, held in known.items()]
    if not buyers_by(everyone, as_of):
        raise NobodyOrdered(f"nobody had ordered by {as_of:%Y-%m-%d %H:%M %Z}")
    return Store(
        shop=shop,
        catalogue=catalogue,
        as_of=as_of,
        everyone=everyone,
        told=foretell_with(model, everyone, shop, as_of),
        facts=known,
        share=drawn.share,
        titles=told_apart(drawn.titles),
    )
