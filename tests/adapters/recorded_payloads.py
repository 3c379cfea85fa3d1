"""The recorded payloads, with the topic that each would come under."""

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from nextorder.adapters.shopify.read import PRIVACY_TOPICS, TOPICS

PAYLOADS = Path(__file__).parents[1] / "contracts" / "shopify" / "payloads"
TOPIC_BY_NAME = {topic.replace("/", "_"): topic for topic in TOPICS | PRIVACY_TOPICS}
TOPIC_OF_EXEMPLAR = {
    "orders": "orders/updated",
    "checkouts": "checkouts/update",
    "order_transactions": "order_transactions/create",
    "draft_orders": "draft_orders/update",
}
TOPIC_OF_RESOURCE = {
    "order": "orders/updated",
    "refund": "refunds/create",
    "transaction": "order_transactions/create",
}
FILES = sorted(path for path in PAYLOADS.iterdir() if path.suffix in {".json", ".gz"})


def bodies_in(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield topic and body of each document in a file."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    document = json.loads(raw)
    if path.name.startswith("webhook_"):
        yield topic_of(path.name), document
        return
    for response in document:
        for resource, topic in TOPIC_OF_RESOURCE.items():
            single = [response[resource]] if resource in response else []
            for body in [*single, *response.get(f"{resource}s", [])]:
                yield topic, body


def topic_of(name: str) -> str:
    """Tell the topic by a file's name; what is not subscribed keeps the file's word."""
    exemplar = re.match(r"webhook_exemplar_\d{4}-\d{2}_(.+)_\d+\.json", name)
    if exemplar:
        return TOPIC_OF_EXEMPLAR[exemplar[1]]
    sample = re.match(r"webhook_\d{4}-\d{2}_(.+)\.json", name)
    assert sample, name
    return TOPIC_BY_NAME.get(sample[1], sample[1])
