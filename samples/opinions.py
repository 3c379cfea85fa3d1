"""What Shopify and Klaviyo would say of a customer themselves, by rules of ours far simpler than theirs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp

RFM_GROUPS = {
    5: ((60, "CHAMPIONS"), (180, "LOYAL"), (365, "PREVIOUSLY_LOYAL")),
    2: ((60, "ACTIVE"), (180, "NEEDS_ATTENTION"), (365, "AT_RISK")),
    1: ((30, "NEW"), (90, "PROMISING"), (365, "ALMOST_LOST")),
}
"""By orders at least, then days since the last one at most; Shopify's own thresholds are not public."""

USUAL_GAP_DAYS = 120.0
"""Of who has bought once."""
GAPS_UNTIL_GONE = 3.0
YEAR_DAYS = 365.0


@dataclass(frozen=True, slots=True)
class Bought:
    """A customer's orders in time order: when, and the total in pence."""

    orders: Sequence[tuple[datetime, int]]


def rfm_group(bought: Bought, as_of: datetime) -> str:
    """Return one of Shopify's groups."""
    if not bought.orders:
        return "PROSPECTS"
    days = (as_of - bought.orders[-1][0]).days
    steps = next(steps for least, steps in RFM_GROUPS.items() if len(bought.orders) >= least)
    return next((group for most, group in steps if days <= most), "DORMANT")


def predictions(bought: Bought, as_of: datetime) -> dict[str, float | str]:
    """Return a profile's predictive analytics in Klaviyo's words; amounts in pounds, of a year."""
    first, last = bought.orders[0][0], bought.orders[-1][0]
    count, spent = len(bought.orders), sum(total for _, total in bought.orders) / 100
    gap = max((last - first).days / (count - 1), 1.0) if count > 1 else USUAL_GAP_DAYS
    churned = 1 - exp(-(as_of - last).days / (GAPS_UNTIL_GONE * gap))
    ahead = (1 - churned) * YEAR_DAYS * count / ((as_of - first).days + USUAL_GAP_DAYS)
    return {
        "historic_clv": round(spent, 2),
        "predicted_clv": round(ahead * spent / count, 2),
        "total_clv": round(spent + ahead * spent / count, 2),
        "historic_number_of_orders": float(count),
        "predicted_number_of_orders": round(ahead, 2),
        "average_days_between_orders": round(gap, 1),
        "average_order_value": round(spent / count, 2),
        "churn_probability": round(churned, 4),
        "expected_date_of_next_order": (last + timedelta(days=gap)).isoformat(),
    }
