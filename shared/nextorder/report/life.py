"""The stages of life in their one order, for whoever counts customers by them and whoever draws that."""

from typing import Final

from nextorder.domain.catalogue import THRESHOLDS

LIFE: Final = tuple(name.partition(":")[2] for name in THRESHOLDS if name.startswith("life:"))
"""In the order of the catalogue."""
NOBODY: Final = "not yet a customer"
STARTS: Final = (NOBODY, *LIFE)
