"""A merchant's TOML file, able to say on which line something is wrong."""

import tomllib
from decimal import Decimal
from typing import Any

from nextorder.domain.errors import BadSettings


class Declared:
    """
    The parsed text of one file.

    Args:
        text: TOML.
        what: What the file is called in an error.
        exact: Whether numbers with a point become Decimal, as they are written, and not float.

    Raises:
        BadSettings: It is no TOML; the message names the line.

    """

    def __init__(self, text: str, what: str, *, exact: bool = False) -> None:
        self._what = what
        self._lines = text.splitlines()
        try:
            self.tables: dict[str, Any] = tomllib.loads(text, parse_float=Decimal if exact else float)
        except tomllib.TOMLDecodeError as wrong:
            raise BadSettings(f"{what}: {wrong}") from None

    def wrong(self, name: str, key: str, reason: str, *, nth: int = 0, item: str = "") -> BadSettings:
        """
        Name the line of the key, or of its table where the key is missing.

        Args:
            name: The table, as `family:value`, or empty for what stands above all tables.
            key: May be empty: the table itself is wrong.
            reason: What is wrong.
            nth: Of tables that repeat, [[name]], which; from 0.
            item: Of a list over several lines, what stands on the line that is meant.

        """
        family, _, value = name.partition(":")
        heads = [n for n, line in enumerate(self._lines, 1) if name and _is_head(line, family, value)]
        head = heads[nth] if nth < len(heads) else 0
        number = (key and self._line_of(key, head, item)) or head
        label = f"{name}{'.' if name and key else ''}{key}"
        return BadSettings(f"{self._what}{f' line {number}' if number else ''}: {label}: {reason}")

    def _line_of(self, key: str, head: int, item: str) -> int:
        """Return the line of a key of the table whose head is given, or of an item below; 0 without one."""
        found = 0
        for number, line in enumerate(self._lines[head:], head + 1):
            if line.startswith("["):
                break
            if not found and line.split("=")[0].strip(" \"'") == key:
                found = number
            if found and (not item or item in line):
                return number
        return found


def _is_head(line: str, family: str, value: str) -> bool:
    """Whether a line opens the table; without a value also any other table of the family."""
    words = [word.strip(" \"'") for word in line.strip().lstrip("[").partition("]")[0].split(".")]
    return line.startswith("[") and words[0] == family and (not value or ":".join(words[1:]) == value)
