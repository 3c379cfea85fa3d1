"""What gathering an audience needs beside a look at everyone."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from nextorder.domain.messages import Reach


class Reaches(Protocol):
    """How and whether customers may be reached, asked at that moment; who is gone is missing."""

    def reach(self, shop: str, customers: Sequence[str]) -> Mapping[str, Reach]: ...
