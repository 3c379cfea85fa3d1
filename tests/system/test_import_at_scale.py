"""Ten thousand orders imported while their workers are killed: not one is lost, nor one stored twice."""

import json
import os
import signal
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nextorder.adapters.chunks import Chunks
from nextorder.adapters.dynamodb.progress import Progress as Kept
from nextorder.domain.facts import Order
from nextorder.domain.imports import ImportRun, Kind, Stage
from nextorder.use_cases.import_store import ask
from tests.local_stack.processes import Processes
from tests.local_stack.progress import Progress
from tests.local_stack.stack import STEPS, start_stack
from tests.system.cloud import Cloud
from tests.system.imported_store import bodies
from tests.system.people import door

ORDERS = 10_000
CUSTOMERS = 6_000
"""Enough for so many orders."""
SEEDED_AT_ONCE = 500
KILLS = 5
SECONDS_BETWEEN_KILLS = 8.0
PATIENCE_SECONDS = 1_200.0


@pytest.fixture
def stack() -> Iterator[tuple[Cloud, Path]]:
    """A stack of its own, and the folder that its workers' command lines name."""
    with Processes("import-proof") as processes:
        yield Cloud(start_stack(processes, Progress(STEPS), servers={})), processes.folder


def seeded(cloud: Cloud) -> Sequence[dict[str, Any]]:
    orders = list(bodies(CUSTOMERS, datetime.now(UTC)))[:ORDERS]
    assert len(orders) == ORDERS
    for start in range(0, ORDERS, SEEDED_AT_ONCE):
        some = orders[start : start + SEEDED_AT_ONCE]
        door(cloud.endpoints.shopify_url, "seed", {"orders": some})
    return orders


def workers(folder: Path) -> list[int]:
    """Return the processes that run import_history in this stack."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                line = (process / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(folder) in line and "ImportHistory" in line:
                found.append(int(process.name))
    return found


def imported(cloud: Cloud, folder: Path) -> tuple[ImportRun, int]:
    """Import the shop, killing workers while chunks are stored and customers scored; return the kills."""
    shop = cloud.endpoints.shop_domain
    runs = Kept(cloud.dynamodb, cloud.table, sort_key="import", kind=ImportRun)
    run = ask(shop, runs=runs, as_of=datetime.now(UTC)).run
    cloud.client("stepfunctions").start_execution(
        stateMachineArn=cloud.endpoints.outputs["HistoryImportArn"],
        name=run,
        input=json.dumps({"shop": shop, "run": run}),
    )
    killed, next_at, deadline = 0, 0.0, time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        now = runs.load(shop)
        assert now
        if now.is_over:
            return now, killed
        busy = workers(folder) if now.stage in (Stage.CUTTING, Stage.STORING, Stage.SCORING) else []
        if busy and killed < KILLS and time.monotonic() > next_at:
            os.kill(busy[killed % len(busy)], signal.SIGKILL)
            killed, next_at = killed + 1, time.monotonic() + SECONDS_BETWEEN_KILLS
        time.sleep(0.5)
    raise AssertionError("the import did not end")


@pytest.mark.proof
@pytest.mark.timeout(1_500)
def test_ten_thousand_orders_are_all_there_though_workers_were_killed(stack: tuple[Cloud, Path]) -> None:
    cloud, folder = stack
    shop = cloud.endpoints.shop_domain
    assert cloud.shops.change(shop, applied=False)
    orders = seeded(cloud)

    over, killed = imported(cloud, folder)

    assert (over.stage, over.failure) == (Stage.ENDED, "")
    assert killed == KILLS
    assert over.ended_at
    seconds = (over.ended_at - over.started_at).total_seconds()
    print(json.dumps({"orders": ORDERS, "seconds": seconds, "killed": killed}))  # noqa: T201 - measured
    tally = Chunks(cloud.s3, cloud.bucket, shop, over.run).tally()
    assert (tally.taken[Kind.ORDERS], sum(tally.refused.values())) == (ORDERS, 0)
    held: list[str] = []
    for _, record in cloud.customers.everyone(shop):
        held += [fact.id for fact in record.facts if isinstance(fact, Order)]
        assert not record.facts or (record.state and record.state.run == over.run)
    guests = {str(order["id"]) for order in orders if order["customer"] is None}
    assert sorted(held) == sorted({str(order["id"]) for order in orders} - guests)
    for guest in sorted(guests)[:50]:
        assert cloud.customers.place_of_order(shop, guest).parked
