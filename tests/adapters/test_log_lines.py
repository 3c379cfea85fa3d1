"""Whose work failed, by the log's own lines."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.batch import FAILED, REFUSED
from nextorder.adapters.log_lines import LogLines

SINCE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEA, COFFEE = "tea.myshopify.com", "coffee.myshopify.com"


def a_line(shop: str, function: str = "Sweep", said: str = FAILED) -> str:
    line = {"level": "ERROR", "message": said, "shop": shop, "function_name": f"shops-{function}-1A2B3C"}
    return json.dumps(line)


@dataclass
class Log:
    """A log group that hands out pages, whatever the pattern."""

    pages: Sequence[Sequence[str]]
    asked: list[dict[str, Any]] = field(default_factory=list)
    handed_out: int = 0

    def get_paginator(self, operation: str) -> "Log":
        assert operation == "filter_log_events"
        return self

    def paginate(self, **asked: Any) -> Iterator[Any]:
        self.asked.append(asked)
        for page in self.pages:
            self.handed_out += 1
            yield {"events": [{"message": line} for line in page]}


def shops(log: Log, function: str = "Sweep", *, has_time: bool = True) -> list[str]:
    return list(LogLines(log, "shops-Logs", has_time=lambda: has_time).shops(function, SINCE))


def test_each_failure_of_the_function_counts_over_all_pages() -> None:
    log = Log([[a_line(TEA), a_line(COFFEE)], [], [a_line(TEA)]])

    assert shops(log) == [TEA, COFFEE, TEA]
    [asked] = log.asked
    assert asked["startTime"] == SINCE.timestamp() * 1000
    assert asked["filterPattern"] == '{ $.shop = "*" && $.message = "failed" }'


def test_lines_of_others_and_lines_that_say_something_else_do_not_count() -> None:
    others = [a_line(TEA, "SweepMore"), a_line(TEA, said="swept"), "START RequestId: 1", "[]", "{"]

    assert shops(Log([[*others, a_line(COFFEE)]])) == [COFFEE]


def test_without_a_function_refused_keys_count_whoever_was_refused() -> None:
    log = Log([[a_line(TEA, "PublishKlaviyo", REFUSED), a_line(TEA), a_line(COFFEE, "Reconcile", REFUSED)]])

    assert shops(log, "") == [TEA, COFFEE]


def test_a_line_of_no_shop_is_of_nobody() -> None:
    assert shops(Log([[a_line("-")]])) == [""]


def test_reading_ends_when_time_is_up() -> None:
    log = Log([[a_line(TEA)], [a_line(TEA)], [a_line(TEA)]])

    assert shops(log, has_time=False) == [TEA]
    assert log.handed_out == 1
