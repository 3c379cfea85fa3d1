"""An import in the cloud step by step: exports begun, found again, failed; cut through kills and breaks."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nextorder.adapters.shopify.jsonl import root_of
from nextorder.domain.errors import NeedsHuman, NextorderError, Refused, RetryLater
from nextorder.domain.imports import ImportRun, Kind, Stage
from nextorder.use_cases import cut_export, import_store
from nextorder.use_cases.cut_export import cut
from nextorder.use_cases.import_store import Course
from tests.fakes.imports import InMemoryExports, InMemoryFiles, InMemoryImports

SHOP = "one.myshopify.com"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def orders(count: int) -> bytes:
    """Return the lines of so many orders with two lines each, in no order of parents and children."""
    rows: list[dict[str, str]] = [{"id": f"gid://shopify/Order/{number}"} for number in range(count)]
    for number in range(2 * count):
        parent = f"gid://shopify/Order/{number % count}"
        rows.append({"id": f"gid://shopify/LineItem/{number}", "__parentId": parent})
    return "".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows).encode()


def a_course(exports: InMemoryExports) -> Course:
    runs = InMemoryImports()
    run = import_store.ask(SHOP, runs=runs, as_of=NOW).run
    return Course(shop=SHOP, run=run, runs=runs, exports=exports, files=InMemoryFiles())


def stands(course: Course) -> ImportRun:
    return course.now()


def exported(course: Course) -> Course:
    """Follow until everything is exported."""
    import_store.begin(course, NOW)
    while not import_store.follow(course, NOW).is_ready:
        pass
    return course


def files_of(course: Course) -> InMemoryFiles:
    assert isinstance(course.files, InMemoryFiles)
    return course.files


def always() -> bool:
    return True


def test_whoever_asks_while_an_import_is_under_way_follows_it() -> None:
    runs = InMemoryImports()
    first = import_store.ask(SHOP, runs=runs, as_of=NOW)

    assert import_store.ask(SHOP, runs=runs, as_of=NOW + timedelta(hours=1)) == first

    runs.runs[SHOP] = replace(first, stage=Stage.ENDED)
    assert import_store.ask(SHOP, runs=runs, as_of=NOW + timedelta(hours=1)).run != first.run


def test_more_windows_than_places_wait_for_one_another() -> None:
    exports = InMemoryExports({Kind.ORDERS: orders(3)}, orders=2_000_000)
    course = a_course(exports)
    import_store.begin(course, NOW)

    import_store.follow(course, NOW)
    assert exports.begun == 5
    exported(course)

    assert exports.begun == 12
    assert stands(course).stage is Stage.CUTTING


def test_an_operation_that_was_begun_and_not_written_down_is_gone_on_with() -> None:
    exports = InMemoryExports({Kind.ORDERS: orders(3)})
    course = a_course(exports)
    import_store.begin(course, NOW)
    for part in stands(course).parts:
        exports.begin(SHOP, course.run, part)

    exported(course)

    assert exports.begun == 3


def test_what_an_earlier_run_left_running_is_ended() -> None:
    exports = InMemoryExports()
    left = a_course(exports)
    import_store.begin(left, NOW)
    import_store.follow(left, NOW)
    import_store.fail(left, {"Error": "Killed"}, NOW)

    later = import_store.ask(SHOP, runs=left.runs, as_of=NOW + timedelta(hours=1))
    import_store.begin(replace(left, run=later.run), NOW + timedelta(hours=1))

    assert all(one.canceled for one in exports.operations.values())


def test_an_export_that_fails_is_begun_anew_three_times_in_all() -> None:
    exports = InMemoryExports({Kind.ORDERS: orders(3)}, failing=["orders-1"] * 2)

    parts = {part.name: part for part in stands(exported(a_course(exports))).parts}
    assert parts["orders-1"].attempt == 3

    exports = InMemoryExports(failing=["orders-1"] * 3)
    with pytest.raises(Refused, match="orders-1: timeout"):
        exported(a_course(exports))


def test_a_run_that_another_one_has_replaced_does_nothing_more() -> None:
    course = a_course(InMemoryExports())

    with pytest.raises(Refused, match="superseded"):
        import_store.begin(replace(course, run="import-of-before"), NOW)


def test_an_order_and_its_lines_fall_into_one_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nextorder.domain.imports.ROOTS_A_CHUNK", 10)
    text = orders(100)
    course = exported(a_course(InMemoryExports({Kind.ORDERS: text})))

    assert cut(course, "orders-1", root_of=root_of, has_time=always)

    chunks = [list(files_of(course).lines(Kind.ORDERS, number)) for number in range(10)]
    assert sorted(line for lines in chunks for line in lines) == sorted(text.splitlines())
    for lines in chunks:
        roots = {root_of(line) for line in lines}
        assert roots == {root_of(line) for line in lines if b"__parentId" not in line}


def test_a_cut_goes_on_at_its_byte_after_every_break_and_loses_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The connection ends, time runs out, and memory is full after a few lines: all lines are there."""
    monkeypatch.setattr(cut_export, "MOST_BYTES", 1_000)
    monkeypatch.setattr(cut_export, "_LINES_A_LOOK", 7)
    text = orders(100)
    course = exported(a_course(InMemoryExports({Kind.ORDERS: text}, breaks_at=[10, 3_000, 3_001])))
    in_time = iter([*[True, False] * 5, *[True] * 1_000])

    begun, is_done = 0, False
    while not is_done:
        begun += 1
        try:
            is_done = cut(course, "orders-1", root_of=root_of, has_time=lambda: next(in_time))
        except RetryLater:
            continue

    assert begun == 9
    assert set(files_of(course).lines(Kind.ORDERS, 0)) == set(text.splitlines())


def test_who_is_killed_while_cutting_cuts_that_much_again_into_the_same_files(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cut_export, "MOST_BYTES", 1_000)
    course = exported(a_course(InMemoryExports({Kind.ORDERS: orders(100)})))
    cut(course, "orders-1", root_of=root_of, has_time=always)
    whole = dict(files_of(course).pieces)

    noted = files_of(course).cuts
    noted["orders-1"] = replace(noted["orders-1"], offset=0, is_done=False)
    cut(course, "orders-1", root_of=root_of, has_time=always)

    assert files_of(course).pieces == whole


def test_a_line_that_cannot_be_read_is_not_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nextorder.domain.imports.ROOTS_A_CHUNK", 10)
    course = exported(a_course(InMemoryExports({Kind.ORDERS: orders(100) + b"half a li"})))

    cut(course, "orders-1", root_of=root_of, has_time=always)

    lines = [line for number in range(10) for line in files_of(course).lines(Kind.ORDERS, number)]
    assert b"half a li" in lines


@pytest.mark.parametrize("error", ["NeedsHuman", "AccessDenied", "SomeFailed"])
def test_why_an_import_failed_is_said_where_the_words_are_ours(error: str) -> None:
    course = a_course(InMemoryExports())
    failed = {"Error": error, "Cause": '{"errorMessage": "a scope is missing", "errorType": "N"}'}
    import_store.fail(course, failed, NOW)

    held = course.runs.load(SHOP)
    assert held
    assert held.failure == "asked: a scope is missing"

    other = a_course(InMemoryExports())
    import_store.fail(other, {"Error": "KeyError", "Cause": '{"errorMessage": "anna@example.com"}'}, NOW)
    held = other.runs.load(SHOP)
    assert held
    assert held.failure == "asked: KeyError"


def fails(error: NextorderError) -> Callable[[], None]:
    def step() -> None:
        raise error

    return step


@pytest.mark.parametrize("error", [NeedsHuman("no read_products"), Refused("no-read_products")])
def test_what_a_human_has_to_mend_ends_the_run_at_once_and_further_tries_do_nothing(
    error: NextorderError,
) -> None:
    course = a_course(InMemoryExports())

    with pytest.raises(type(error)):
        import_store.attempt(course, fails(error), NOW)

    assert stands(course).stage is Stage.FAILED
    assert "read_products" in stands(course).failure
    with pytest.raises(Refused, match="import-over"):
        import_store.attempt(course, lambda: import_store.begin(course, NOW), NOW)
    assert not stands(course).parts


def test_what_keeps_a_step_from_going_on_is_told_until_it_does() -> None:
    course = a_course(InMemoryExports())

    with pytest.raises(RetryLater):
        import_store.attempt(course, fails(RetryLater("shopify is not reached")), NOW)
    assert stands(course).trouble == "shopify is not reached"
    assert not stands(course).is_over

    import_store.attempt(course, lambda: import_store.begin(course, NOW), NOW)
    assert (stands(course).trouble, stands(course).stage) == ("", Stage.EXPORTING)


def test_the_end_may_be_told_twice() -> None:
    course = a_course(InMemoryExports())
    import_store.attempt(course, lambda: import_store.end(course, [], NOW), NOW)
    over = stands(course)

    import_store.attempt(course, lambda: import_store.end(course, [], NOW + timedelta(hours=1)), NOW)

    assert stands(course) == over


def test_a_publication_that_waits_or_failed_leaves_the_import_well_and_is_noted() -> None:
    course = a_course(InMemoryExports())
    cause = '{"errorMessage": "mailchimp took nothing of 400 customers", "errorType": "RetryLater"}'
    published: list[dict[str, Any]] = [
        {"sent": 150},
        {"waits": "klaviyo: held, since many would change"},
        {"destination": "mailchimp", "failed": {"Error": "RetryLater", "Cause": cause}},
        {"destination": "segment", "failed": {"Error": "Sandbox.Timedout", "Cause": "anything"}},
    ]

    import_store.attempt(course, lambda: import_store.end(course, published, NOW), NOW)

    assert (stands(course).stage, stands(course).failure) == (Stage.ENDED, "")
    assert stands(course).unpublished == (
        "klaviyo: held, since many would change",
        "mailchimp took nothing of 400 customers",
        "segment: Sandbox.Timedout",
    )
