"""The commands that README.md and docs/ tell somebody to type."""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from nextorder.cli.main import parser

ROOT: Final = Path(__file__).resolve().parents[2]
PAGES: Final = {path.name: path.read_text() for path in sorted((ROOT / "docs").glob("*.md"))}
ALL: Final = {
    **{f"docs/{name}": text for name, text in PAGES.items()},
    "README.md": (ROOT / "README.md").read_text(),
}
VERBS: Final = frozenset(
    name
    for action in parser()._actions  # noqa: SLF001 - argparse lists its commands nowhere else
    if isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
    for name in action.choices
)


def commands(text: str) -> Iterator[str]:
    """
    Yield whole commands, between backticks or in lines of their own; what the shell adds aside.

    After the first of a paragraph the word `nextorder` is often left out: `catalogue check FILE`.
    """
    shown = re.findall(r"`(?:\.venv/bin/)?nextorder ([^`]+)`", text)
    alone = re.findall(r"^    (?:\.venv/bin/)?nextorder (.+)$", text, re.MULTILINE)
    short = [one for one in re.findall(r"`([a-z-]+ [^`\n]+)`", text) if one.split()[0] in VERBS]
    yield from (re.split(r"\s+[#>]", one)[0] for one in (*shown, *alone, *short))


COMMANDS: Final = sorted({(page, one) for page, text in ALL.items() for one in commands(text)})
