"""Lines of a file that is too large for memory, spread over many small files by what belongs together."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from nextorder.domain.imports import chunk_of

_BYTES_A_PART: Final = 1 << 23
_MOST_PARTS: Final = 256
"""As many files are open at once."""


class Spill:
    """
    Holds lines in a folder, sorted by kind and part.

    Args:
        folder: Empty, and the caller's to remove.
        size_bytes: About how much will come.
    """

    def __init__(self, folder: Path, size_bytes: int) -> None:
        self.parts = min(max(-(-size_bytes // _BYTES_A_PART), 1), _MOST_PARTS)
        self.counts = Counter[str]()
        self._folder = folder
        self._files: dict[tuple[str, int], BinaryIO] = {}

    def add(self, kind: str, key: str, line: bytes) -> None:
        """Put a line, with its end, to the others of its kind and key."""
        part = chunk_of(key, self.parts)
        file = self._files.get((kind, part))
        if file is None:
            file = self._files[kind, part] = self._path(kind, part).open("wb")
        file.write(line)
        self.counts[kind] += 1

    def close(self) -> None:
        """Write all out; nothing can be added any more."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def lines(self, kind: str, part: int) -> Iterator[bytes]:
        """Yield the lines of a part in the order in which they came."""
        path = self._path(kind, part)
        if path.exists():
            with path.open("rb") as file:
                yield from file

    def _path(self, kind: str, part: int) -> Path:
        return self._folder / f"{kind}-{part}"
