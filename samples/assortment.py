"""What the shop sells, invented by rule from the set's product ranks: variants, categories, unit costs."""

from dataclasses import dataclass
from functools import cache

from samples.invented import share
from samples.rows import Sold, usual_prices

CATEGORIES = (
    "Home Decor",
    "Kitchen",
    "Tableware",
    "Candles & Lights",
    "Stationery",
    "Gift Wrap",
    "Toys & Games",
    "Garden",
    "Bags",
    "Jewellery",
    "Seasonal",
    "Storage",
)
ASSORTED = "Assorted Gifts"
OWN_VARIANTS = 1_000
"""Products of a lower rank are sold as themselves, the long tail by category and price band."""

COSTLESS_FROM, COSTLESS = 700, 0.03
CHEAPEST_COST, COST_SPAN = 0.35, 0.30
BAND_COST = 0.45


@dataclass(frozen=True, slots=True)
class Variant:
    """What a row is sold as; prices in pence, cost None where the shop has entered none."""

    number: int
    product: int
    title: str
    category: str
    price: int
    unit_cost: int | None


def _price_band(price: int) -> int:
    return min(price.bit_length(), 15)


@cache
def _own_variant(product: int) -> Variant:
    price = usual_prices()[product]
    known = not (product >= COSTLESS_FROM and share(f"no-cost:{product}") < COSTLESS)
    return Variant(
        number=product + 1,
        product=product + 1,
        title=f"{CATEGORIES[product % 12]} No. {product + 1}",
        category=CATEGORIES[product % 12],
        price=price,
        unit_cost=round(price * (CHEAPEST_COST + COST_SPAN * share(f"cost:{product}"))) if known else None,
    )


@cache
def _band_variant(group: int, band: int) -> Variant:
    category = CATEGORIES[group] if group < len(CATEGORIES) else ASSORTED
    price = 3 * 2**band // 4  # the middle of prices from 2**(band - 1) to 2**band - 1 pence
    number = OWN_VARIANTS + 16 * group + band + 1
    return Variant(
        number=number,
        product=OWN_VARIANTS + group + 1,
        title=f"{category} up to {2**band - 1} pence",
        category=category,
        price=price,
        unit_cost=round(price * BAND_COST),
    )


def variant_of(row: Sold) -> Variant:
    """Return what the row is sold as: itself, or a price band of its category or of the assortment."""
    if row.product is not None and row.product < OWN_VARIANTS:
        return _own_variant(row.product)
    group = len(CATEGORIES) if row.product is None else row.product % len(CATEGORIES)
    return _band_variant(group, _price_band(row.amount // row.quantity))


def catalogue() -> tuple[Variant, ...]:
    """Return every variant the shop sells, whether or not someone bought it."""
    own = [_own_variant(product) for product in sorted(usual_prices()) if product < OWN_VARIANTS]
    return (*own, *(_band_variant(group, band) for group in range(len(CATEGORIES) + 1) for band in range(16)))
