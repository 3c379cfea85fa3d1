"""What of a shop everyone's verdict rests on, beside the clock and the customer's own facts."""

from dataclasses import fields, replace
from hashlib import sha256
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.shop import Shop

_BESIDE: Final = frozenset(
    {"id", "domain", "storefront", "objective"}
    | {"in_force_since", "connected_at", "uninstalled_at", "updated_at"}
    | {"applied", "going_live", "newcomers", "sending", "resumed_at"}
    | {"klaviyo_account", "klaviyo_prefix", "klaviyo_lists"}
)
"""No verdict rests on these; whatever else a shop has, or will have, is a reason to look again."""
_TOLD_SHORTER: Final = frozenset({"catalogue", "costs", "numbers"})


def terms_of(shop: Shop, catalogue: Catalogue) -> str:
    """Name a shop's settings, frozen numbers and catalogue: with others everyone is solved anew."""
    costs = replace(shop.costs, margin_by_category={}, by_country={})
    settings = [getattr(shop, f.name) for f in fields(Shop) if f.name not in _BESIDE | _TOLD_SHORTER]
    said = (
        *settings,
        costs,
        sorted(shop.costs.margin_by_category.items()),
        sorted((country, sorted(one.told.items())) for country, one in shop.costs.by_country.items()),
        shop.numbers.model,
        shop.numbers.fitted_at,
        catalogue.name,
    )
    return sha256(repr(said).encode()).hexdigest()[:16]
