"""An alarm in plain words: which shops it concerns, what happened, and what to do."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.phrases import counted

LONGEST_SUBJECT: Final = 99
"""NOTE: of Amazon SNS, which takes ASCII only, "less than 100 characters"."""
STANDS_AFTER: Final = timedelta(hours=12)
"""Before that its first mail is news."""
MOST_SEEN: Final = 1_000
"""So many messages or lines of the log are looked at for an alarm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One that went off; its description says first what happened, and then what to do."""

    name: str
    stack: str
    description: str
    since: datetime
    looks_at_seconds: int
    """How long a stretch it judges at a time."""
    letters: str = ""
    """Name of the queue, if it counts dead letters."""

    @property
    def function(self) -> str:
        """Whose log tells more, by the name in the template; empty = any."""
        named = re.search(r"\blog of (\w+)", self.description)
        return named[1] if named else ""

    def stands(self, as_of: datetime) -> bool:
        """Whether it is told once more: CloudWatch tells of an alarm once, whatever shops it spreads to."""
        return as_of - self.since >= STANDS_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """What is known of the shops that an alarm concerns."""

    seen: Counter[str]
    """Messages or lines of the log by shop; the empty name = those that name none."""
    connected: Sequence[str]

    @property
    def shops(self) -> Sequence[str]:
        """Name those it concerns, most first; none = that cannot be told."""
        named = [shop for shop, _ in sorted(self.seen.items(), key=lambda one: (-one[1], one[0])) if shop]
        return named or (self.connected if len(self.connected) == 1 else ())


def subject(alarm: Alarm, concerned: Concerned) -> str:
    """Begin with the shop, and say what happened."""
    what = alarm.description.partition(".")[0]
    return subject_line(_who(concerned), what[:1].lower() + what[1:])


def subject_line(who: str, what: str) -> str:
    """Return a subject that SNS takes."""
    line = f"{who}: {what}".encode("ascii", "replace").decode()
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 3]}..."


def message(alarm: Alarm, concerned: Concerned) -> str:
    """Return the mail's text."""
    shops = "\n".join(_shops(alarm, concerned))
    since = f"Since {alarm.since:%Y-%m-%d %H:%M} UTC, in the stack {alarm.stack}; the alarm is {alarm.name}."
    return f"{alarm.description}\n\n{shops}\n\n{since} It is told again each day while it lasts."


def _who(concerned: Concerned) -> str:
    match concerned.shops:
        case [shop]:
            return shop
        case [first, *others]:
            return f"{first} and {len(others)} more"
    return f"one of {len(concerned.connected)} shops" if concerned.connected else "Nextorder"


def _shops(alarm: Alarm, concerned: Concerned) -> Iterator[str]:
    unit = ("message",) if alarm.letters else ("line of the log", "lines of the log")
    if any(concerned.seen):
        yield "It concerns:"
        yield from (f"  {shop}: {counted(concerned.seen[shop], *unit)}" for shop in concerned.shops)
        if concerned.seen[""]:
            yield f"  of no shop that could be told: {counted(concerned.seen[''], *unit)}"
        if concerned.seen.total() >= MOST_SEEN:
            yield f"No more than {MOST_SEEN:,} were looked at."
    elif concerned.shops:
        yield f"It concerns {concerned.shops[0]}, the only shop of the stack."
    elif concerned.connected:
        yield "Which shop it concerns could not be told; it is one of these, or more:"
        yield from (f"  {shop}" for shop in concerned.connected)
    else:
        yield "Which shop it concerns could not be told."
