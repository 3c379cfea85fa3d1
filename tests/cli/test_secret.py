"""A secret is asked for where nobody sees it, or not at all."""

import subprocess
import sys

ASK = "from nextorder.cli.secret import read_secret; read_secret('key', from_stdin=False, by='--key-stdin')"


def test_without_a_terminal_nothing_is_shown_as_it_is_typed_and_no_warning_is_printed() -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", ASK],
        input="hush-hush\n",
        capture_output=True,
        text=True,
        check=False,
        # no controlling terminal, as in a pipeline
        start_new_session=True,
    )

    assert done.returncode != 0
    assert "there is no terminal to ask for the key at: pass it with --key-stdin" in done.stderr
    assert not [word for word in ("hush-hush", "Can not control echo") if word in done.stdout + done.stderr]
