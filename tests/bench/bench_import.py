"""
Importing a bulk operation's file: orders a second on one core before the database, and memory.

    python tests/bench/bench_import.py [ORDERS ...]

Each size is read in a process of its own; memory is the most it ever held.
"""

import json
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from nextorder.adapters.collector import no_collection
from nextorder.adapters.shopify.history_files import told_by_content
from nextorder.adapters.shopify.history_slips import HISTORY
from nextorder.adapters.spill import Spill
from nextorder.domain.imports import Reject
from nextorder.domain.shop import Shop
from nextorder.use_cases.import_facts import History
from tests.bench.measuring import say
from tests.bench.stores import bulk_lines

BUDGET = 5_000
SIZES = (1_000, 10_000, 100_000)
"""A store, ten of it and a hundred; a million orders take some minutes and are asked for by number."""
KIBIBYTE = 1024
SHOP = Shop(id="bench.myshopify.com", timezone="Europe/Stockholm", currency="EUR")


def write_store(path: Path, orders: int) -> None:
    """Write a generated store's file."""
    with path.open("wb") as file:
        file.writelines(bulk_lines(orders))


def work_off(path: Path) -> dict[str, float]:
    """Cut a file, read it part by part, sort its facts by customer; return CPU seconds."""
    began = time.process_time()
    file = told_by_content(path, customers=None, with_refunds=list, find=lambda _: {})
    orders = facts = 0
    with TemporaryDirectory() as folder, no_collection():
        spill = Spill(Path(folder), path.stat().st_size)
        for slip in file.slips():
            assert not isinstance(slip, Reject)
            spill.add(slip.kind, slip.key, slip.line)
        spill.close()
        cut = time.process_time()
        for part in range(spill.parts):
            history = History()
            for said in file.read(HISTORY, partial(spill.lines, part=part), SHOP):
                assert not isinstance(said, Reject)
                history.add(said)
            history.sort_out()
            orders += len(history.orders)
            facts += sum(len(held) for held in history.by_customer.values())
    done = time.process_time()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE
    return {"orders": orders, "facts": facts, "cut": cut - began, "all": done - began, "megabytes": most}


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
            cut_share=round(found["cut"] / found["all"], 2),
            facts=found["facts"],
            file_megabytes=round(found["file_megabytes"]),
            peak_megabytes=round(found["megabytes"]),
        )


if __name__ == "__main__":
    asked = sys.argv[1:]
    if asked and not asked[0].isdecimal():
        print(json.dumps(work_off(Path(asked[0]))))
    else:
        main(tuple(map(int, asked)) or SIZES)
