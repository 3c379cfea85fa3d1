"""`make up` that is interrupted says so, and leaves nothing."""

from pathlib import Path

import pytest

from tests.local_stack import processes, running, up


def test_who_stops_it_is_told_that_nothing_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LOCAL", "LOCK", "PROCESSES", "ENDPOINTS", "SHELL"):
        monkeypatch.setattr(running, name, tmp_path / name)
    monkeypatch.setattr(processes, "LOCAL", tmp_path)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(up, "start", stop)

    assert up.main("") == 130
    assert capsys.readouterr().err == "\nstopped; everything it started is ended\n"


def test_a_store_that_there_is_not_is_answered_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert up.main("full") == 2
    assert "no store full: `make up STORE=sample`" in capsys.readouterr().err
