"""What will be said of a customer later if they order nothing more."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.model import StoreModel

OUTLOOK_DAYS: Final = (0, 30, 90, 180, 365)


def outlook(
    customer: str,
    facts: Iterable[StoredFact],
    shop: Shop,
    model: StoreModel,
    *,
    as_of: datetime,
    catalogue: Catalogue,
) -> Mapping[int, Verdict]:
    """Return the verdict now and after 30, 90, 180 and 365 days without another fact; key = days."""
    held = tuple(facts)
    moments = {days: as_of + timedelta(days=days) for days in OUTLOOK_DAYS}
    return {
        days: reach_verdict(
            compute_features(customer, held, shop, moment), shop, model, as_of=moment, catalogue=catalogue
        )[0]
        for days, moment in moments.items()
    }
