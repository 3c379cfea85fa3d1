"""Put into a shop what of ours stands there, look after it, and take it out again."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.installation import Part, Step, Verb, plan, restoring
from nextorder.domain.shop import Shop
from nextorder.ports.installation import Installer


class Mark(StrEnum):
    """What became of a part."""

    OK = "ok"
    MADE = "made"
    REPAIRED = "repaired"
    REMOVED = "removed"
    MISSING = "missing"
    """It is not as it should be; why, stands beside it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """One line of what was found or done."""

    mark: Mark
    part: Part
    why: str = ""

    @property
    def is_put_back(self) -> bool:
        """Whether it did not stand as it should, and does now."""
        return self.mark in (Mark.MADE, Mark.REPAIRED)

    def __str__(self) -> str:
        return f"{self.part}: {self.why}" if self.why else str(self.part)


_DONE: Final = {
    Verb.KEEP: Mark.OK,
    Verb.MAKE: Mark.MADE,
    Verb.REPAIR: Mark.REPAIRED,
    Verb.REMOVE: Mark.REMOVED,
}
_UNDONE: Final = {
    Verb.MAKE: "is not there",
    Verb.REPAIR: "is not as it should be",
    Verb.REMOVE: "is there and no longer wanted",
}


def install(shop: Shop, installer: Installer) -> tuple[Tick, ...]:
    """Make, repair and remove what has to be; done twice, the second time changes nothing."""
    return tuple(_take(step, shop, installer) for step in plan(installer.survey(shop)))


def check(shop: Shop, installer: Installer) -> tuple[Tick, ...]:
    """Say what `install` would do, and do nothing."""
    steps = plan(installer.survey(shop))
    return tuple(
        Tick(Mark.OK, step.part)
        if step.verb is Verb.KEEP
        else Tick(Mark.MISSING, step.part, _UNDONE[step.verb])
        for step in steps
    )


def restore(shop: Shop, installer: Installer) -> tuple[Tick, ...]:
    """
    Put back what the platform has dropped; what the merchant took away on purpose stays away.

    Safe to repeat. Says nothing and does nothing in a shop where `install` never ran.

    Returns:
        What was not as it should be, and what became of it; MISSING where it still is not.

    Raises:
        NeedsHuman: The app's credentials are refused.
        RetryLater: The shop cannot be reached now.
    """
    survey = installer.survey(shop)
    if not survey.wanted:
        return ()
    steps = plan(restoring(survey))
    return tuple(_take(step, shop, installer) for step in steps if step.verb is not Verb.KEEP)


def remove(shop: Shop, installer: Installer) -> tuple[str, ...]:
    """
    Take everything of ours out of the shop; safe to repeat, and nothing of the merchant's is touched.

    Returns:
        What was taken out, in words.

    Raises:
        Refused, NeedsHuman: A part cannot be taken out; the others before it have been.
    """
    standing = [part for part in installer.survey(shop).found if not part.gone]
    for part in standing:
        installer.remove(shop, part)
    installer.forget(shop)
    return tuple(map(str, standing))


def _take(step: Step, shop: Shop, installer: Installer) -> Tick:
    """Do one step; what the platform refuses is said and keeps nothing else back."""
    try:
        match step.verb:
            case Verb.MAKE:
                installer.make(shop, step.part)
            case Verb.REPAIR if step.found:
                installer.repair(shop, step.part, step.found)
            case Verb.REMOVE:
                installer.remove(shop, step.part)
    except Refused as no:
        return Tick(Mark.MISSING, step.part, no.reason or no.code)
    except NeedsHuman as no:
        return Tick(Mark.MISSING, step.part, str(no))
    return Tick(_DONE[step.verb], step.part)
