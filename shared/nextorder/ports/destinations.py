"""A place that shows verdicts, and what a publisher needs beside it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from nextorder.domain.capabilities import Capabilities
from nextorder.domain.changes import BulkJob, Change, Desired, Handed, Person
from nextorder.domain.health import Health
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A destination's yes, with its own id of the person when it has one."""

    remote_id: str = ""


Outcome = Delivered | Exception
"""What became of one change: a yes, or the error that `deliver` would raise."""


class Destination(Protocol):
    """
    A place that shows verdicts. Every call may be repeated safely.

    `everything` is all that could ever be shown there: in doubt, what is not desired of it is
    taken away; where its names are open, `deliver` finds them out when it is told to say all
    afresh. `deliver` raises RetryLater, OutcomeUnknown, Refused or NeedsHuman.

    `deliver_many` is given no more than its capabilities allow, by rows and by what they `weigh`,
    and returns an outcome of each in the same order. What it says is UnderWay is asked for with
    `take_up`, by this process or another; `settled` tells the destination that all outcomes are
    recorded.
    """

    @property
    def name(self) -> str: ...
    @property
    def capabilities(self) -> Capabilities: ...
    @property
    def riders(self) -> frozenset[str]:
        """Attributes that go along with others and are never by themselves a reason to send."""
        ...

    def check(self, shop: Shop) -> Health:
        """Ask whether key and permissions serve; nothing is written and nothing raised."""
        ...

    def everything(self, shop: Shop) -> Desired: ...
    def project(self, shop: Shop, verdict: Verdict | None) -> Desired: ...
    def weigh(self, shop: Shop, change: Change) -> int:
        """Say how many bytes a change adds to a request, its person's contact counted as known."""
        ...

    def deliver(self, shop: Shop, change: Change) -> Delivered: ...
    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]: ...
    def take_up(self, shop: Shop, is_meant: Callable[[Handed], bool]) -> Sequence[tuple[Handed, Outcome]]:
        """
        Return what became of what an earlier `deliver_many` left under way; nothing is sent anew.

        What was to follow for a customer follows if it `is_meant` still: that may be days later.

        Raises:
            UnderWay: It still is, and was waited for.
            RetryLater, NeedsHuman: It cannot be asked now.
        """
        ...

    def settled(self, shop: Shop) -> None: ...
    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """
        Take off everything that could be ours, recorded or not; nobody there is no error.

        `delete` asks for the whole person to be deleted, with what others know of them: only of a
        destination that can, and only on the merchant's word. Raises what `deliver` raises.
        """
        ...


@runtime_checkable
class Installs(Protocol):
    """A destination that shows nothing before fields of ours are there: `connect` has them made."""

    def install(self, shop: Shop) -> Sequence[str]:
        """Create what is missing, and nothing twice; return its names. Raises what `deliver` raises."""
        ...


@runtime_checkable
class TellsAccount(Protocol):
    """A destination whose key alone says which account it is of: `connect` notices another one."""

    def account_id(self, shop: Shop) -> str:
        """Return the platform's own id of the account. Raises what `deliver` raises."""
        ...


@runtime_checkable
class Finds(Protocol):
    """A destination that says whom it knows, of as many at once as its capabilities allow."""

    def find(self, shop: Shop, people: Sequence[Person]) -> Collection[str]:
        """Return the customers who are there, and write nothing. Raises what `deliver` raises."""
        ...


class BulkJobs(Protocol):
    """The one job that a destination has under way for a shop, so that another process can go on with it."""

    def load(self, shop: str, destination: str) -> BulkJob | None: ...
    def keep(self, shop: str, destination: str, job: BulkJob) -> bool:
        """Keep a job; False while there is another."""
        ...

    def drop(self, shop: str, destination: str, job: BulkJob) -> None:
        """Forget a job, unless there is another by now."""
        ...


class Denials(Protocol):
    """
    Which destinations deny us access: while a note stands, whoever was refused is not tried again.

    Nothing is lost with a note: without one the next pass over everyone tries them.
    """

    def note(self, shop: str, destination: str, at: datetime) -> None: ...
    def standing(self, shop: str) -> Mapping[str, datetime]:
        """Return when each such destination last did."""
        ...

    def lift(self, shop: str, destination: str, *, last: datetime) -> None:
        """Forget the note, unless access was denied again after `last`."""
        ...
