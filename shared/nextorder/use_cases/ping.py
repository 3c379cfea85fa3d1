"""See with our own test delivery that webhooks come through, and that a forged one does not."""

from collections.abc import Callable, Iterator
from typing import Final, Protocol

from nextorder.domain.errors import RetryLater
from nextorder.domain.installation import Part
from nextorder.use_cases.installation import Mark, Tick

OK: Final = 200
UNAUTHORISED: Final = 401
RINGS: Final = 15
SECONDS_BETWEEN_RINGS: Final = 5.0
"""The door reads its keys anew at most once a minute."""
LOOKS: Final = 60
SECONDS_BETWEEN_LOOKS: Final = 0.5
_DOOR: Final = "delivery"


class Door(Protocol):
    """Where webhooks go in."""

    def ring(self, ping: str, *, secret: str) -> int:
        """Send a test delivery; return the HTTP status."""
        ...


def see_arrive(
    ping: str,
    *,
    secret: str,
    door: Door,
    last: Callable[[], str],
    sleep: Callable[[float], None],
) -> Iterator[Tick]:
    """
    Ring with a wrong secret, then with the right one, and wait until that delivery has come out.

    Args:
        ping: Names this delivery; nobody can guess it.
        secret: What the platform signs with.
        door: Where webhooks go in.
        last: Tells which delivery came out last at the other end.
        sleep: Waits so many seconds.
    """
    try:
        # the forged one first: its refusal makes the door read its keys anew
        forged = door.ring(ping, secret=f"not {secret}")
        status = _ring(ping, secret, door, sleep)
    except RetryLater as failure:
        yield Tick(Mark.MISSING, Part(kind=_DOOR, name="a signed one arrives"), str(failure))
        return
    yield _refused(forged)
    yield _arrived(status, seen=status == OK and _is_seen(ping, last, sleep))


def _ring(ping: str, secret: str, door: Door, sleep: Callable[[float], None]) -> int:
    for _ in range(RINGS):
        status = door.ring(ping, secret=secret)
        if status != UNAUTHORISED:
            return status
        sleep(SECONDS_BETWEEN_RINGS)
    return UNAUTHORISED


def _is_seen(ping: str, last: Callable[[], str], sleep: Callable[[float], None]) -> bool:
    for _ in range(LOOKS):
        if last() == ping:
            return True
        sleep(SECONDS_BETWEEN_LOOKS)
    return False


def _refused(status: int) -> Tick:
    part = Part(kind=_DOOR, name="a forged one is refused")
    if status == UNAUTHORISED:
        return Tick(Mark.OK, part)
    return Tick(Mark.MISSING, part, f"the address answered {status}: is it this stack's WebhookUrl?")


def _arrived(status: int, *, seen: bool) -> Tick:
    part = Part(kind=_DOOR, name="a signed one arrives")
    if seen:
        return Tick(Mark.OK, part)
    if status == UNAUTHORISED:
        return Tick(Mark.MISSING, part, "the signature was refused: the client secret is another one")
    if status != OK:
        return Tick(Mark.MISSING, part, f"the address answered {status}: is it this stack's WebhookUrl?")
    return Tick(Mark.MISSING, part, "it was taken and did not come out: look at the log of UpdateCustomer")
