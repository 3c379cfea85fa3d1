"""Where the Data Manager API is."""

from typing import Final

BASE_URL: Final = "https://datamanager.googleapis.com"
INGEST: Final = "/v1/audienceMembers:ingest"
SCOPE: Final = "https://www.googleapis.com/auth/datamanager"
