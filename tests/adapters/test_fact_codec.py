"""Facts as text come back as they were, whatever the ids of their lines look like."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.fact_codec import decode, encode
from nextorder.domain.facts import Order, OrderLine, Refund, RefundLine, sort_key

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)
IDS = st.one_of(st.integers(0, 10**15).map(str), st.sampled_from(["", "007", "0", "gid", "12-1"]))


@given(ids=st.lists(IDS, max_size=6), units=st.integers(0, 9))
def test_lines_come_back_as_they_were(ids: list[str], units: int) -> None:
    order = Order(
        id="1",
        customer="7",
        placed_at=AT,
        updated_at=AT,
        currency="EUR",
        lines=tuple(
            OrderLine(id=one, product=one, quantity=units, revenue=900, unit_cost=units) for one in ids
        ),
        accepts_marketing=False,
    )
    refund = Refund(
        id="2",
        order="1",
        placed_at=AT,
        updated_at=AT,
        lines=tuple(RefundLine(line=one, quantity=units, revenue=900) for one in ids),
    )

    assert decode(sort_key(order), encode(order), "7") == order
    assert decode(sort_key(refund), encode(refund)) == refund


def test_neighbouring_ids_are_written_short() -> None:
    lines = tuple(OrderLine(id=str(13_900_000_022_432 + n), quantity=1, revenue=900) for n in range(3))
    order = Order(id="1", customer="7", placed_at=AT, updated_at=AT, currency="EUR", lines=lines)

    written = json.loads(encode(order))["lines"]

    assert [line[0] for line in written] == [13_900_000_022_432, 1, 1]
