"""Cut an export into chunks: every line to the chunk of its order, customer or product."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from nextorder.domain.errors import BadPayload, RetryLater
from nextorder.domain.imports import Cut, Part, chunk_of
from nextorder.use_cases.import_store import Course

MOST_BYTES: Final = 32 * 2**20
"""Held in memory before it is written: however long the export is."""
_LINES_A_LOOK: Final = 2_000
"""At the clock."""


@dataclass(slots=True)
class _Buffers:
    chunks: int
    lines: dict[int, list[bytes]] = field(default_factory=lambda: defaultdict(list))
    size: int = 0
    count: int = 0

    def add(self, root: str, line: bytes) -> None:
        self.lines[chunk_of(root, self.chunks)].append(line if line.endswith(b"\n") else line + b"\n")
        self.size += len(line)
        self.count += 1


def cut(course: Course, name: str, *, root_of: Callable[[bytes], str], has_time: Callable[[], bool]) -> bool:
    """
    Cut a part, from the byte on at which it was left; tell whether its end is reached.

    What is cut is written and noted every 32 MiB, and when time or the connection ends: who is
    killed cuts that much again, into the same files.

    Raises:
        RetryLater: The connection ended; what came before is noted.
    """
    held = course.now()
    part = next(part for part in held.parts if part.name == name)
    now = course.files.cut(name)
    buffers = _Buffers(held.chunks(part.kind))
    reached = now.offset
    try:
        lines = () if now.is_done else course.exports.lines(course.shop, part.operation, now.offset)
        for line, after in lines:
            buffers.add(_root(line, root_of), line)
            reached = after
            if buffers.size >= MOST_BYTES:
                now, buffers = _written(course, part, buffers, now, reached), _Buffers(buffers.chunks)
            if not buffers.count % _LINES_A_LOOK and not has_time():
                _written(course, part, buffers, now, reached)
                return False
    except RetryLater:
        _written(course, part, buffers, now, reached)
        raise
    _written(course, part, buffers, now, reached, is_done=True)
    return True


def _root(line: bytes, root_of: Callable[[bytes], str]) -> str:
    """Of a line that cannot be read the chunk says so, with everything else that is refused."""
    try:
        return root_of(line)
    except BadPayload:
        return ""


def _written(
    course: Course, part: Part, buffers: _Buffers, before: Cut, reached: int, *, is_done: bool = False
) -> Cut:
    """Write what is held, then how far that is; a piece is named by the byte that it begins at."""
    for number, lines in buffers.lines.items():
        course.files.add(part.kind, number, f"{part.name}-{before.offset}", lines)
    now = Cut(offset=reached, is_done=is_done)
    course.files.save_cut(part.name, now)
    return now
