"""Klaviyo's own predictions of the profiles we know, for holding ours against them later."""

from collections.abc import Iterator, Mapping
from typing import Final

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.profiles import PAGE, any_of
from nextorder.adapters.patience import Patience

FIELDS: Final = (
    "historic_clv",
    "predicted_clv",
    "total_clv",
    "historic_number_of_orders",
    "predicted_number_of_orders",
    "average_days_between_orders",
    "average_order_value",
    "churn_probability",
    "expected_date_of_next_order",
)
"""
As Klaviyo defines them: predicted_* of the next 365 days in revenue, churn_probability that the
customer *has* churned, the expected date as it was reckoned at their latest order.
https://developers.klaviyo.com/en/reference/get_profiles
"""

Prediction = Mapping[str, float | str | None]


def read_predictions(
    client: KlaviyoClient, shop: str, profiles: Mapping[str, str], patience: Patience
) -> Iterator[tuple[str, Prediction]]:
    """
    Yield (customer, prediction) of profiles, given as profile id by customer, a hundred a call.

    Nothing else of a profile is asked for. Of whom Klaviyo predicts nothing (it wants 500 buyers,
    180 days and orders of late), nothing is yielded.

    NOTE: with predictions Klaviyo answers 150 calls a minute, not 750.
    """
    customers = {profile: customer for customer, profile in profiles.items()}
    ids = sorted(customers)
    for start in range(0, len(ids), PAGE):
        query = {
            "filter": any_of("id", ids[start : start + PAGE]),
            "additional-fields[profile]": "predictive_analytics",
            "fields[profile]": "created",
            "page[size]": str(PAGE),
        }
        for data in client.pages(shop, "/api/profiles", patience, query):
            said = data["attributes"].get("predictive_analytics") or {}
            found = {name: said.get(name) for name in FIELDS}
            if any(value is not None for value in found.values()):
                yield customers[data["id"]], found
