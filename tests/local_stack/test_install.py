"""Environments are made anew, but never somebody else's."""

from pathlib import Path

import pytest

from tests.local_stack.install import main


def test_what_a_link_leads_to_is_not_emptied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept.txt").write_text("kept")
    link = tmp_path / ".venv"
    link.symlink_to(theirs)

    assert main(str(link), "requirements.txt") == 1
    assert (theirs / "kept.txt").read_text() == "kept"
    assert "remove the link" in capsys.readouterr().err
