"""What `nextorder audience` reads and asks."""

from nextorder.adapters.dynamodb.census import DynamoCensus
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
