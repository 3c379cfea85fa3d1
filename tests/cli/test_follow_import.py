"""What `nextorder import` says while the cloud imports, and after."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from nextorder.bootstrap.import_history import runs
from nextorder.cli.follow_import import follow, in_words, summary
from nextorder.domain.imports import ImportRun, Kind, Part, Stage, Tally
from tests.cli.conftest import Nextorder

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PARTS = (
    Part(name="customers", kind=Kind.CUSTOMERS, roots=2_500, is_ready=True),
    Part(name="products", kind=Kind.PRODUCTS, is_ready=True, is_empty=True),
    Part(name="orders-1", kind=Kind.ORDERS, roots=4_100),
)
TALLY = Tally(
    chunks={"orders": 1, "customers": 2}, taken={"orders": 1_998, "customers": 2_500}, refused={"orders": 2}
)


def a_run(stage: Stage, minutes: int = 0) -> ImportRun:
    ended_at = AT + timedelta(minutes=minutes) if minutes else None
    return ImportRun(run="import-1", started_at=AT, stage=stage, parts=PARTS, segments=3, ended_at=ended_at)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        (Stage.ASKED, "asked for at 09:00 UTC, not begun yet"),
        (Stage.EXPORTING, "exporting 0 products, 2,500 customers, 4,100 orders so far; 2 of 3 exports ready"),
        (Stage.CUTTING, "sorting   0 products, 2,500 customers, 4,100 orders into files"),
        (Stage.STORING, "storing   0 products, 2,500 customers, 1,998 orders so far; 3 of 5 files"),
        (Stage.TRAINING, "fitting   the shop's own model to its orders"),
        (Stage.PUBLISHING, "sending   everyone's first verdict as far as the shop is live"),
    ],
)
def test_how_far_it_is_is_said_in_one_line(stage: Stage, said: str) -> None:
    assert in_words(a_run(stage), TALLY) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [(1, "scoring   2,500 customers"), (3, "scoring   2,500 customers; 2 of 3 parts of them are done")],
)
def test_scoring_counts_parts_where_there_are_several(parts: int, said: str) -> None:
    """A segment is what a marketer sees, not what a worker takes in hand."""
    run = replace(a_run(Stage.SCORING), segments=parts)

    assert in_words(run, replace(TALLY, segments=parts - 1)) == said


def test_an_empty_shop_has_nothing_to_be_stored() -> None:
    """A stand-in for each phase is worked off all the same, since a map needs something."""
    empty = tuple(replace(part, roots=0, is_ready=True, is_empty=True) for part in PARTS)

    said = in_words(replace(a_run(Stage.STORING), parts=empty), Tally(chunks={"products": 1, "customers": 1}))

    assert said == "storing   nothing: the shop has no products, customers or orders yet"


def test_at_the_end_it_says_how_fast_it_was_and_where_what_was_refused_lies() -> None:
    lines = list(summary(a_run(Stage.ENDED, minutes=2), TALLY, "s3://bucket/imports/"))

    assert lines == [
        "imported  0 products, 2,500 customers, 1,998 orders in 120 s, 17 orders a second",
        "refused   2 orders, with their reasons in s3://bucket/imports/rejects/ for 14 days",
    ]


def test_a_destination_that_waits_is_no_failure_of_the_import() -> None:
    over = replace(a_run(Stage.ENDED, minutes=2), unpublished=("klaviyo: held, since many would change",))

    *_, last = summary(over, TALLY, "s3://bucket/imports/")

    assert last.startswith(
        "waits     klaviyo: held, since many would change; everything is imported, and `next"
    )


def test_what_keeps_it_from_going_on_is_said() -> None:
    held = replace(a_run(Stage.ASKED), trouble="shopify is not reached")

    assert (
        in_words(held, TALLY)
        == "asked for at 09:00 UTC, not begun yet; shopify is not reached: it is tried again"
    )


@dataclass
class Seen:
    """A course that stands so at each look."""

    stages: Iterator[Stage]

    @property
    def files(self) -> "Seen":
        return self

    def tally(self) -> Tally:
        return TALLY

    def now(self) -> ImportRun:
        return a_run(next(self.stages))


def test_a_step_that_stands_is_said_to(capsys: pytest.CaptureFixture[str]) -> None:
    stages = iter([Stage.TRAINING] * 5 + [Stage.PUBLISHING, Stage.ENDED])
    course: Any = Seen(stages)

    over = follow(course, lambda _: "RUNNING", clock=count(step=30).__next__, sleep=lambda _: None)

    assert over.stage is Stage.ENDED
    fitting = "  fitting   the shop's own model to its orders"
    said = capsys.readouterr().err.splitlines()
    assert said[0] == fitting
    assert said[1] == f"{fitting}; unchanged for 60 s"
    assert said[-1].startswith("  sending   everyone's first verdict")


def test_what_came_of_an_import_that_ended_since_is_said_before_another_begins(nextorder: Nextorder) -> None:
    shop = f"{uuid4().hex}.myshopify.com"
    arguments = ("connect", "shopify", "--shop", shop, "--client-id", "demo-client", "--secret-stdin")
    nextorder(*arguments, "--unchecked", "--currency", "EUR", stdin="demo-secret")
    now = datetime.now(UTC)
    over = replace(a_run(Stage.ENDED), started_at=now - timedelta(minutes=30), ended_at=now)
    assert runs().save(shop, over, replaces=None)

    said = nextorder("import", "--shop", shop)

    assert said.status == 0
    assert "imported  0 products" in said
    assert "`nextorder import --again`" in said
    assert runs().load(shop) == over
