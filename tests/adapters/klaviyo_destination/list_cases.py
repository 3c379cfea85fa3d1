"""A destination with lists, and who is on them, for the tests of lists."""

from collections.abc import Sequence
from dataclasses import replace

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.lists import Lists
from nextorder.adapters.klaviyo.still_meant import ALWAYS, StillMeant
from nextorder.domain.changes import Change
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.held_records import HeldRecords
from tests.fakes.klaviyo import FakeKlaviyo
from tests.unit.shop_cases import CATALOGUE

LISTED = ("hold", "life:closing", "life:new")


def with_patience(
    seconds: float,
    client: KlaviyoClient,
    clock: StillClock,
    jobs: InMemoryBulkJobs,
    records: HeldRecords,
    meant: StillMeant = ALWAYS,
) -> KlaviyoDestination:
    return KlaviyoDestination(
        client,
        lambda _: CATALOGUE,
        imports=ImportJobs(client, jobs),
        lists=Lists(client, records, meant=meant, clock=clock),
        sleep=clock.sleep,
        patience_seconds=seconds,
    )


def on(klaviyo: FakeKlaviyo, name: str) -> list[str]:
    members: list[str] = klaviyo.state()["members"][name]
    return members


def moving(changes: Sequence[Change], records: HeldRecords) -> list[Change]:
    """Have everyone leave `life:new` and join `life:closing`."""
    new, closing = (frozenset({f"{name} {records.lists[name]}"}) for name in ("life:new", "life:closing"))
    return [replace(one, leave=new, join=closing, stamp=one.person.customer) for one in changes]
