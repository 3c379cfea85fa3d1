"""A customer with a fact of every kind, and a state."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from nextorder.domain.facts import (
    Absorbed,
    Channel,
    Checkout,
    Consent,
    Order,
    OrderCount,
    OrderLine,
    Payment,
    Refund,
    RefundLine,
    Restock,
    Return,
    SignUp,
    StoredFact,
    TagRemoval,
)
from nextorder.domain.verdict import Segment, State, Verdict

ANNA, BERTA = "7001", "9007199254740993"
AT = datetime(2026, 11, 20, 9, 15, 1, 110521, tzinfo=UTC)
LATER = AT + timedelta(microseconds=1)
ORDER = Order(
    id="5001",
    customer=ANNA,
    placed_at=AT,
    updated_at=AT,
    currency="EUR",
    lines=(
        OrderLine(id="1", product="1001", variant="2001", category="tea", quantity=2, revenue=8_000),
        OrderLine(id="2", quantity=1, revenue=0, unit_cost=0, gift_card=True),
    ),
    total=8_500,
)
REFUND = Refund(
    id="6001",
    order="5001",
    placed_at=AT,
    updated_at=AT,
    lines=(RefundLine(line="1", quantity=1, revenue=4_000, restock=Restock.RETURN),),
)
EVERY_KIND: Sequence[StoredFact] = (
    ORDER,
    REFUND,
    Payment(id="8001", order="5001", updated_at=AT, kind="sale", gateway="card", amount=8_500, fee=277),
    Return(id="8501", order="5001", updated_at=AT, status="open", units=1),
    Checkout(id="c1", customer=ANNA, placed_at=AT, updated_at=AT, total=8_500),
    SignUp(customer=ANNA, created_at=AT - timedelta(days=300), updated_at=AT),
    Consent(customer=ANNA, id=Channel.EMAIL.value, updated_at=AT, state="subscribed"),
    Consent(customer=ANNA, id=Channel.SMS.value, updated_at=AT, state="unsubscribed"),
    OrderCount(customer=ANNA, updated_at=AT, orders=3),
    TagRemoval(customer=ANNA, id="next:life:new", updated_at=AT),
    Absorbed(customer=ANNA, id=BERTA, updated_at=AT),
)
STATE = State(
    verdict=Verdict(
        segments={"life": Segment(value="new", since=AT, reason="A first order.")},
        reasons=("A first order.",),
        consents={"email": "subscribed"},
        scored_at=AT,
    ),
    digest="d1",
    shown="s1",
    shown_version=1,
    shown_in=("life:new", "value:gold"),
    version=1,
    due_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC),
    orders=1,
    log_key="0123456789abcdef",
)
