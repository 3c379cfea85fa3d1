"""What `nextorder audience` reads and asks."""

from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.google_ads.data_manager import DataManager
from nextorder.adapters.google_ads.endpoints import BASE_URL
from nextorder.adapters.http import Http
from nextorder.bootstrap import audit, update
from nextorder.bootstrap import environment as env
from nextorder.use_cases.audience import Sources


def sources() -> Sources:
    """Return everyone, who was redacted, and who says whether people may be reached."""
    return Sources(
        census=DynamoCensus(env.dynamodb(), env.variable("TABLE_NAME")),
        forgotten=update.forgotten(),
        reaches=audit.contacts(),
    )


def data_manager() -> DataManager:
    """Return Google's Data Manager API."""
    return DataManager(Http("Google"), base_url=env.optional("DATA_MANAGER_URL") or BASE_URL)
