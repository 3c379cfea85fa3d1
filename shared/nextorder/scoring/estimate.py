"""A number with the range of the average of customers like this one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """
    A probability or an amount and its 80 % range.

    The range is of the AVERAGE of about 200 customers like this one (drift and
    sampling), never of this customer's own outcome: a single outcome is 0 or 1.
    """

    value: float
    lo: float
    hi: float
