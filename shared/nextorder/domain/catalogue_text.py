"""The text of a catalogue, with other segments switched on."""

import re
from collections.abc import Iterable
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
    table = ""
    lines = []
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            words = line.strip().removeprefix("[").partition("]")[0].split(".")
            table = ":".join(word.strip(" \"'") for word in words)
        lines.append(_SWITCH.sub(rf"\g<1>{str(chosen.on(table)).lower()}", line))
    return "".join(lines)
