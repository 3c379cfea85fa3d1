"""Let both fakes be the sample store's platforms, as if it had been there for two years."""

from datetime import datetime
from typing import Any

from samples.opinions import predictions
from samples.payloads import profiles
from samples.standing import Orders
from tests.local_stack import platforms
from tests.local_stack.endpoints import Endpoints

TAGGED = "Tagged in Shopify"
SEGMENTS = [
    {
        "name": TAGGED,
        "definition": {
            "condition_groups": [
                {
                    "conditions": [
                        {
                            "type": "profile-property",
                            "property": "properties['Shopify Tags']",
                            "filter": {"type": "list", "operator": "contains", "value": "VIP"},
                        }
                    ]
                }
            ]
        },
    }
]
FLOWS = [
    {"name": "VIP welcome", "status": "live", "trigger": {"type": "segment", "name": TAGGED}},
    {
        "name": "Birthday",
        "status": "live",
        "trigger": {
            "type": "date",
            "date_field_type": "profile-property",
            "date_profile_property": "Birthday",
        },
    },
]
"""One that our tags could start, and one that nothing of ours does."""


def fill(endpoints: Endpoints, as_of: datetime) -> None:
    """Give Shopify everyone's orders up to a moment, and Klaviyo its profiles, predictions and flows."""
    platforms.call("POST", endpoints.shopify_url, "sample", {"as_of": as_of.isoformat()})
    bought = Orders(as_of).bought()
    known: list[dict[str, Any]] = [
        {"email": one.email, "predictive_analytics": predictions(bought[one.id], as_of)}
        for one in profiles(as_of)
        if one.id in bought
    ]
    account = {"profiles": known, "segments": SEGMENTS, "flows": FLOWS}
    platforms.call("POST", endpoints.klaviyo_url, "seed", account)
