"""Store one chunk of an export: join its lines, read them as webhooks' bodies, keep the facts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nextorder.domain.errors import BadPayload
from nextorder.domain.imports import Kind, Reject
from nextorder.domain.messages import Reading
from nextorder.use_cases.import_facts import History
from nextorder.use_cases.import_store import Course

Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """What the platform's lines mean."""

    joined: Callable[[Iterable[bytes]], tuple[Sequence[Node], Sequence[Reject]]]
    """Lines -> whole nodes, and what is none."""
    completed: Callable[[Sequence[Node]], Iterable[Node]]
    """Asks for what an export cannot give."""
    readings: Callable[[Node], Sequence[Reading]]


def store_chunk(
    course: Course, kind: Kind, number: int, *, reader: Reader, store: Callable[[History], None]
) -> None:
    """
    Store a chunk's facts; safe to repeat, and a chunk that is stored is not looked at again.

    What cannot be used is set aside with its reason and counted.
    """
    if course.files.is_done(kind, number):
        return
    nodes, rejects = reader.joined(course.files.lines(kind, number))
    history, refused = History(), list(rejects)
    for node in reader.completed(nodes):
        try:
            for reading in reader.readings(node):
                history.add(reading)
        except BadPayload as error:
            refused.append(Reject(id=str(node.get("id", "")), reason=str(error)))
    store(history)
    course.files.close(kind, number, len(nodes) - (len(refused) - len(rejects)), refused)
