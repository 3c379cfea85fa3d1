"""What the tests of bulk mutations share: a process that writes, and what it writes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from nextorder.adapters.http import Http
from nextorder.adapters.shopify.bulk_write import BulkWrite
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import BULK_FROM, ShopifyDestination
from nextorder.adapters.shopify.pace import Pace
from nextorder.domain.changes import Change, Person
from nextorder.domain.shop import Shop
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.ids import gid
from tests.unit.shop_cases import CATALOGUE

MANY = BULK_FROM + 20
VIP = "VIP"


@dataclass
class Worker:
    """One process that writes; what it has under way outlives it in `jobs`."""

    store: FakeShopify
    clock: StillClock
    jobs: InMemoryBulkJobs = field(default_factory=InMemoryBulkJobs)
    patience_seconds: float = 480
    shop_now: Callable[[str], Shop | None] = lambda _: SHOP

    @property
    def client(self) -> ShopifyClient:
        pace = Pace(clock=self.clock, sleep=self.clock.sleep)
        http = Caller("shopify", self.store)
        return ShopifyClient(
            lambda _: SECRET, base_url=self.store.url, http=http, clock=self.clock, pace=pace
        )

    @cached_property
    def bulk(self) -> BulkWrite:
        storage = Http("shopify's storage")
        return BulkWrite(self.client, storage, self.jobs, shop_now=self.shop_now, clock=self.clock)

    @property
    def destination(self) -> ShopifyDestination:
        return ShopifyDestination(
            self.client,
            lambda _: CATALOGUE,
            bulk=self.bulk,
            sleep=self.clock.sleep,
            patience_seconds=self.patience_seconds,
        )


def first_writes(count: int = MANY) -> list[Change]:
    return [
        Change(
            person=Person(customer=str(n)),
            join=frozenset({"next:life:new"}),
            set={"stage": "new", "p_5d": 0.063},
            stamp=f"s{n}",
        )
        for n in range(1, count + 1)
    ]


def moves(count: int = MANY) -> list[Change]:
    """From new to closing, with a number that is gone."""
    return [
        Change(
            person=Person(customer=str(n)),
            join=frozenset({"next:life:closing"}),
            leave=frozenset({"next:life:new"}),
            set={"stage": "closing"},
            unset=("p_5d",),
        )
        for n in range(1, count + 1)
    ]


def shown(store: FakeShopify, n: int) -> tuple[list[str], dict[str, str]]:
    one = store.store.find(gid("Customer", n))
    assert one
    named = {f"{held.namespace}.{held.key}": held.value for held in one.metafields.values()}
    return one.tags, {key.removeprefix("nextorder."): value for key, value in named.items()}


def kinds(outcomes: Sequence[object]) -> dict[str, int]:
    names = [type(one).__name__ for one in outcomes]
    return {name: names.count(name) for name in sorted(set(names))}


def begun(store: FakeShopify) -> list[str]:
    """Name the mutations of the operations, as they were begun."""
    return [_kind(one.query) for one in store.store.bulk.operations.values() if "nextorder" in one.query]


def _kind(mutation: str) -> str:
    return mutation.partition("\n")[0].split()[-2]
