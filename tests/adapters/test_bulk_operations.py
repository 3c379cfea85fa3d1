"""Bulk operations as the fake store runs them: begun, found by their mark, watched, ended, downloaded."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.shopify.bulk_operations import BulkOperations
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.imports import Export, Extent, Kind, Part, Progress
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.client import Client
from tests.fakes.shopify.server import DEFAULT_CLIENT, STATIC_TOKEN
from tests.unit.delivery_cases import placed

SHOP = "demo.myshopify.com"
RUN = "import-20261122T090000"
ORDERS = Part(name="orders-1", kind=Kind.ORDERS)
PRODUCTS = Part(name="products", kind=Kind.PRODUCTS)
BODIES = [placed(number, f"03-{number - 5000:02d}", None) for number in range(5001, 5021)]


@pytest.fixture
def bulk(shopify: Client) -> BulkOperations:
    """A store with twenty orders, one on each of the first days of March."""
    shopify.door("seed", {"orders": BODIES})
    return operations(shopify.fake)


def operations(fake: FakeShopify) -> BulkOperations:
    client = ShopifyClient(lambda _: Credentials(token=STATIC_TOKEN), base_url=fake.url)
    return BulkOperations(client, Http("the export's store"))


def begun(bulk: BulkOperations, part: Part = ORDERS, run: str = RUN) -> str:
    operation = bulk.begin(SHOP, run, part)
    assert operation
    return operation


def ended(bulk: BulkOperations, operation: str) -> Export:
    while (export := bulk.look(SHOP, operation)).progress is Progress.UNDER_WAY:
        pass
    return export


def lines(bulk: BulkOperations, operation: str, offset: int = 0) -> list[tuple[bytes, int]]:
    return list(bulk.lines(SHOP, operation, offset))


def test_how_much_there_is_is_known_before(bulk: BulkOperations) -> None:
    assert bulk.extent(SHOP) == Extent(orders=20, first=datetime(2026, 3, 1, 9, 15, tzinfo=UTC))


def test_an_export_is_watched_until_its_lines_can_be_had(bulk: BulkOperations) -> None:
    operation = begun(bulk)

    assert ended(bulk, operation) == Export(progress=Progress.READY, roots=20, why="completed")
    whole = lines(bulk, operation)
    assert sum(b"__parentId" not in line for line, _ in whole) == 20
    assert lines(bulk, operation, whole[-1][1]) == []


def test_a_download_goes_on_at_any_line(bulk: BulkOperations) -> None:
    operation = begun(bulk)
    ended(bulk, operation)
    whole = lines(bulk, operation)

    for number in (0, 7, len(whole) - 2):
        assert lines(bulk, operation, whole[number][1]) == whole[number + 1 :]


def test_a_window_holds_what_was_created_in_it(bulk: BulkOperations) -> None:
    march = datetime(2026, 3, 5, tzinfo=UTC)
    window = replace(ORDERS, since=march, until=datetime(2026, 3, 8, tzinfo=UTC))

    assert ended(bulk, begun(bulk, window)).roots == 3
    assert ended(bulk, begun(bulk, replace(ORDERS, until=march))).roots == 4


def test_an_export_of_nothing_is_empty(bulk: BulkOperations) -> None:
    assert ended(bulk, begun(bulk, PRODUCTS)).is_empty


def test_a_sixth_operation_finds_no_place(bulk: BulkOperations) -> None:
    for attempt in range(5):
        begun(bulk, replace(ORDERS, attempt=attempt))

    assert bulk.begin(SHOP, RUN, PRODUCTS) is None


def test_what_was_begun_and_not_written_down_is_found_by_its_mark(bulk: BulkOperations) -> None:
    operation = begun(bulk)
    begun(bulk, run="import-of-before")

    assert bulk.own(SHOP, RUN) == {bulk.mark(RUN, ORDERS): operation}


def test_only_our_own_operations_of_before_are_ended(bulk: BulkOperations, shopify: Client) -> None:
    others = "{ orders { edges { node { id } } } }"
    document = "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } } }"
    foreign = shopify.ask(document, q=others)["data"]["bulkOperationRunQuery"]["bulkOperation"]["id"]
    own, former = begun(bulk), begun(bulk, run="import-of-before")

    assert bulk.cancel_others(SHOP, RUN) == 1

    assert ended(bulk, former) == Export(progress=Progress.FAILED, is_empty=True, why="canceled")
    assert [ended(bulk, one).progress for one in (own, foreign)] == [Progress.READY] * 2


@pytest.mark.parametrize("code", ["TIMEOUT", "INTERNAL_SERVER_ERROR"])
def test_an_operation_that_fails_says_why_and_its_half_is_not_taken(
    bulk: BulkOperations, shopify: Client, code: str
) -> None:
    shopify.fake.store.bulk.failures.append({"after": 7, "code": code})

    failed = ended(bulk, begun(bulk))

    assert (failed.progress, failed.is_empty, failed.why) == (Progress.FAILED, True, code.lower())


def test_a_scope_that_is_missing_is_for_a_human(bulk: BulkOperations, shopify: Client) -> None:
    shopify.fake.store.bulk.failures.append({"after": 0, "code": "ACCESS_DENIED"})

    with pytest.raises(NeedsHuman):
        ended(bulk, begun(bulk))


def test_the_scope_that_is_missing_is_named(shopify: Client) -> None:
    """Shopify takes the operation and lets it fail; what the token was given for tells which scope it is."""
    shopify.fake.store.scopes = frozenset({"read_customers", "write_customers", "read_orders"})
    credentials = Credentials(client_id=DEFAULT_CLIENT[0], client_secret=DEFAULT_CLIENT[1])
    client = ShopifyClient(lambda _: credentials, base_url=shopify.fake.url)
    bulk = BulkOperations(client, Http("the export's store"))

    with pytest.raises(NeedsHuman, match=r"lacks read_products \(.*nextorder import"):
        ended(bulk, begun(bulk, PRODUCTS))


def test_after_seven_days_the_file_is_gone(bulk: BulkOperations, clock: StillClock) -> None:
    operation = begun(bulk)
    ended(bulk, operation)
    clock.sleep(8 * 86_400)

    assert bulk.look(SHOP, operation).progress is Progress.FAILED
    with pytest.raises(Refused, match="gone"):
        lines(bulk, operation)


def test_a_wrong_query_is_a_bug_of_ours(shopify: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "nextorder.adapters.shopify.bulk_documents.BULK_PRODUCTS", "{ products { nodes { id } } }"
    )

    with pytest.raises(Refused, match="not supported"):
        operations(shopify.fake).begin(SHOP, RUN, PRODUCTS)


@pytest.mark.parametrize("failure", [{"status": 503}, {"status": 500}, {"drop_connection": "half"}])
def test_a_download_that_breaks_gave_whole_lines_and_goes_on(
    bulk: BulkOperations, shopify: Client, failure: dict[str, object]
) -> None:
    operation = begun(bulk)
    ended(bulk, operation)
    shopify.door("fail", {"match": "bulk-results", **failure})
    got: list[tuple[bytes, int]] = []

    with pytest.raises(RetryLater):
        got.extend(bulk.lines(SHOP, operation, 0))
    before = got[-1][1] if got else 0

    whole = lines(bulk, operation)
    assert got + lines(bulk, operation, before) == whole
