"""How far a long step is goes to stderr: what a command prints can be piped on."""

import io
import re
import time
from contextlib import redirect_stderr
from itertools import count

import pytest

from nextorder.cli.progress import Progress, during


class Screen(io.StringIO):
    """A terminal, or not."""

    def __init__(self, *, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def test_a_terminal_shows_it_in_place_from_the_beginning() -> None:
    with redirect_stderr(Screen(is_terminal=True)) as terminal:
        progress = Progress("scored", 2_600, "customers", clock=count().__next__)
        assert terminal.getvalue() == "\r\033[K  scored    0 of 2,600 customers"
        progress.step(1_200)
        progress.step()

    assert terminal.getvalue().endswith(
        " 1,200 of 2,600 customers\r\033[K  scored    1,201 of 2,600 customers"
    )
    assert "\n" not in terminal.getvalue()


def test_a_total_that_was_a_guess_is_left_out_once_there_are_more() -> None:
    with redirect_stderr(Screen(is_terminal=True)) as terminal:
        Progress("foreseen", 2_553, "customers", clock=count().__next__).step(2_600)

    assert terminal.getvalue().endswith("\033[K  foreseen  2,600 customers")


def test_elsewhere_a_line_comes_each_minute() -> None:
    with redirect_stderr(Screen(is_terminal=False)) as log:
        progress = Progress("read", 0, "customers", clock=count(step=25).__next__)
        for _ in range(6):
            progress.step()

    assert log.getvalue().splitlines() == ["  read      3 customers", "  read      6 customers"]


def test_the_last_word_has_the_seconds_and_none_of_it_is_printed_for_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with redirect_stderr(Screen(is_terminal=False)) as log:
        progress = Progress("read", 0, "customers", clock=count().__next__)
        progress.step(5)
        progress.done()

    assert log.getvalue() == "  read      5 customers in 2.0 s\n"
    assert capsys.readouterr().out == ""


def test_what_cannot_be_counted_is_said_when_it_begins_while_it_lasts_and_when_it_is_over() -> None:
    with redirect_stderr(Screen(is_terminal=False)) as log, during("drawing", "the page", 0.01):
        while log.getvalue().count("\n") < 3:
            time.sleep(0.01)

    first, second, *_, last = log.getvalue().splitlines()
    assert first == "  drawing   the page"
    assert re.fullmatch(r"  drawing   the page, for \d+ s", second)
    assert re.fullmatch(r"  drawing   the page took \d+\.\d s", last)


def test_a_step_that_fails_leaves_no_word_of_having_been_done() -> None:
    with redirect_stderr(Screen(is_terminal=False)) as log:  # noqa: SIM117 - it outlives the error
        with pytest.raises(ValueError, match="no"), during("drawing", "the page"):
            raise ValueError("no")

    assert log.getvalue() == "  drawing   the page\n"


def test_what_is_said_of_it_may_change_meanwhile() -> None:
    found = ["1 of 2"]
    with redirect_stderr(Screen(is_terminal=False)) as log, during("sending", lambda: found[-1]):
        found.append("2 of 2")

    first, last = log.getvalue().splitlines()
    assert first == "  sending   1 of 2"
    assert re.fullmatch(r"  sending   2 of 2 took \d+\.\d s", last)
