"""How an import is cut: nothing lies between two windows, in two chunks, or out of reach."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.document import decode, encode
from nextorder.domain.imports import (
    ImportRun,
    Kind,
    Part,
    Stage,
    chunk_of,
    parts_of,
    segments_for,
    wait_seconds,
)

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


@given(orders=st.integers(0, 10**8), days=st.integers(0, 4_000), at=st.datetimes(timezones=st.just(UTC)))
def test_every_order_is_asked_for_exactly_once(orders: int, days: int, at: datetime) -> None:
    windows = [part for part in parts_of(orders, NOW - timedelta(days=days), NOW) if part.kind is Kind.ORDERS]

    inside = [one for one in windows if (one.since or at) <= at and (one.until is None or at < one.until)]

    assert len(inside) == 1


def test_a_large_store_is_exported_in_windows_side_by_side() -> None:
    names = [part.name for part in parts_of(1_000_000, NOW - timedelta(days=1_000), NOW)]

    assert names == ["customers", "products", *(f"orders-{number}" for number in range(1, 6))]


@given(root=st.text(), chunks=st.integers(1, 10_000))
def test_a_root_has_one_chunk_which_is_there(root: str, chunks: int) -> None:
    assert chunk_of(root, chunks) in range(chunks)
    assert chunk_of(root, chunks) == chunk_of(root, chunks)


def test_a_kind_of_which_nothing_was_exported_has_no_chunks() -> None:
    parts = (
        Part(name="customers", kind=Kind.CUSTOMERS, roots=4_001, is_ready=True),
        Part(name="products", kind=Kind.PRODUCTS, is_ready=True, is_empty=True),
    )
    run = ImportRun(run="a", started_at=NOW, parts=parts)

    assert (run.chunks(Kind.CUSTOMERS), run.chunks(Kind.PRODUCTS)) == (3, 0)


@given(elapsed=st.integers(0, 10 * 86_400))
def test_looking_gets_rarer_as_an_export_takes_longer(elapsed: int) -> None:
    assert 2 <= wait_seconds(timedelta(seconds=elapsed)) <= 600


def test_ten_days_of_looking_fit_into_a_state_machines_history() -> None:
    """Of 25,000 events; a look takes nine."""
    looks, elapsed = 0, timedelta(0)
    while elapsed < timedelta(days=10):
        elapsed += timedelta(seconds=wait_seconds(elapsed))
        looks += 1

    assert looks * 9 < 20_000


def test_everyone_is_scored_in_as_many_segments_as_there_is_time_for() -> None:
    assert [segments_for(customers) for customers in (0, 20_000, 20_001, 10**8)] == [1, 1, 2, 200]


def test_a_run_is_kept_as_it_was() -> None:
    run = ImportRun(
        run="import-1", started_at=NOW, stage=Stage.CUTTING, parts=parts_of(500_000, NOW - timedelta(90), NOW)
    )

    assert decode(ImportRun, encode(run)) == run
