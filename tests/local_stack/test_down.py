"""`make down` says what it does, and leaves nothing of `make up`."""

import subprocess
import time
from pathlib import Path

import pytest

from tests.local_stack import down, running
from tests.local_stack.places import PYTHON


def test_what_was_left_running_is_ended_and_its_folder_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("LOCAL", "LOCK", "PROCESSES", "ENDPOINTS", "SHELL"):
        monkeypatch.setattr(running, name, tmp_path / name)
    folder = tmp_path / "unpacked"
    folder.mkdir()
    lock = running.lock()
    assert lock
    with lock:
        sleeper = subprocess.Popen(  # noqa: S603
            [PYTHON, "-c", "import time; time.sleep(60)"], start_new_session=True, pass_fds=(lock.fileno(),)
        )
    running.record([sleeper.pid], str(folder))

    assert down.main() == 0

    assert sleeper.wait() < 0
    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not folder.exists()
    begun, ended = capsys.readouterr().out.splitlines()
    assert begun == "ending what `make up` left running ..."
    assert ended == f"down; its {folder} is removed in the background"
    assert down.main() == 0
    assert capsys.readouterr().out == "nothing is up\n"
