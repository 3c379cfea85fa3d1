"""Failures on demand: which request fails, how, and how many times."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any


class Silence(Enum):
    """Ways of giving no proper answer, and whether the work is done all the same."""

    NONE = "none"
    TIMEOUT_BEFORE = "timeout_before"
    TIMEOUT_AFTER = "timeout_after"
    DROP_BEFORE = "before"
    DROP_AFTER = "after"
    HALF = "half"

    @property
    def after_the_write(self) -> bool:
        """Whether the platform did what was asked."""
        return self in {Silence.TIMEOUT_AFTER, Silence.DROP_AFTER, Silence.HALF}

    @property
    def hangs(self) -> bool:
        """Whether the connection stays open until the client loses patience."""
        return self in {Silence.TIMEOUT_BEFORE, Silence.TIMEOUT_AFTER}


@dataclass(slots=True, kw_only=True)
class Fault:
    """One failure, for the next `times` requests whose path or operation matches."""

    match: re.Pattern[str]
    status: int | None = None
    throttled: bool = False
    silence: Silence = Silence.NONE
    retry_after: float | None = None
    times: int = 1
    skip: int = 0
    """Matching requests that pass unharmed first."""

    @property
    def refuses(self) -> bool:
        """Whether the platform answers, with a no."""
        return self.status is not None or self.throttled

    @property
    def name(self) -> str:
        """How it is called in the log."""
        return "throttled" if self.throttled else str(self.status or self.silence.value)

    def hits(self, path: str, operations: Iterable[str]) -> bool:
        """Tell whether this request is meant."""
        return any(self.match.search(name) for name in (path, *operations))


KEYS = {"match", "status", "throttled", "timeout_before", "timeout_after", "drop_connection"} | {
    "retry_after",
    "times",
    "skip",
}


def read_fault(document: Mapping[str, Any]) -> Fault:
    """
    Read {match, one of status | throttled | timeout_before | timeout_after | drop_connection, ...}.

    `drop_connection` is "before" or "after" the work is done, or "half" (of the answer is sent).

    Raises:
        ValueError: An unknown key, or not exactly one way to fail.
    """
    if unknown := set(document) - KEYS:
        raise ValueError(f"unknown keys: {sorted(unknown)}")
    ways = [way for way in ("timeout_before", "timeout_after") if document.get(way)]
    if drop := document.get("drop_connection"):
        ways.append("before" if drop is True else str(drop))
    refuses = [key for key in ("status", "throttled") if document.get(key)]
    if len(ways) + len(refuses) != 1:
        raise ValueError(
            "give exactly one of status, throttled, timeout_before, timeout_after, drop_connection"
        )
    return Fault(
        match=re.compile(document.get("match", "")),
        status=document.get("status"),
        throttled=bool(document.get("throttled")),
        silence=Silence(ways[0]) if ways else Silence.NONE,
        retry_after=document.get("retry_after"),
        times=int(document.get("times", 1)),
        skip=int(document.get("skip", 0)),
    )


class Faults:
    """The failures still to come, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Take one more."""
        self._faults.append(read_fault(document))
        return {"waiting": len(self._faults)}

    @property
    def will_hang(self) -> bool:
        """Whether one of them is to leave a client without an answer for ever."""
        return any(fault.silence.hangs for fault in self._faults)

    def clear(self) -> None:
        """Fail no more."""
        self._faults.clear()

    def next_for(self, path: str, operations: Iterable[str]) -> Fault | None:
        """Take the failure that is meant for this request, if there is one."""
        names = list(operations)
        for fault in self._faults:
            if not fault.hits(path, names):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
            return fault
        return None
