"""
Importing a bulk operation's file: orders a second on one core before the database, and memory.

Through to scores: what is read, facts as they are written, and everyone's verdict.

    python tests/bench/bench_import.py [ORDERS ...]

Each size is read in a process of its own; memory is the most it ever held.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from nextorder.adapters.collector import no_collection
from nextorder.adapters.shopify.history_files import told_by_content
from nextorder.adapters.shopify.history_slips import HISTORY
from nextorder.adapters.spill import Spill
from nextorder.domain.imports import Reject
from nextorder.use_cases.import_facts import History
from tests.bench.import_steps import described, fact_items, priced, state_items, timed
from tests.bench.measuring import say
from tests.bench.stores import bulk_lines
from tests.fakes.assortment import InMemoryAssortment
from tests.unit.shop_cases import MODEL
from tests.unit.shop_cases import SHOP as CASE

BUDGET = 5_000
SIZES = (1_000, 10_000, 100_000)
"""A store, ten of it and a hundred; a million orders take some minutes and are asked for by number."""
ONE_PART = 3_000
KIBIBYTE = 1024
SHOP = replace(CASE, id="bench.myshopify.com", currency="EUR")


def write_store(path: Path, orders: int) -> None:
    """Write a generated store's file."""
    with path.open("wb") as file:
        file.writelines(bulk_lines(orders))


def work_off(path: Path) -> dict[str, float]:
    """Cut a file, read it part by part, sort its facts by customer; return CPU seconds."""
    began = time.process_time()
    orders = facts = 0
    with no_collection():
        for history in histories(path):
            orders += len(history.orders)
            facts += sum(len(held) for held in history.by_customer.values())
    done = time.process_time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE
    return {"orders": orders, "facts": facts, "all": done - began, "megabytes": most}


def histories(path: Path) -> Iterator[History]:
    """Yield what the parts of a file say, sorted by customer."""
    file = told_by_content(path, customers=None, with_refunds=list, find=lambda _: {})
    with TemporaryDirectory() as folder:
        spill = Spill(Path(folder), path.stat().st_size)
        for slip in file.slips():
            assert not isinstance(slip, Reject)
            spill.add(slip.kind, slip.key, slip.line)
        spill.close()
        for part in range(spill.parts):
            history = History()
            for said in file.read(HISTORY, partial(spill.lines, part=part), SHOP):
                assert not isinstance(said, Reject)
                history.add(said)
            history.sort_out()
            yield history


def through_to_scores(orders: int) -> None:
    """Print what each step takes of a store that is one part, up to the items of verdicts."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.jsonl"
        write_store(path, orders)
        reading, [history] = timed(lambda: list(histories(path)))
    writing, facts = timed(lambda: priced(history, InMemoryAssortment(), SHOP))
    items, _ = timed(lambda: fact_items(facts, SHOP))
    scoring, states = timed(lambda: state_items(described(facts, SHOP), SHOP, MODEL))
    steps = {"reading": reading, "writing": writing + items, "scoring": scoring}
    say(
        "import.through_to_scores",
        orders=orders,
        customers=len(states),
        orders_a_second=round(orders / sum(steps.values())),
        budget=BUDGET,
        us_an_order={name: round(1e6 * seconds / orders) for name, seconds in steps.items()},
    )


def measured(orders: int) -> dict[str, float]:
    """Read a store of so many orders in a process of its own."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.jsonl"
        write_store(path, orders)
        run = subprocess.run(  # noqa: S603 - this very file
            [sys.executable, __file__, str(path)], check=True, capture_output=True, text=True
        )
        found: dict[str, float] = json.loads(run.stdout)
        return found | {"file_megabytes": path.stat().st_size / KIBIBYTE**2}


def main(sizes: tuple[int, ...]) -> None:
    """Print rate and memory of each size."""
    for orders in sizes:
        found = measured(orders)
        say(
            "import.bulk_file",
            orders=orders,
            orders_a_second=round(orders / found["all"]),
            budget=BUDGET,
            facts=found["facts"],
            file_megabytes=round(found["file_megabytes"]),
            peak_megabytes=round(found["megabytes"]),
        )
    through_to_scores(ONE_PART)


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked and not asked[0].isdecimal():
        print(json.dumps(work_off(Path(asked[0]))))
    else:
        main(tuple(map(int, asked)) or SIZES)
