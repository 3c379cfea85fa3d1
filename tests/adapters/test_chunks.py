"""An import's files in S3: what is written again overwrites itself, and a listing tells how far it is."""

from collections.abc import Iterator
from typing import Any

import pytest

from nextorder.adapters.chunks import Chunks
from nextorder.domain.imports import Cut, Kind, Reject, Tally
from tests.local_stack.bare import BUCKET, bare_aws

SHOP = "one.myshopify.com"


@pytest.fixture(scope="module")
def s3() -> Iterator[Any]:
    with bare_aws("chunks-tests") as aws:
        yield aws.client("s3")


@pytest.fixture
def chunks(s3: Any, request: pytest.FixtureRequest) -> Chunks:
    return Chunks(s3, BUCKET, SHOP, request.node.name)


def test_a_part_is_cut_from_its_beginning_until_it_is_noted_otherwise(chunks: Chunks) -> None:
    assert chunks.cut("orders-1") == Cut()

    chunks.save_cut("orders-1", Cut(offset=77, is_done=True))

    assert chunks.cut("orders-1") == Cut(offset=77, is_done=True)


def test_a_chunk_is_all_its_pieces_each_once(chunks: Chunks) -> None:
    for _ in range(2):
        chunks.add(Kind.ORDERS, 1, "orders-1-0", [b"one\n", b"two\n"])
        chunks.add(Kind.ORDERS, 1, "orders-2-0", [b"three\n"])
    chunks.add(Kind.ORDERS, 10, "orders-1-0", [b"of another\n"])

    assert sorted(chunks.lines(Kind.ORDERS, 1)) == [b"one", b"three", b"two"]


def test_a_listing_tells_what_is_done(chunks: Chunks, s3: Any) -> None:
    assert not chunks.is_done(Kind.ORDERS, 1)
    chunks.close(Kind.ORDERS, 1, 7, [Reject(id="gid://shopify/Order/1", reason="why", text="{}")])
    chunks.close(Kind.ORDERS, 1, 7, [Reject(id="gid://shopify/Order/1", reason="why", text="{}")])
    chunks.close(Kind.ORDERS, 2, 5, [])
    chunks.close(Kind.CUSTOMERS, 1, 3, [])
    chunks.close_segment(0)

    assert chunks.is_done(Kind.ORDERS, 1)
    assert not chunks.is_done(Kind.CUSTOMERS, 10)
    assert chunks.tally() == Tally(
        chunks={"orders": 2, "customers": 1},
        taken={"orders": 12, "customers": 3},
        refused={"orders": 1, "customers": 0},
        segments=1,
    )
    lies = s3.get_object(Bucket=BUCKET, Key=f"{chunks.folder}rejects/orders-1.jsonl")["Body"].read()
    assert lies == b'{"id": "gid://shopify/Order/1", "reason": "why", "text": "{}"}\n'


def test_at_the_end_only_what_tells_of_it_stays(chunks: Chunks) -> None:
    chunks.add(Kind.ORDERS, 1, "orders-1-0", [b"one\n"])
    chunks.close(Kind.ORDERS, 1, 1, [])

    chunks.drop_chunks()

    assert list(chunks.lines(Kind.ORDERS, 1)) == []
    assert chunks.is_done(Kind.ORDERS, 1)
