"""What is installed is pinned, hashed, and the same everywhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ["shared/requirements", "shared/requirements-training", "shared/requirements-report"]
LISTS = [*SHIPPED, "requirements-dev", "requirements-sam", "requirements-ministack"]


def pins(name: str) -> dict[str, set[str]]:
    """Return each package's versions; a fork by Python version has two."""
    found: dict[str, set[str]] = {}
    for package, version in re.findall(
        r"^([\w.-]+)==([\w.]+)", (ROOT / f"{name}.txt").read_text(), re.MULTILINE
    ):
        found.setdefault(package, set()).add(version)
    return found


@pytest.mark.parametrize("name", LISTS)
def test_every_line_is_a_pin_or_a_hash(name: str) -> None:
    text = (ROOT / f"{name}.txt").read_text()
    entries = [entry for entry in re.split(r"\n(?=\S)", text) if not entry.startswith("#")]

    assert entries
    assert all(re.match(r"[\w.-]+==\S+ .*--hash=sha256:", entry, re.DOTALL) for entry in entries)


@pytest.mark.parametrize("name", SHIPPED)
def test_tests_run_on_the_versions_that_are_deployed(name: str) -> None:
    tested, deployed = pins("requirements-dev"), pins(name)

    assert {package: tested.get(package) for package in deployed} == deployed


def test_nothing_beside_the_local_aws_hides_a_dependency_missing_from_the_layer() -> None:
    asked = re.findall(r"^[\w-]+", (ROOT / "shared" / "requirements.in").read_text(), re.MULTILINE)

    assert asked
    assert not set(asked) & set(pins("requirements-ministack"))
