"""One line of an audit: a light, a number, why it matters, what to do, and what is withheld until then."""

import math
from dataclasses import dataclass
from enum import StrEnum

from nextorder.domain.shop import Shop


class Light(StrEnum):
    """How much something needs attention."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of an audit."""

    name: str
    light: Light
    number: str
    why: str
    what: str = ""
    """What to do; empty = nothing."""
    families: tuple[str, ...] = ()
    """Segments that rest on it."""
    withheld: tuple[str, ...] = ()
    """Segments that are not published because of it, as far as the fit in force."""


def light_of(share: float, *, yellow: float, red: float = math.inf) -> Light:
    """Return red or yellow for more than so much; what costs little is never red."""
    return Light.RED if share > red else Light.YELLOW if share > yellow else Light.GREEN


def share_of(part: float, whole: float) -> float:
    """Return a part of a whole; 0 of nothing."""
    return part / whole if whole > 0 else 0.0


def withheld_by(shop: Shop, light: Light, *families: str) -> tuple[str, ...]:
    """Name the families that a red light withholds: only those that the fit in force does withhold."""
    return tuple(one for one in families if light is Light.RED and one in shop.numbers.withheld)


def until_fitted(shop: Shop, light: Light, what: str, *families: str) -> str:
    """Add to what is to be done what the next fit will withhold otherwise."""
    ahead = [one for one in families if light is Light.RED and one not in shop.numbers.withheld]
    return f"{what}; otherwise the next fit withholds {', '.join(ahead)}" if ahead else what
