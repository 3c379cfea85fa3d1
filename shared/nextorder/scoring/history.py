"""One customer as the model sees her, at one moment."""

from typing import NamedTuple


# A curve makes one for every moment that it is asked of: a frozen dataclass takes four times as long.
class BuyingHistory(NamedTuple):
    """One customer as the model sees her, at one moment."""

    repeat_days: int
    """x: order days after the first."""
    first_to_last_days: float
    """t_x: from the first to the last order day."""
    tenure_days: float
    """T: from the first order day to now."""
    spend_days: int = 0
    """Order days with positive net revenue."""
    mean_spend: float = 0.0
    """Mean net revenue of these, minor units."""
    margin_rate: float = 1.0
    """Gross profit 2 over net revenue; may be negative."""
    days: tuple[float, ...] = ()
    """From the first order day to each of them, 0 first; empty = not told, and nothing is corrected."""
    first_spend: float = 0.0
    """Net revenue of the first order day, minor units, not below 0."""
    last_spend: float = 0.0
    marks: frozenset[str] = frozenset()
    """Of the first order, as attribute=value."""

    def at(self, tenure_days: float) -> "BuyingHistory":
        """Return the same customer at another tenure, as if nothing else had happened."""
        return self._replace(tenure_days=tenure_days)
