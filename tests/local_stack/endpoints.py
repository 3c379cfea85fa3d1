"""Everything a program needs to talk to a running local stack."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.local_stack.places import ENDPOINTS, REGION, client_environment, tool_environment


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """Local addresses and invented secrets: none of them opens anything elsewhere."""

    webhook_url: str
    shop_domain: str
    client_id: str
    client_secret: str
    klaviyo_api_key: str
    shopify_url: str
    klaviyo_url: str
    aws_endpoint_url: str
    table_name: str
    region: str = REGION
    stack_name: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    """The deployed stack's outputs by name."""

    def write(self, path: Path = ENDPOINTS) -> None:
        """Write them as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=2) + "\n")

    @classmethod
    def read(cls, path: Path = ENDPOINTS) -> "Endpoints":
        """Read what `write` wrote."""
        return cls(**json.loads(path.read_text()))

    def environment(self) -> dict[str, str]:
        """Return the environment in which the `nextorder` command works on this stack."""
        return tool_environment(**client_environment(self.aws_endpoint_url), NEXTORDER_STACK=self.stack_name)
