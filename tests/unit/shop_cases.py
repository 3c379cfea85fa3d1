"""A shop with enough history, its model, and customers made of facts; no person behind any of them."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from nextorder.domain import catalogue as catalogue_module
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.facts import (
    Consent,
    Order,
    OrderKind,
    OrderLine,
    Refund,
    RefundLine,
    SignUp,
    StoredFact,
)
from nextorder.domain.features import Features, compute_features
from nextorder.domain.shop import Costs, Numbers, Shop, Window
from nextorder.domain.verdict import Segment, Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.model import StoreModel

CATALOGUE = parse_catalogue(
    Path(catalogue_module.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")
)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
START = datetime(2025, 3, 3, 10, 20, 30, tzinfo=UTC)

MODEL = StoreModel.of(
    r=0.8,
    alpha=40.0,
    a=0.5,
    b=2.0,
    p=5.0,
    q=4.0,
    v=3_000.0,
    clock=(1.0,) * 168,
    drift={"0.5": 0.2, "30": 0.15, "365": 0.1},
    value_drift=0.1,
)
NUMBERS = Numbers(
    window=Window(days=160, method="measured", second_orders=900),
    clv_ranks={
        "0.01": 90_000,
        "0.015": 75_000,
        "0.05": 40_000,
        "0.065": 33_000,
        "0.1": 15_000,
        "0.15": 12_000,
        "0.2": 9_000,
        "0.24": 7_500,
        "0.5": 4_000,
        "0.55": 3_000,
    },
    return_share_top_decile=0.4,
    customers=3_000,
    second_orders=900,
    margin_rate=0.4,
)
SHOP = Shop(
    id="a.myshopify.com",
    gid="gid://shopify/Shop/1",
    timezone="Europe/Stockholm",
    currency="EUR",
    holdout_share=Decimal(0),
    costs=Costs(payment_rate=Decimal(0), payment_fixed=0),
    numbers=NUMBERS,
)


def an_order(
    days: float,
    revenue: int = 5_000,
    *,
    name: str = "",
    kind: OrderKind = OrderKind.SALE,
    cost: int | None = 2_000,
) -> Order:
    """Make an order so many days after START, of one line with a known cost."""
    placed_at = START + timedelta(seconds=round(days * 86_400))
    name = name or f"{days:g}"
    line = OrderLine(id=f"L{name}", category="tea", quantity=1, revenue=revenue, unit_cost=cost)
    return Order(
        id=name,
        customer="7",
        placed_at=placed_at,
        updated_at=placed_at,
        currency="EUR",
        lines=(line,),
        total=revenue,
        kind=kind,
    )


def a_refund(order: Order, days: float, revenue: int) -> Refund:
    """Make a refund of part of an order, so many days after START."""
    at = START + timedelta(seconds=round(days * 86_400))
    line = RefundLine(line=order.lines[0].id, quantity=0, revenue=revenue)
    return Refund(id=f"R{order.id}-{days:g}", order=order.id, placed_at=at, updated_at=at, lines=(line,))


def a_sign_up(days: float) -> SignUp:
    at = START + days * DAY
    return SignUp(customer="7", created_at=at, updated_at=at)


def a_consent(days: float, state: str = "subscribed") -> Consent:
    return Consent(customer="7", id="email", updated_at=START + days * DAY, state=state)


ONE = (an_order(0),)
GOOD = tuple(an_order(20 * n, 20_000) for n in range(5))


def features_of(*facts: StoredFact, days: float, shop: Shop = SHOP) -> Features:
    return compute_features("7", facts, shop, START + days * DAY)


def verdict_of(*facts: StoredFact, days: float, shop: Shop = SHOP) -> tuple[Verdict, datetime | None]:
    return verdict_at(*facts, as_of=START + days * DAY, shop=shop)


def verdict_at(*facts: StoredFact, as_of: datetime, shop: Shop = SHOP) -> tuple[Verdict, datetime | None]:
    features = compute_features("7", facts, shop, as_of)
    return reach_verdict(features, shop, MODEL, as_of=as_of, catalogue=CATALOGUE)


def values(verdict: Verdict) -> dict[str, str]:
    return {family: segment.value for family, segment in verdict.segments.items()}


def standing(verdict: Verdict) -> dict[str, tuple[str, datetime, str]]:
    return {family: _standing(segment) for family, segment in verdict.segments.items()}


def _standing(segment: Segment) -> tuple[str, datetime, str]:
    return segment.value, segment.since, segment.previous
