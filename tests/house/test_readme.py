"""README.md leads to what there is; its commands are tested in test_docs.py."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
FIRST_SCREEN_LINES = 40
TARGETS = set(re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))


def test_the_first_screen_leads_to_the_demo() -> None:
    first_screen = "\n".join(README.splitlines()[:FIRST_SCREEN_LINES])

    assert "make demo" in first_screen
    assert "make test" in README


def test_every_make_target_it_names_exists() -> None:
    named = set(re.findall(r"`make ([a-z-]+)`|^\s*make ([a-z-]+)", README, re.MULTILINE))

    assert {target for pair in named for target in pair if target} <= TARGETS
