"""The bulk job that is under way, in the table and in memory: one a shop and destination."""

from dataclasses import replace
from random import Random
from typing import Any

import pytest

from nextorder.adapters.dynamodb.bulk_jobs import DynamoBulkJobs
from nextorder.domain.changes import BulkJob, Handed
from nextorder.ports import BulkJobs
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.local_stack.bare import TABLE

ROW = Handed(customer="7", stamp="cafe0001", join=("next:life:new",), leave=("next:cart:hot",), sets=True)
JOB = BulkJob(name="20261121T120000-cafe", rows=(ROW, Handed(customer="8", stamp="", unset=("p_5d",))))
OTHER = BulkJob(name="20261121T130000-beef", rows=())


@pytest.fixture(params=["table", "memory"])
def jobs(request: pytest.FixtureRequest) -> BulkJobs:
    if request.param == "memory":
        return InMemoryBulkJobs()
    client: Any = request.getfixturevalue("dynamodb")
    return DynamoBulkJobs(client, TABLE)


def test_a_job_is_kept_until_it_is_dropped(jobs: BulkJobs, shop: str) -> None:
    assert jobs.load(shop, "shopify") is None
    assert jobs.keep(shop, "shopify", JOB)
    assert jobs.load(shop, "shopify") == JOB

    jobs.drop(shop, "shopify", JOB)
    jobs.drop(shop, "shopify", JOB)
    assert jobs.load(shop, "shopify") is None


def test_a_second_job_waits_for_the_first_of_its_shop_and_destination(jobs: BulkJobs, shop: str) -> None:
    assert jobs.keep(shop, "shopify", JOB)
    assert not jobs.keep(shop, "shopify", OTHER)
    assert jobs.keep(shop, "klaviyo", OTHER)
    assert jobs.load(shop, "shopify") == JOB


def test_who_drops_a_job_late_leaves_the_next_one(jobs: BulkJobs, shop: str) -> None:
    assert jobs.keep(shop, "shopify", OTHER)

    jobs.drop(shop, "shopify", JOB)

    assert jobs.load(shop, "shopify") == OTHER


def test_a_job_that_is_more_than_an_item_holds_is_kept_whole_and_leaves_nothing(
    shop: str, dynamodb: Any
) -> None:
    """Ten thousand profiles of Klaviyo's, each by an id of its own, who join a few lists of many."""
    random = Random(2)  # noqa: S311 - no secret
    names = [f"life:{value} {random.getrandbits(32):08x}" for value in "abcdefgh"]
    rows = tuple(
        Handed(
            customer=str(random.randrange(10**12, 10**13)),
            stamp=f"{random.getrandbits(32):08x}",
            version=random.randrange(1, 60),
            join=tuple(random.sample(names, 3)),
            leave=tuple(random.sample(names, 2)),
            sets=True,
            remote_id=f"01{random.getrandbits(96):024X}",
        )
        for _ in range(10_000)
    )
    job = BulkJob(name="01JOB", rows=rows)
    jobs = DynamoBulkJobs(dynamodb, TABLE)

    assert jobs.keep(shop, "klaviyo", job)
    assert not jobs.keep(shop, "klaviyo", replace(job, name="02JOB"))
    assert jobs.load(shop, "klaviyo") == job
    jobs.drop(shop, "klaviyo", job)

    assert jobs.load(shop, "klaviyo") is None
    left = dynamodb.query(
        TableName=TABLE, KeyConditionExpression="pk = :p", ExpressionAttributeValues={":p": {"S": shop}}
    )
    assert not left["Items"]


def test_the_fullest_job_fits_into_an_item(shop: str, dynamodb: Any) -> None:
    """An item has at most 400 KB."""
    random = Random(1)  # noqa: S311 - no secret
    names = [f"next:{family}:{value}" for family in ("life", "risk", "value", "love") for value in "abcdef"]
    rows = tuple(
        Handed(
            customer=str(random.randrange(10**12, 10**13)),
            stamp=f"{random.getrandbits(32):08x}",
            join=tuple(random.sample(names, 3)),
            leave=tuple(random.sample(names, 3)),
            sets=True,
            unset=("next_order_date",),
        )
        for _ in range(10_500)
    )
    job = BulkJob(name="20261121T120000-cafe", rows=rows)
    jobs = DynamoBulkJobs(dynamodb, TABLE)

    assert jobs.keep(shop, "shopify", job)
    assert jobs.load(shop, "shopify") == job
    reply = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": shop}, "sk": {"S": "bulk-job#shopify"}})
    assert len(reply["Item"]["packed"]["B"]) < 300_000
