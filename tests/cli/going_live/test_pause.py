"""`nextorder pause` and `resume`: what platforms work on already, and a shop that the app is out of."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from nextorder.adapters.dynamodb.bulk_jobs import DynamoBulkJobs
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.shopify.bulk_pieces import pieces_of
from nextorder.bootstrap import update
from nextorder.cli.ways import way_of
from nextorder.domain.changes import BulkJob, Handed
from nextorder.domain.errors import BadSettings
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import CUSTOMERS, PROPERTIES, TAGS, live, put, tagged
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.bulk import Operation
from tests.local_stack.bare import TABLE, BareAws

ROW = Handed(customer="1", stamp="s", join=("next:life:new",))


@pytest.fixture
def jobs(aws: BareAws) -> DynamoBulkJobs:
    """What destinations have under way."""
    return DynamoBulkJobs(aws.client("dynamodb"), TABLE)


@pytest.fixture
def under_way(jobs: DynamoBulkJobs, store: FakeShopify, shop: str, shops: DynamoShops) -> Operation:
    """An operation of ours whose process is gone."""
    put(shops, shop, TAGS)
    job = BulkJob(name=f"{datetime.now(UTC):%Y%m%dT%H%M%S}-cafe", rows=(ROW,), applied=True)
    jobs.keep(shop, "shopify", job)
    [piece] = pieces_of(job)
    nothing_yet: Iterator[tuple[int, bytes]] = iter(())
    return store.store.bulk.begin(1, "MUTATION", piece.mutation, nothing_yet, store.clock())


def test_a_pause_cancels_what_shopify_works_on_and_resume_sends_the_rest(
    nextorder: Nextorder, shop: str, store: FakeShopify, under_way: Operation
) -> None:
    said = nextorder("pause", "--shop", shop)

    assert "shopify: 1 bulk mutation under way cancelled" in said
    assert under_way.status == "CANCELING"
    assert not tagged(store)

    nextorder("resume", "--shop", shop)

    assert under_way.status == "CANCELED"
    assert len(tagged(store)) == CUSTOMERS


def test_a_pause_is_in_force_though_shopify_cannot_be_asked_to_cancel(
    nextorder: Nextorder, shop: str, shops: DynamoShops, store: FakeShopify, under_way: Operation
) -> None:
    store.faults.add({"match": "bulkOperations|graphql", "status": 401, "times": 9})

    said = nextorder("pause", "--shop", shop)

    assert live(shops, shop)[0] is False
    assert "could not be cancelled" in said
    assert under_way.status == "CREATED"


def test_a_pause_says_what_klaviyo_cannot_give_up(
    nextorder: Nextorder, shop: str, shops: DynamoShops, jobs: DynamoBulkJobs
) -> None:
    put(shops, shop, TAGS)
    assert "klaviyo" not in nextorder("pause", "--shop", shop)

    jobs.keep(shop, "klaviyo", BulkJob(name="J1", rows=(ROW,)))

    assert "klaviyo: an import job of 1 profile that it has taken already" in nextorder(
        "pause", "--shop", shop
    )


def test_a_run_that_goes_on_for_minutes_hears_of_the_pause_at_once(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, TAGS)
    running = update.shops_anew()
    before = running.get(shop)

    nextorder("pause", "--shop", shop)
    after = running.get(shop)

    assert before
    assert after
    assert (before.applied, after.applied) == (True, False)


def test_a_pause_that_comes_while_somebody_reads_a_plan_is_not_undone_by_agreeing_to_it(
    nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, PROPERTIES)
    read = shops.get(shop)
    assert read
    way = way_of(read, "")

    nextorder("pause", "--shop", shop)

    with pytest.raises(BadSettings, match="meanwhile"):
        way.go(TAGS)
    assert live(shops, shop) == (False, "properties", 100)


@pytest.mark.parametrize("command", ["resume", "plan", "apply"])
def test_where_the_app_is_out_of_the_shop_nothing_goes_live(
    command: str, nextorder: Nextorder, shop: str, shops: DynamoShops
) -> None:
    put(shops, shop, TAGS)
    shops.change(shop, applied=False, uninstalled_at=datetime(2026, 11, 20, 9, tzinfo=UTC))

    with pytest.raises(BadSettings, match=f"the app is out of {shop} since 2026-11-20 09:00 UTC: install it"):
        nextorder(command, "--shop", shop)
    assert live(shops, shop)[0] is False
