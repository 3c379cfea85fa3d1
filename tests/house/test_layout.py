"""The house keeps its own rules: every function has its place, its event and its test."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATE = (ROOT / "template.yaml").read_text()
FUNCTIONS = sorted(path.parent.name for path in (ROOT / "functions").glob("*/handler.py"))
SOURCES = sorted(
    path
    for folder in ("shared/nextorder", "functions", "tests", "samples", "models")
    for path in (ROOT / folder).rglob("*.py")
)
LONGEST_FILE = 300


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_a_resource_an_event_and_a_test(function: str) -> None:
    assert f"CodeUri: functions/{function}/" in TEMPLATE
    assert list((ROOT / "events").glob(f"{function}*")), "no event starts with its name"
    assert list((ROOT / "tests" / "functions").glob(f"test_{function}*.py"))


def test_every_function_in_the_template_has_a_folder() -> None:
    assert set(re.findall(r"CodeUri: functions/(\w+)/", TEMPLATE)) == set(FUNCTIONS)


def test_no_file_is_too_long_to_be_read_at_once() -> None:
    long = {path.relative_to(ROOT): lines for path in SOURCES if (lines := _lines(path)) > LONGEST_FILE}

    assert not long


def _lines(path: Path) -> int:
    return path.read_text().count("\n")
