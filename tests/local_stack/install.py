"""Make one virtual environment from pinned, hashed requirements; runs on a bare Python."""

import subprocess
import sys
import time
import venv
from pathlib import Path

OLDEST_PYTHON = (3, 11)


def install(folder: Path, requirements: Path) -> None:
    """
    Make `folder` anew: what an older list had installed must not linger.

    The list is complete, so nothing is resolved again: what is installed is what was pinned.
    """
    venv.create(folder, clear=True, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "-qq"]
    subprocess.run([*pip, "install", "--no-deps", "--require-hashes", "-r", str(requirements)], check=True)  # noqa: S603
    subprocess.run([*pip, "check"], check=True)  # noqa: S603


def main(folder: str, requirements: str) -> int:
    """Return the exit status; say what is done and how long it took."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        print(f"Python 3.11 or newer is needed, this is {found}: choose one with PYTHON=...", file=sys.stderr)
        return 1

    if Path(folder).is_symlink():
        print(f"{folder} is a link: what it leads to would be emptied; remove the link", file=sys.stderr)
        return 1

    print(f"installing {folder} from {requirements} ...", flush=True)
    started = time.monotonic()
    try:
        install(Path(folder), Path(requirements))
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"installed {folder} in {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
