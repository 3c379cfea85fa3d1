"""Import a whole store in the cloud: what is asked of the platform, cut into chunks, stored, scored."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from nextorder.domain.errors import NeedsHuman, Refused, RetryLater, VersionConflict
from nextorder.domain.imports import (
    ATTEMPTS,
    PHASES,
    ImportRun,
    Kind,
    Part,
    Progress,
    Stage,
    parts_of,
    segments_for,
    wait_seconds,
)
from nextorder.ports.imports import Exports, ImportFiles, Imports

_OURS: Final = frozenset(
    {"NeedsHuman", "AccessDenied", "Refused", "RetryLater", "OutcomeUnknown", "SomeFailed"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One run of one shop's import, and what it reads and writes."""

    shop: str
    run: str
    runs: Imports
    exports: Exports
    files: ImportFiles

    def now(self) -> ImportRun:
        """
        Return where the run stands.

        Raises:
            Refused: Another one has taken its place.
        """
        held = self.runs.load(self.shop)
        if held is None or held.run != self.run:
            raise Refused("import-superseded", "another import of the shop was begun since")
        return held

    def move(self, held: ImportRun, **changes: Any) -> ImportRun:
        """
        Write where it stands now.

        Raises:
            VersionConflict: Somebody else moved it.
        """
        then: ImportRun = replace(held, **changes)
        if then != held and not self.runs.save(self.shop, then, replaces=held):
            raise VersionConflict("the import moved on")
        return then


def ask(shop: str, *, runs: Imports, as_of: datetime) -> ImportRun:
    """
    Return the run that is under way, or write down a new one.

    Raises:
        RetryLater: Somebody else asked for one in this very moment.
    """
    held = runs.load(shop)
    if held and not held.is_over:
        return held
    asked = ImportRun(run=f"import-{as_of:%Y%m%dT%H%M%S}", started_at=as_of)
    if not runs.save(shop, asked, replaces=held):
        raise RetryLater("another import was begun in this moment: run the command again to follow it")
    return asked


def attempt(course: Course, step: Callable[[], Any], as_of: datetime) -> Any:
    """
    Take a step, and write down at once why it did not come through: whoever follows reads it there.

    What a human has to mend ends the run; the state machine's further tries find it over.

    Raises:
        Refused: The run has failed already.
        NextorderError: Whatever the step raises.
    """
    held = course.now()
    if held.stage is Stage.ENDED:
        return None
    if held.stage is Stage.FAILED:
        raise Refused("import-over", held.failure)
    try:
        answer = step()
    except (NeedsHuman, Refused) as error:
        _give_up(course, str(error), as_of)
        raise
    except RetryLater as error:
        _note(course, str(error))
        raise
    _note(course, "")
    return answer


def _note(course: Course, trouble: str) -> None:
    held = course.now()
    # of several at once one is noted: that is enough to be told
    with suppress(VersionConflict):
        course.move(held, trouble=trouble)


def begin(course: Course, as_of: datetime) -> None:
    """Find out how much there is, and end what an earlier run of ours left under way."""
    held = course.now()
    if held.parts:
        return
    course.exports.cancel_others(course.shop, course.run)
    extent = course.exports.extent(course.shop)
    parts = parts_of(extent.orders, extent.first, as_of)
    course.move(held, parts=parts, stage=Stage.EXPORTING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a look at the exports showed."""

    is_ready: bool
    wait_seconds: int = 0
    parts: tuple[str, ...] = ()
    """With something in them."""


def follow(course: Course, as_of: datetime) -> Followed:
    """
    Begin the operations for which there is a place, look at those under way; safe to repeat.

    An operation that was begun and not written down is found by its mark. One that failed is
    begun anew, three times in all.

    Raises:
        Refused: A part failed again and again.
    """
    held = course.now()
    known: Mapping[str, str] = {}
    if any(not part.operation for part in held.parts):
        known = course.exports.own(course.shop, course.run)
    # each is written down at once: who is killed in between begins none twice
    for number, part in enumerate(held.parts):
        if not part.is_ready:
            then = _looked_at(_begun(part, course, known), course)
            parts = (*held.parts[:number], then, *held.parts[number + 1 :])
            held = course.move(held, parts=parts)
    if not all(part.is_ready for part in held.parts):
        return Followed(is_ready=False, wait_seconds=wait_seconds(as_of - held.started_at))
    _plan(course, held)
    course.move(held, stage=Stage.CUTTING, segments=segments_for(held.roots(Kind.CUSTOMERS)))
    return Followed(is_ready=True, parts=tuple(part.name for part in held.parts if not part.is_empty))


def _begun(part: Part, course: Course, known: Mapping[str, str]) -> Part:
    if part.operation:
        return part
    mark = course.exports.mark(course.run, part)
    operation = known.get(mark) or course.exports.begin(course.shop, course.run, part)
    return replace(part, operation=operation or "")


def _looked_at(part: Part, course: Course) -> Part:
    if not part.operation:
        return part
    export = course.exports.look(course.shop, part.operation)
    if export.progress is not Progress.FAILED:
        is_ready = export.progress is Progress.READY
        return replace(part, roots=export.roots, is_ready=is_ready, is_empty=is_ready and export.is_empty)
    if part.attempt == ATTEMPTS:
        raise Refused("shopify-bulk-failed", f"{part.name}: {export.why}")
    return replace(part, operation="", attempt=part.attempt + 1, roots=0)


def _plan(course: Course, held: ImportRun) -> None:
    for phase, kinds in enumerate(PHASES):
        chunks = [(kind, number) for kind in kinds for number in range(held.chunks(kind))]
        # a list that is empty may not be a list to every map: an empty chunk is nothing to store
        course.files.plan(phase, chunks or [(kinds[0], 0)])


def storing_begins(course: Course) -> None:
    """Note that everything is cut."""
    course.move(course.now(), stage=Stage.STORING)


def training_begins(course: Course, take_waiting: Callable[[], None]) -> None:
    """Tie loose ends once all facts are there."""
    take_waiting()
    course.move(course.now(), stage=Stage.TRAINING)


def scoring_begins(course: Course) -> Sequence[Mapping[str, int]]:
    """Return the segments in which everyone is scored."""
    held = course.move(course.now(), stage=Stage.SCORING)
    return [{"number": number, "of": held.segments} for number in range(held.segments)]


def publishing_begins(course: Course, destinations: Sequence[str]) -> Sequence[str]:
    """Note that everyone is scored; return where it goes."""
    course.move(course.now(), stage=Stage.PUBLISHING)
    return destinations


def end(course: Course, published: Sequence[Mapping[str, Any]], as_of: datetime) -> None:
    """
    Delete what was only there to be worked off, and say that it is over.

    `published` is what came of each destination; one that waits is no failure of the import.
    """
    course.files.drop_chunks()
    waiting = tuple(filter(None, map(_why_waiting, published)))
    course.move(course.now(), stage=Stage.ENDED, ended_at=as_of, unpublished=waiting)


def fail(course: Course, failed: Mapping[str, str], as_of: datetime) -> None:
    """Write down why it ended; what is stored stays, and the next import goes over it again."""
    _give_up(course, _said(failed), as_of)


def _give_up(course: Course, why: str, as_of: datetime) -> None:
    held = course.runs.load(course.shop)
    if held and held.run == course.run and not held.is_over:
        failure = f"{held.stage}: {why}"
        course.move(held, stage=Stage.FAILED, failure=failure, trouble="", ended_at=as_of)


def _why_waiting(published: Mapping[str, Any]) -> str:
    if failed := published.get("failed"):
        name, why = published["destination"], _said(failed)
        return why if why.startswith(name) else f"{name}: {why}"
    return str(published.get("waits", ""))


def _said(failed: Mapping[str, str]) -> str:
    """Return the message of an error of ours; of others, which may hold anything, only the name."""
    name, said = failed.get("Error", ""), failed.get("Cause", "")
    ours = re.search(r'"errorMessage": ?"([^"\\]*)"', said) if name in _OURS else None
    return ours[1] if ours else name
