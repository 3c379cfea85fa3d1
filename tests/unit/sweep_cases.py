"""A shop with many customers, and the schedule that looks at them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from nextorder.domain.changes import Accepted
from nextorder.domain.facts import StoredFact
from nextorder.domain.messages import Job
from nextorder.domain.passes import TICK, Pass
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.use_cases.sweep import Sweeper, sweep
from nextorder.use_cases.update_customer import update_customer
from nextorder.use_cases.work_off import work_off
from tests.fakes.denials import InMemoryDenials
from tests.fakes.house import House, unguarded
from tests.fakes.in_memory import InMemoryPasses, InMemoryQueue, InMemorySizes
from tests.fakes.unit_costs import InMemoryUnitCosts
from tests.unit.shop_cases import CATALOGUE, MODEL, NUMBERS, SHOP, START, an_order

COUNT = 120
AS_OF = START + timedelta(days=100)


@dataclass
class Notices:
    """ports.ChangeNotice."""

    names: list[str] = field(default_factory=list)

    def changed(self, shop: str, changes: Iterable[tuple[str, str]]) -> None:  # noqa: ARG002 - the port's
        self.names += [customer for customer, _ in changes]


@dataclass
class Swept:
    """A house with many customers, each with one order, every third of them decades ago."""

    count: int = COUNT
    queue: InMemoryQueue = field(default_factory=InMemoryQueue)
    passes: InMemoryPasses = field(default_factory=InMemoryPasses)
    sizes: InMemorySizes = field(default_factory=InMemorySizes)
    denials: InMemoryDenials = field(default_factory=InMemoryDenials)
    shopify: Notices = field(default_factory=Notices)
    now: datetime = AS_OF
    step: timedelta = TICK

    def __post_init__(self) -> None:
        shop = replace(SHOP, applied=True, numbers=replace(NUMBERS, customers=self.count))
        self.house = House(shop, MODEL, CATALOGUE, AS_OF)
        self.costs = InMemoryUnitCosts(self.house.held)
        for n in range(self.count):
            order = an_order(n % 90 if n % 3 else -9_000, name=f"o{n}")
            fact: StoredFact = replace(order, customer=self.name(n))
            self.house.held.store(shop.id, self.name(n), fact)
            update_customer(self.name(n), shop=shop, judge=self.house.judge, as_of=AS_OF)
            version = self.house.held.states[shop.id, self.name(n)].shown_version
            self.house.held.accepted[shop.id, self.name(n), "shopify"] = Accepted(version=version)

    @staticmethod
    def name(n: int) -> str:
        return f"c{n:04}"

    @property
    def shop(self) -> Shop:
        shop = self.house.shops.get(SHOP.id)
        assert shop
        return shop

    @property
    def states(self) -> list[State]:
        return [self.house.held.states[SHOP.id, self.name(n)] for n in range(self.count)]

    @property
    def sweeper(self) -> Sweeper:
        return Sweeper(
            judge=self.house.judge,
            waker=self.queue,
            passes=self.passes,
            sizes=self.sizes,
            costs=self.costs,
            notices=lambda _: {"shopify": self.shopify},
            denials=self.denials,
        )

    def tick(self, has_time: Callable[[], bool] = lambda: True) -> Pass | None:
        """Let the schedule come round once, and the queue be worked off."""
        now = sweep(self.shop, sweeper=self.sweeper, as_of=self.now, has_time=has_time)
        self.now += self.step
        return now

    def work_off(self) -> None:
        """Look at everyone who was woken."""
        jobs = [Job(id=c, shop=self.shop, wake=c, refresh=True) for c in self.queue.woken]
        work_off(jobs, judge=self.house.judge, books=self.house.books, as_of=self.now, guard=unguarded)
        self.queue.woken.clear()

    def run(self) -> list[int]:
        """Run a whole pass; return how many were looked at in each tick."""
        looked_at: list[int] = []
        while (now := self.tick()) and not now.ended_at:
            looked_at.append(now.looked_at - sum(looked_at))
            self.work_off()
        return looked_at

    def change_terms(self) -> None:
        """Let the shop have other terms: loyal two orders earlier, which moves nobody with one."""
        self.house.shops.change(SHOP.id, loyal_order_days=self.shop.loyal_order_days - 1)
