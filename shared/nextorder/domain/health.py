"""Whether a destination can be served, and what a human does about it if not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in words without keys or people."""

    what: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What a look at a destination came to."""

    account: str = ""
    """What the destination calls the account that our key opens."""
    problems: tuple[Problem, ...] = ()

    @property
    def is_well(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.problems
