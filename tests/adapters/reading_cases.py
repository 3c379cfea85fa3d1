"""One reading of a body at a known moment, and the bodies that several tests read."""

from datetime import UTC, datetime

from nextorder.adapters.shopify.read import read
from nextorder.domain.messages import Reading
from tests.unit.payloads import Body, a_line

TRIGGERED_AT = datetime(2026, 11, 21, 8, 30, 15, 123456, tzinfo=UTC)
PLACED_AT = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
MUG = a_line(1, "20.00", 2)
MERGE = {
    "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/1",
    "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/2",
    "status": "completed",
}


def reading(topic: str, body: Body, *, triggered_at: datetime | None = TRIGGERED_AT) -> Reading:
    return read(topic, body, triggered_at=triggered_at, currency="EUR")
