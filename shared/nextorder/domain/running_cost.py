"""What a stack costs a month at AWS list prices, from counted work; every assumption stands here."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from typing import Final

MINUTES_A_MONTH: Final = 43_800
WEEKS_A_MONTH: Final = 4.35
WEBHOOKS_AN_ORDER: Final = 8
"""Created, paid, its transaction, updated four times, fulfilled; `tests/bench/bench_order.py` sends them."""

ASSUMPTIONS: Final = (
    "list prices of us-east-1, no free tier, no discount, no tax",
    "an order sends eight webhooks and changes what both destinations show",
    "customers have five orders of three lines; each webhook reads them all",
    "0.5 KB of log a call, 15 to 40 ms for each of ours, 0.4 s where a platform is called: assumed",
    "write units, messages and calls are those that `make bench` counts on a local AWS",
    "e-mail, chat and the platforms' own plans are not in it",
)


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for so many of a unit; us-east-1, arm64, read in November 2026."""

    unit: str
    dollars: float
    per: float = 1.0


# https://aws.amazon.com/dynamodb/pricing/on-demand/, /lambda/pricing/, /sqs/pricing/,
# /cloudwatch/pricing/, /secrets-manager/pricing/, /s3/pricing/
WRITES: Final = Price("DynamoDB write units", 0.625, 1e6)
READS: Final = Price("DynamoDB read units", 0.125, 1e6)
STORED: Final = Price("GB in DynamoDB, with recovery to any moment", 0.25 + 0.20)
CALLS: Final = Price("Lambda calls", 0.20, 1e6)
GB_SECONDS: Final = Price("Lambda GB-seconds", 13.3334, 1e6)
MESSAGES: Final = Price("SQS requests", 0.40, 1e6)
ORDERED_MESSAGES: Final = Price("SQS requests of FIFO queues", 0.50, 1e6)
LOGS: Final = Price("GB of logs", 0.50)
PUTS: Final = Price("S3 writes", 5.0, 1e6)
ALARMS: Final = Price("alarms", 0.10)
METRICS: Final = Price("metrics of our own", 0.30)
SECRETS: Final = Price("secrets", 0.40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What one thing that happens costs, as counted by `make bench`; seconds are assumed."""

    writes: float = 0.0
    reads: float = 0.0
    messages: float = 0.0
    """Of standard queues; each is sent, received and deleted."""
    ordered_messages: float = 0.0
    calls: float = 0.0
    gb_seconds: float = 0.0


ORDER: Final = Work(
    writes=20,
    reads=40,
    messages=WEBHOOKS_AN_ORDER,
    ordered_messages=2,
    calls=20,
    gb_seconds=WEBHOOKS_AN_ORDER * (0.5 * 0.015 + 1.0 * 0.040) + 2 * 0.5 * 0.015 + 2 * 0.5 * 0.4,
)
"""bench_order: 2.4 to 2.6 write units a webhook, one message in and two out, 20 calls."""
WAKE: Final = Work(writes=2, reads=6, messages=1, calls=1, gb_seconds=0.040)
"""One customer whose verdict changes by time alone."""
CHANGE: Final = Work(writes=2, reads=5, ordered_messages=2, calls=3, gb_seconds=2 * 0.5 * 0.4)
"""A verdict that changed, told to two destinations."""
WEEKLY_LOOK: Final = Work(writes=1.1, reads=1.1, messages=0.45, calls=0.45, gb_seconds=0.018)
"""bench_sweep: one customer in the weekly pass."""
IMPORTED_ORDER: Final = Work(writes=6.7, gb_seconds=1.73 / 300)
"""bench_import_cost: in transactions, which count twice; some 300 orders a second and worker are assumed."""
IMPORTED_CUSTOMER: Final = Work(writes=11.3, reads=2, gb_seconds=1.73 / 200)
"""bench_import_cost: a first state; and consent, sign-up and count of orders."""
ORDERS_A_CHUNK: Final = 2_000
CALLS_A_CHUNK: Final = 2
S3_WRITES_A_CHUNK: Final = 75
"""Of a million orders: each 32 MB of 2.4 GB that are cut have lines of every chunk; of fewer it is less."""
WAKES_A_CUSTOMER: Final = 0.30
"""A month; `make replay` of the sample store."""
CHANGES_A_CUSTOMER: Final = 3.5
"""A month, those of the customer's own orders among them."""
BYTES_A_CUSTOMER: Final = 3_000
BYTES_AN_ORDER: Final = 1_200

ALARMS_OF_A_STACK: Final = 14
METRICS_OF_OURS: Final = 7
"""All of them, though each is paid for only in the hours in which it is sent."""
POLLED_QUEUES: Final = 2
POLLED_ORDERED_QUEUES: Final = 2
POLLS_A_MINUTE: Final = 15
"""Five pollers of a Lambda's queue, each waiting 20 seconds; that of a FIFO queue as well."""
LOG_BYTES_A_CALL: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """How much a shop has to do in a month."""

    customers: int
    orders: int
    years: float = 2.0
    """Of history that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the bill."""

    what: str
    count: float
    price: Price

    @property
    def dollars(self) -> float:
        """What it comes to a month."""
        return self.count * self.price.dollars / self.price.per


def bill(volume: Volume) -> tuple[Line, ...]:
    """Return the lines of a month: what stands anyway, then what orders and customers cause."""
    return (*_standing(), *_moving(volume), *_kept(volume))


def bill_of_import(volume: Volume) -> tuple[Line, ...]:
    """Return what it costs, once, to import a shop's history and reach everyone's first verdict."""
    orders = 12 * volume.years * volume.orders
    chunks = ceil(orders / ORDERS_A_CHUNK) + ceil(volume.customers / ORDERS_A_CHUNK)
    return (
        *_of_work("orders", IMPORTED_ORDER, orders),
        *_of_work("customers", IMPORTED_CUSTOMER, volume.customers),
        *_of_work("chunks", Work(calls=CALLS_A_CHUNK), chunks),
        Line(what="chunks", count=S3_WRITES_A_CHUNK * chunks, price=PUTS),
    )


def dollars_a_million_webhooks() -> float:
    """Return what a million webhooks cost, whatever stands anyway left out."""
    orders = 1_000_000 / WEBHOOKS_AN_ORDER
    return sum(line.dollars for line in _of_work("", ORDER, orders))


def _standing() -> Iterator[Line]:
    polls = POLLS_A_MINUTE * MINUTES_A_MONTH
    yield Line(what="alarms", count=ALARMS_OF_A_STACK, price=ALARMS)
    yield Line(what="metrics", count=METRICS_OF_OURS, price=METRICS)
    yield Line(what="keys of the platforms", count=1, price=SECRETS)
    yield Line(what="asking empty queues", count=POLLED_QUEUES * polls, price=MESSAGES)
    yield Line(what="asking empty queues", count=POLLED_ORDERED_QUEUES * polls, price=ORDERED_MESSAGES)
    each_minute = Work(reads=4, calls=1, gb_seconds=0.5 * 0.1)
    yield from _of_work("looking who is due", each_minute, MINUTES_A_MONTH)


def _moving(volume: Volume) -> Iterator[Line]:
    yield from _of_work("orders", ORDER, volume.orders)
    yield from _of_work("verdicts that change by time", WAKE, WAKES_A_CUSTOMER * volume.customers)
    others = max(CHANGES_A_CUSTOMER * volume.customers - volume.orders, 0.0)
    yield from _of_work("telling the destinations", CHANGE, others)
    yield from _of_work("the weekly look", WEEKLY_LOOK, WEEKS_A_MONTH * volume.customers)


def _kept(volume: Volume) -> Iterator[Line]:
    orders = 12 * volume.years * volume.orders
    size = volume.customers * BYTES_A_CUSTOMER + orders * BYTES_AN_ORDER
    yield Line(what="what is kept", count=size / 1e9, price=STORED)


def _of_work(what: str, work: Work, times: float) -> Iterator[Line]:
    counts = (
        (WRITES, work.writes),
        (READS, work.reads),
        (MESSAGES, 3 * work.messages),
        (ORDERED_MESSAGES, 3 * work.ordered_messages),
        (CALLS, work.calls),
        (GB_SECONDS, work.gb_seconds),
        (LOGS, work.calls * LOG_BYTES_A_CALL / 1e9),
    )
    for price, count in counts:
        if count:
            yield Line(what=what, count=times * count, price=price)
