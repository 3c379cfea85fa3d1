"""How benchmarks measure and what they print."""

import gc
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence

from nextorder.adapters.dynamodb.items import Item

WARM_UP = 3


def say(bench: str, **figures: object) -> None:
    """Print one line of JSON, also while a handler's own output is silenced."""
    print(json.dumps({"bench": bench, **figures}), file=sys.__stdout__, flush=True)


def cpu_ms(call: Callable[[], object], times: int) -> float:
    """Return the median CPU time of one call, in ms, of this thread alone: a peer's idle threads spin."""
    return cpu_ms_side_by_side([call], times)[0]


def cpu_ms_side_by_side(calls: Sequence[Callable[[], object]], times: int) -> list[float]:
    """Return the same for several calls taken in turn, so that a busy machine slows all of them alike."""
    for call in calls:
        for _ in range(WARM_UP):
            call()
    # what a benchmark itself holds, a sample store or a peer, is not for the collector to look through
    gc.collect()
    gc.freeze()
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(times):
        for call, found in zip(calls, taken, strict=True):
            began = time.thread_time_ns()
            call()
            found.append((time.thread_time_ns() - began) / 1e6)
    return [round(statistics.median(found), 3) for found in taken]


def percentile(numbers: Sequence[float], share: float) -> float:
    """Return the number below which a share of them lies."""
    return sorted(numbers)[min(int(share * len(numbers)), len(numbers) - 1)]


def item_bytes(item: Item) -> int:
    """Return an item's size by DynamoDB's own rule: names and values in UTF-8, a number by its digits."""
    return sum(len(name.encode()) + _value_bytes(value) for name, value in item.items())


def _value_bytes(value: Item) -> int:
    if "N" in value:
        return (len(value["N"].lstrip("-")) + 1) // 2 + 1
    return len(value["S"].encode())
