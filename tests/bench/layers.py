"""Build a layer as `make build` does: for AWS, or for this machine."""

import os
import subprocess
import sys
from pathlib import Path

from tests.local_stack.places import ROOT

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"


def build_layer(artifacts: Path, *, for_this_machine: bool, name: str = "RuntimeLayer") -> Path:
    """Return the folder that would lie in a function's /opt; for this machine it has .pyc files."""
    ours = {"PYV": HERE, "PLAT": "", "COMPILER": sys.executable} if for_this_machine else {}
    subprocess.run(  # noqa: S603
        ["make", "-C", "shared", f"build-{name}", f"ARTIFACTS_DIR={artifacts}"],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "PIP": f"{sys.executable} -m pip", **ours},
        check=True,
        capture_output=True,
    )
    return artifacts


def size(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
