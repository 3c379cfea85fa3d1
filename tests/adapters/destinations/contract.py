"""What every destination's tests rest on: the destination, and its platform as a server that may fail."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, Self, cast

from nextorder.adapters.destination_parts import Folder, Parts
from nextorder.adapters.fielded_destination import FieldedDestination
from nextorder.domain.changes import Change, Person
from nextorder.domain.diff import change
from nextorder.domain.verdict import Cause, Scores, Segment, Verdict
from nextorder.ports import Destination
from nextorder.scoring.estimate import Estimate
from tests.adapters.destination_cases import SHOP
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.http import FakeServer
from tests.unit.shop_cases import CATALOGUE

SECRET = "hush-hush"
"""Every secret setting of every case: no error, no log and no health may hold it."""
SINCE = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)
VERDICT = Verdict(
    segments={
        "life": Segment(value="closing", since=SINCE, previous="second-window", reason="day 130 of 160")
    },
    scores=Scores(
        p_active=0.9,
        p_order={days: Estimate(value=0.02, lo=0.01, hi=0.03) for days in ("5", "30", "90")},
        p_window=Estimate(value=0.06, lo=0.03, hi=0.09),
        clv_gp2_365=Estimate(value=12_345.0, lo=6_000.0, hi=18_000.0),
        gp2_to_date=-1999,
        next_order_p50=SINCE,
        window_opens=SINCE,
        window_closes=SINCE,
    ),
    reasons=("one", "two", "three", "four"),
    consents={"email": "subscribed", "sms": "subscribed"},
    cause=Cause.TIME,
    scored_at=datetime(2026, 5, 2, tzinfo=UTC),
    model="abc123",
)
"""Of everything something; a stage whose coming is an event."""
LATER = replace(
    VERDICT,
    segments={"life": replace(VERDICT.segments["life"], value="missed", previous="closing")},
    reasons=("one",),
)


class Case(ABC):
    """
    One destination, connected to its fake platform; started with `with`.

    A file of `cases/` has one as `CASE`, a function from a clock to it; what it does not override
    is true of most platforms.
    """

    destination: Destination
    fake: FakeServer
    writes: ClassVar[str]
    """Matches the path or the operation of every request that changes something for one person."""
    tells_when_to_come_back: ClassVar[bool] = True
    """Whether its 429 has Retry-After."""

    always_says_yes: ClassVar[bool] = False
    """Whether it takes whatever it is told of anybody, so that nobody can be spoiled."""

    joins_quietly: ClassVar[bool] = False
    """Whether it can be told that joining an audience starts nothing."""

    patience_seconds: ClassVar[float] = 60
    """What `deliver_many` may wait in total."""

    def __init__(self, clock: StillClock) -> None:
        self.clock = clock
        self.keys_may_be_renewed = False

    def __enter__(self) -> Self:
        self.fake.__enter__()
        self.destination = self.connect()
        return self

    def __exit__(self, *_: object) -> None:
        self.fake.__exit__()

    @abstractmethod
    def connect(self) -> Destination:
        """Return the destination, as another process would make it, with the fake behind it."""

    @abstractmethod
    def people(self, count: int) -> Sequence[Person]:
        """Let the platform know so many people, with data of the merchant's; return them as publishers do."""

    @abstractmethod
    def shown(self, person: Person) -> object:
        """Return what the platform shows of ours of one person; false when there is nothing."""

    @abstractmethod
    def others(self, person: Person) -> object:
        """Return what the platform knows of one person that is not ours; None once they are gone."""

    @abstractmethod
    def head_count(self) -> int:
        """Return how many people the platform knows."""

    def told(self, person: Person) -> Sequence[str]:  # noqa: ARG002 - of those that keep events
        """Return the ids of the events that the platform keeps of one person, in any order."""
        return ()

    def started(self, person: Person) -> Sequence[str]:  # noqa: ARG002 - of those that can be quiet
        """Return which of our audiences started a flow of the merchant's when the person joined them."""
        return []

    def spoil(self, person: Person) -> Person:
        """Return somebody whom the platform refuses for good, others in the same request not."""
        assert self.always_says_yes, "else whoever is refused is told apart from the others"
        return person

    @property
    def requests(self) -> Sequence[Mapping[str, Any]]:
        """What was asked that could have changed something."""
        return [one for one in self.fake.requests if any_match(self.writes, one)]


STRANGER = Person(customer="404", email="nobody@example.com", phone="+46700000404")


def installed(folder: object, case: Case, **settings: str) -> Destination:
    """Return what a destination's folder makes, its fields there."""
    connecting = cast("Folder", folder)
    destination = connecting.destination(parts_of(connecting, case, **settings))
    assert isinstance(destination, FieldedDestination)
    destination.install(SHOP)
    return destination


def parts_of(folder: Folder, case: Case, **settings: str) -> Parts:
    """Return what a destination's folder is given, every secret of it `SECRET`."""
    secrets = {one.name: SECRET for one in folder.SETTINGS if one.secret}
    defaults = {one.name: one.default for one in folder.SETTINGS if one.default is not None}
    known = {**defaults, **secrets, **settings}
    return Parts(
        settings=lambda _: known,
        http=Caller(folder.__name__.split(".")[-2], case.fake),  # type: ignore[attr-defined]
        catalogue=lambda _: CATALOGUE,
        renew=lambda: case.keys_may_be_renewed,
        sleep=case.clock.sleep,
        patience_seconds=case.patience_seconds,
    )


def first_change(case: Case, person: Person, verdict: Verdict | None = VERDICT) -> Change:
    """Return what is to be sent of a person of whom nothing is on record."""
    wanted = case.destination.project(SHOP, verdict)
    return change(person, wanted, None, wanted.events if case.destination.capabilities.tells_events else ())


def any_match(pattern: str, request: Mapping[str, Any]) -> bool:
    """Tell whether a request of the fake's log is one of these."""
    return any(re.search(pattern, name) for name in (request["path"], *request["operations"]))


NAMES = sorted(path.stem for path in (Path(__file__).parent / "cases").glob("*.py"))
"""Every destination that has a case."""


def case_of(name: str, clock: StillClock) -> Case:
    """Return a destination's case."""
    case: Case = import_module(f"tests.adapters.destinations.cases.{name}").CASE(clock)
    return case
