"""Find a Chromium for the tests that look at the page, or install Debian's; print where it is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

VARIABLE: Final = "CHROMIUM"
NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC: Final = tuple(
    f"{root}/Applications/{name}.app/Contents/MacOS/{name}"
    for root in ("", str(Path.home()))
    for name in ("Google Chrome", "Chromium")
)
WINDOWS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
"""Variables that name the folders in which Chrome may be."""
NONE_FOUND: Final = (
    f"no Chromium was found: install one, or name it in {VARIABLE}; without, tests run with "
    "-m 'not proof and not browser'"
)


def find(
    environment: Mapping[str, str] = os.environ,
    which: Callable[[str], str | None] = shutil.which,
    is_there: Callable[[Path], bool] = Path.is_file,
) -> Path | None:
    """Return the browser that is named, or else the first of the usual ones that is there."""
    if named := environment.get(VARIABLE):
        return Path(named) if is_there(Path(named)) else None
    found = next((path for name in NAMES if (path := which(name))), None)
    if found:
        return Path(found)
    return next((path for path in _usual(environment) if is_there(path)), None)


def _usual(environment: Mapping[str, str]) -> Iterator[Path]:
    yield from map(Path, MAC)
    for variable in WINDOWS:
        if root := environment.get(variable):
            yield Path(root) / "Google" / "Chrome" / "Application" / "chrome.exe"


def install() -> bool:
    """Install Debian's own browser, where that is possible: as root, with apt-get; 15 seconds."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    print("installing chromium ...", file=sys.stderr, flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "--yes", "--no-install-recommends", "chromium"]):
        done = subprocess.run(["apt-get", "-qq", *command], env=quiet, stdout=subprocess.DEVNULL, check=False)  # noqa: S603, S607
        if done.returncode:
            return False
    return True


def main() -> int:
    """Print where it is; say so where there is none."""
    # a name that leads nowhere is a mistake to be told, not to be mended
    path = find() or (VARIABLE not in os.environ and install() and find())
    if not path:
        print(f"the tests in a browser are left out: {NONE_FOUND}", file=sys.stderr)
        return 1
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
