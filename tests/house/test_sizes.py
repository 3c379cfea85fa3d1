"""Size gates: what the online path ships and what it imports."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FUNCTIONS = sorted(path.parent for path in (ROOT / "functions").glob("*/handler.py"))
MEBIBYTE = 2**20
LARGEST_ONLINE = 15 * MEBIBYTE
HEAVY = ["numpy", "pandas", "scipy", "sklearn", "joblib", "nextorder.training"]
SHOW_HEAVY = "import handler, json, sys; print(json.dumps([m for m in sys.argv[1:] if m in sys.modules]))"


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the runtime layer as `make build` does, for AWS."""
    artifacts = tmp_path_factory.mktemp("layer")
    subprocess.run(  # noqa: S603
        ["make", "-C", "shared", "build-RuntimeLayer", f"ARTIFACTS_DIR={artifacts}"],  # noqa: S607
        cwd=ROOT,
        env={**os.environ, "PIP": f"{sys.executable} -m pip"},
        check=True,
        capture_output=True,
    )
    return artifacts


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda path: path.name)
def test_layer_and_function_stay_small(layer: Path, function: Path) -> None:
    assert size(layer) + size(function) <= LARGEST_ONLINE


def test_the_layer_has_what_the_functions_import(layer: Path) -> None:
    shipped = {path.name for path in (layer / "python").iterdir()}

    assert shipped >= {"nextorder", "aws_lambda_powertools", "requests", "tzdata"}
    assert not shipped & {"boto3", "numpy"}
    assert (layer / "python" / "nextorder" / "bundled" / "prior.json").exists()


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda path: path.name)
def test_a_handler_starts_without_anything_heavy(function: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SHOW_HEAVY, *HEAVY],
        cwd=function,
        env={**template_variables(), "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def template_variables() -> dict[str, str]:
    """Return every variable that the template gives to any function; a resource becomes a stand-in."""
    template = (ROOT / "template.yaml").read_text()
    named = re.findall(r"^ {8,}([A-Z_]{4,}): (.+)$", template, re.MULTILINE)
    unset = set(re.findall(r'^  (\w+):\n    Type: String\n    Default: ""$', template, re.MULTILINE))
    return {name: _value(given, unset) for name, given in named}


def _value(given: str, unset: set[str]) -> str:
    if given.removeprefix("!Ref ") in unset:
        return ""
    return "https://example.com/x" if given.startswith("!") else given
