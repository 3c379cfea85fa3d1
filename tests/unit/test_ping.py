"""Seeing a test delivery arrive: what is told when it does not."""

from dataclasses import dataclass, field

import pytest

from nextorder.domain.errors import RetryLater
from nextorder.use_cases.installation import Mark, Tick
from nextorder.use_cases.ping import RINGS, see_arrive

SECRET = "the shop's own"
PING = "a1b2"


@dataclass
class FakeDoor:
    """A door that knows a secret from the so-manieth ring on."""

    knows_from: int = 0
    answers: int = 200
    out: list[str] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    slept_seconds: float = 0.0
    loses: bool = False

    def ring(self, ping: str, *, secret: str) -> int:
        self.rung.append(secret)
        if secret != SECRET or len(self.rung) <= self.knows_from:
            return 401
        if self.answers == 200 and not self.loses:
            self.out.append(ping)
        return self.answers

    def sleep(self, seconds: float) -> None:
        self.slept_seconds += seconds

    def last(self) -> str:
        return self.out[-1] if self.out else "an earlier one"


class NobodyThere(FakeDoor):
    """An address without anybody."""

    def ring(self, ping: str, *, secret: str) -> int:  # noqa: ARG002 - the door's
        raise RetryLater("the webhook address cannot be reached")


def seen(door: FakeDoor) -> list[Tick]:
    return list(see_arrive(PING, secret=SECRET, door=door, last=door.last, sleep=door.sleep))


def test_a_signed_one_is_seen_and_a_forged_one_refused() -> None:
    door = FakeDoor()
    assert [tick.mark for tick in seen(door)] == [Mark.OK, Mark.OK]
    assert door.out == [PING]
    assert door.rung[0] != SECRET


def test_a_door_that_has_yet_to_read_the_new_secret_is_waited_for() -> None:
    door = FakeDoor(knows_from=5)
    assert [tick.mark for tick in seen(door)] == [Mark.OK, Mark.OK]
    assert door.slept_seconds == 20.0


@pytest.mark.parametrize(
    ("door", "why"),
    [
        (FakeDoor(knows_from=1 + RINGS), "the signature was refused"),
        (FakeDoor(answers=404), "answered 404"),
        (FakeDoor(loses=True), "did not come out"),
        (NobodyThere(), "cannot be reached"),
    ],
)
def test_what_does_not_arrive_is_told_with_the_reason(door: FakeDoor, why: str) -> None:
    last = seen(door)[-1]
    assert last.mark is Mark.MISSING
    assert why in last.why
