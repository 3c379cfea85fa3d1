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
LARGEST_WITH_TWO = 240 * MEBIBYTE
"""Of a function with two layers, both together; AWS takes 250 unzipped."""
HEAVY = ["numpy", "pandas", "scipy", "sklearn", "joblib", "altair", "nextorder.training", "nextorder.report"]
SHOW_OPENMP = """
import json, sys
sys.path[:0] = sys.argv[1:]
import nextorder.training.retrain
with open("/proc/self/maps") as maps:
    print(json.dumps(sorted({line.split()[-1] for line in maps if "gomp" in line})))
"""
SHOW_HEAVY = "import handler, json, sys; print(json.dumps([m for m in sys.argv[1:] if m in sys.modules]))"


START = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path)
"""


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runtime layer."""
    return built("RuntimeLayer", tmp_path_factory.mktemp("layer"))


def built(name: str, artifacts: Path, *settings: str) -> Path:
    """Build a layer as `make build` does, for AWS unless told otherwise."""
    subprocess.run(  # noqa: S603
        ["make", "-C", "shared", f"build-{name}", f"ARTIFACTS_DIR={artifacts}", *settings],  # noqa: S607
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


def test_every_handler_starts_on_what_the_layer_has(layer: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", START, *(path / "handler.py" for path in FUNCTIONS)],
        env={**surroundings(), "PYTHONPATH": str(layer / "python")},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr


def test_the_training_layer_fits_beside_the_runtime_layer(layer: Path, tmp_path: Path) -> None:
    training = built("TrainingLayer", tmp_path)

    assert (training / "lib" / "libgomp.so.1").exists()
    assert size(training) + size(layer) <= LARGEST_WITH_TWO


def test_the_report_layer_fits_beside_the_runtime_layer(layer: Path, tmp_path: Path) -> None:
    report = built("ReportLayer", tmp_path)

    assert {path.name for path in (report / "python").iterdir()} >= {"altair", "jinja2", "vl_convert"}
    assert size(report) + size(layer) <= LARGEST_WITH_TWO


@pytest.mark.proof
def test_training_needs_nothing_but_its_layers_and_the_openmp_that_they_bring(tmp_path: Path) -> None:
    """Built for this machine; no site-packages are searched, and /opt/lib first, as in a Lambda."""
    here = f"PYV={sys.version_info.major}.{sys.version_info.minor}"
    training = built("TrainingLayer", tmp_path, here, "PLAT=")
    bare = Path(sys.base_prefix) / "bin" / f"python{here.removeprefix('PYV=')}"

    done = subprocess.run(  # noqa: S603
        [bare, "-I", "-S", "-c", SHOW_OPENMP, training / "python", ROOT / "shared"],
        env={"LD_LIBRARY_PATH": str(training / "lib"), "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert str(training / "lib" / "libgomp.so.1") in json.loads(done.stdout)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda path: path.name)
def test_a_handler_starts_without_anything_heavy(function: Path) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", SHOW_HEAVY, *HEAVY],
        cwd=function,
        env=surroundings(),
        check=False,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []


def surroundings() -> dict[str, str]:
    """Return the environment of a function."""
    return {**template_variables(), "PATH": os.environ["PATH"], "AWS_DEFAULT_REGION": "us-east-1"}


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
