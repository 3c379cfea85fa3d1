"""The text of a catalogue: other segments switched on, and what a later release has added."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final, Literal

from nextorder.domain.catalogue import parse_catalogue

_SWITCH: Final = re.compile(r"^(\s*on\s*=\s*)(true|false)\b")


def switched(text: str, names: Iterable[str] | Literal["all"]) -> str:
    """
    Return the text in which exactly these segments are on, as `Catalogue.with_on` would have them.

    Raises:
        BadSettings: A name is unknown, or there are too many.
    """
    chosen = parse_catalogue(text).with_on(names)
    return "".join(_switch(line, on=chosen.on(name)) for name, line in _named_lines(text))


def completed(text: str, release: str) -> str:
    """
    Return a pinned text with the tables that only `release` has, switched off.

    So a release with new segments reads what a shop has pinned before, and shows none of them.
    """
    known = {name for name, _ in _named_lines(text)} | {""}
    tables = groupby(_named_lines(release), key=lambda named: named[0])
    missing = ((_switch(line, on=False) for _, line in lines) for name, lines in tables if name not in known)
    return text + "".join("\n" + "".join(lines) for lines in missing)


def _named_lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield each line with the segment whose table it stands in; what is above all tables has no name."""
    name = ""
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            words = line.strip().removeprefix("[").partition("]")[0].split(".")
            name = ":".join(word.strip(" \"'") for word in words)
        yield name, line


def _switch(line: str, *, on: bool) -> str:
    return _SWITCH.sub(rf"\g<1>{str(on).lower()}", line)
