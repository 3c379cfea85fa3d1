"""Asking a destination where a no is no failure: how it is, and to forget whom it does not know."""

from collections.abc import Callable

from nextorder.domain.changes import PERSON_MISSING
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.health import Health, Problem


def health(name: str, ask: Callable[[], str | Health]) -> Health:
    """Return what `ask` finds, the account's name or more; a failure is a problem with its way out."""
    try:
        found = ask()
    except RetryLater as busy:
        return _unwell(str(busy), "try again in some minutes")
    except NeedsHuman as refusal:
        return _unwell(str(refusal), f"give a key that may do this: `nextorder connect {name}`")
    except Refused as refusal:
        return _unwell(f"{name} refuses: {refusal.code}", f"look at the settings: `nextorder connect {name}`")
    return found if isinstance(found, Health) else Health(account=found)


def unless_missing(call: Callable[[], object]) -> None:
    """Make a call; that the destination does not know the person is as good as a yes."""
    try:
        call()
    except Refused as refusal:
        if refusal.code not in PERSON_MISSING:
            raise


def _unwell(what: str, remedy: str) -> Health:
    return Health(problems=(Problem(what, remedy),))
