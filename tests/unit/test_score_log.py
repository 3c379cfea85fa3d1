"""The score log: nothing is written over, and what was written is read back, by week or by customer."""

import gzip
import json
from dataclasses import replace
from datetime import date
from typing import Any, cast

from nextorder.adapters.score_log import ScoreLog
from nextorder.adapters.score_reader import ScoreReader
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.verdict import State
from tests.fakes.objects import InMemoryBucket
from tests.unit.judge_cases import BUCKET, record_of, state_saying
from tests.unit.shop_cases import DAY, SHOP, START, an_order, verdict_of

OTHER = "other.myshopify.com"


def write(bucket: InMemoryBucket, *states: State, day: float = 0.0, first: int = 0) -> None:
    records = [
        record_of(SHOP.id, f"700{n}", state, first + n, brought_at=START + day * DAY)
        for n, state in enumerate(states)
    ]
    ScoreLog(cast("Any", bucket), BUCKET).write(records)


def reader(bucket: InMemoryBucket) -> ScoreReader:
    return ScoreReader(cast("Any", bucket), BUCKET)


def said(log_key: str, day: float = 0.0) -> State:
    return state_saying(START + day * DAY, log_key)


def test_an_object_is_named_by_shop_day_and_what_it_was_made_from() -> None:
    bucket = InMemoryBucket()
    write(bucket, said("a"), said("b"))

    assert list(bucket.objects) == [f"scores/{SHOP.id}/2025-03-03/{0:020}-{1:020}.jsonl.gz"]


def test_a_retry_finds_the_same_and_a_batch_that_was_cut_elsewhere_stands_beside_it() -> None:
    bucket = InMemoryBucket()
    write(bucket, said("a"), said("b"))
    before = dict(bucket.objects)

    write(bucket, said("a"), said("b"))
    assert bucket.objects == before
    write(bucket, said("a"), said("b"), said("c"))

    assert bucket.objects.items() > before.items()
    rows = list(reader(bucket).week(SHOP.id, date(2025, 3, 3)))
    assert sorted(row.log_key for row in rows) == ["a", "a", "b", "b", "c"]


def test_what_is_there_is_never_written_over() -> None:
    bucket = InMemoryBucket()
    write(bucket, said("a"))
    before = dict(bucket.objects)

    write(bucket, said("another"))

    assert bucket.objects == before


def test_each_shop_of_a_batch_has_its_own_object() -> None:
    bucket = InMemoryBucket()
    records = [
        record_of(shop, "7001", said(shop), n, brought_at=START) for n, shop in enumerate((SHOP.id, OTHER))
    ]
    ScoreLog(cast("Any", bucket), BUCKET).write(records)

    assert [row.log_key for row in reader(bucket).week(OTHER, date(2025, 3, 3))] == [OTHER]
    assert len(bucket.objects) == 2


def test_a_row_carries_model_moment_and_the_chances_of_all_horizons_and_names_nobody() -> None:
    bucket = InMemoryBucket()
    verdict, _ = verdict_of(an_order(0), days=60)
    write(bucket, State(verdict=verdict, digest="", version=3, shown="x", log_key="abc"), day=60)

    [row] = reader(bucket).week(SHOP.id, date(2025, 4, 28))
    assert verdict.scores
    assert verdict.scores.p_window
    assert (row.log_key, row.version, row.model, row.at) == ("abc", 3, verdict.model, verdict.scored_at)
    assert row.chances.keys() >= {"0.5", "5", "30", "90", WINDOW_HORIZON}
    assert abs(row.chances[WINDOW_HORIZON] - verdict.scores.p_window.value) < 1e-6
    assert row.closes_at == verdict.scores.window_closes
    [body] = bucket.objects.values()
    assert b"7000" not in gzip.decompress(body)


def test_an_imports_states_are_logged_like_any_other() -> None:
    """The bulk publisher sends these; the log has them all the same."""
    bucket = InMemoryBucket()
    write(bucket, replace(said("a"), run="import-1"))

    assert [row.log_key for row in reader(bucket).week(SHOP.id, date(2025, 3, 3))] == ["a"]


def test_what_the_stream_brought_a_day_later_is_read_with_its_week_and_what_nobody_was_told_is_not() -> None:
    bucket = InMemoryBucket()
    write(bucket, said("late", day=6.5), day=7.5)
    write(bucket, state_saying(START, "held", held_out=True), day=1, first=10)
    nothing = replace(said("none"), verdict=replace(said("none").verdict, scores=None))
    write(bucket, nothing, day=2, first=20)

    assert [row.log_key for row in reader(bucket).week(SHOP.id, date(2025, 3, 3))] == ["late"]
    assert list(reader(bucket).week(SHOP.id, date(2025, 2, 17))) == []


def test_a_batch_over_midnight_is_read_with_both_of_its_weeks() -> None:
    """What the stream has is gathered for five minutes."""
    bucket = InMemoryBucket()
    midnight = START.replace(hour=0, minute=0, second=0)
    records = [
        record_of(SHOP.id, key, state_saying(at, key), n, brought_at=at)
        for n, (key, at) in enumerate({"before": midnight - DAY / 1440, "after": midnight}.items())
    ]
    ScoreLog(cast("Any", bucket), BUCKET).write(records)

    weeks = [reader(bucket).week(SHOP.id, monday) for monday in (date(2025, 2, 24), date(2025, 3, 3))]
    assert [row.log_key for row in weeks[0]][:1] == ["before"]
    assert [row.log_key for row in weeks[1]] == ["after"]


def test_it_begins_on_the_day_of_its_first_object() -> None:
    bucket = InMemoryBucket()
    assert reader(bucket).first_day(SHOP.id) is None
    write(bucket, said("b"), day=9)
    write(bucket, said("a"), day=4)

    assert reader(bucket).first_day(SHOP.id) == date(2025, 3, 7)
    assert reader(bucket).first_day(OTHER) is None


def test_all_that_was_said_of_one_customer_is_found_once_each_in_order_without_the_key() -> None:
    bucket = InMemoryBucket(page=2)
    for version in (2, 1, 3):
        state = replace(said("mine", day=version), version=version)
        write(bucket, said("theirs", day=version), state, day=version, first=10 * version)
    write(bucket, replace(said("mine", day=3), version=3), day=3, first=90)

    rows, is_all = reader(bucket).of_customer(SHOP.id, "mine", lambda: True)

    assert [row["version"] for row in rows] == [1, 2, 3]
    assert is_all
    assert "mine" not in json.dumps(rows)
    assert rows[0]["scores"]["p_order"]["5"]["value"] == 0.2


def test_reasons_are_told_in_the_words_that_were_said() -> None:
    """A state writes a segment's sentence once, and so does the log."""
    bucket = InMemoryBucket()
    verdict, _ = verdict_of(an_order(0), days=60)
    write(bucket, State(verdict=verdict, digest="", version=3, log_key="mine", shown="x"))

    [row], _ = reader(bucket).of_customer(SHOP.id, "mine", lambda: True)

    assert row["reasons"] == list(verdict.reasons)
    assert any(one.reason in row["reasons"] for one in verdict.segments.values())


def test_when_time_is_over_it_says_that_this_is_not_all() -> None:
    bucket = InMemoryBucket()
    for day in range(3):
        write(bucket, said("mine", day=day), day=day, first=10 * day)

    rows, is_all = reader(bucket).of_customer(SHOP.id, "mine", lambda: False)

    assert (len(rows), is_all) == (1, False)
