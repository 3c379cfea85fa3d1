"""The file of what an import could not use, each line with the reason."""

import json
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from nextorder.domain.imports import Reject


class Rejects:
    """Writes refused lines; without any there is no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: TextIO | None = None
        self.count = 0

    def __enter__(self) -> Self:
        """Begin; the file of an earlier import goes."""
        self._path.unlink(missing_ok=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file and say what is in it."""
        if self._file:
            self._file.close()
            print(f"  refused   {self.count} lines, kept with their reasons in {self._path}")

    def add(self, one: Reject) -> None:
        """Write one down."""
        self._file = self._file or self._path.open("w", encoding="utf-8")
        row = {"line": one.id, "reason": one.reason, "text": one.text}
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1
