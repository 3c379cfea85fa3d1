"""A large file's lines, spread over small ones."""

from pathlib import Path

from nextorder.adapters.spill import Spill

MEGABYTE = 2**20


def test_what_belongs_together_stays_together_and_in_order(tmp_path: Path) -> None:
    spill = Spill(tmp_path, 100 * MEGABYTE)
    told = [(f"order-{number % 50}", b"%d\n" % number) for number in range(500)]
    for key, line in told:
        spill.add("history", key, line)
    spill.close()
    parts = [list(spill.lines("history", part)) for part in range(spill.parts)]
    assert sorted(line for part in parts for line in part) == sorted(line for _, line in told)
    for part in parts:
        keys = {int(line) % 50 for line in part}
        assert part == [line for key, line in told if int(key.removeprefix("order-")) in keys]


def test_kinds_are_kept_apart_and_one_that_never_came_is_empty(tmp_path: Path) -> None:
    spill = Spill(tmp_path, 1)
    spill.add("goods", "tea", b"tea\n")
    spill.close()
    assert spill.parts == 1
    assert list(spill.lines("goods", 0)) == [b"tea\n"]
    assert list(spill.lines("history", 0)) == []


def test_parts_are_as_many_as_the_file_is_large_but_not_more_than_can_be_open(tmp_path: Path) -> None:
    assert Spill(tmp_path, 80 * MEGABYTE).parts == 10
    assert Spill(tmp_path, 10**12).parts == 256
