"""The file of what an import could not use, each line with the reason."""

import json
import os
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from nextorder.domain.imports import Reject
from nextorder.domain.phrases import counted


class Rejects:
    """Writes refused lines; without any there is no file, and nobody else may read it: it names persons."""

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
            lines = counted(self.count, "line")
            print(f"  refused   {lines}, kept with their reasons in {self._path}")

    def add(self, one: Reject) -> None:
        """Write one down."""
        self._file = self._file or _for_me_alone(self._path)
        row = {"line": one.id, "reason": one.reason, "text": one.text}
        self._file.write(json.dumps(row, ensure_ascii=False) + "\n")
        self.count += 1


def _for_me_alone(path: Path) -> TextIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")
