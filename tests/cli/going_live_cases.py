"""A shop with customers, both platforms, and the bulk publisher's function as the command sees it."""

import io
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap import publish
from nextorder.bootstrap.update import shops_anew
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, State
from nextorder.use_cases.publish_bulk import publish_round
from tests.fakes.shopify import FakeShopify
from tests.unit.publish_cases import a_verdict

CUSTOMERS = 40
STAGES = ("new", "second-window", "closing", "new")
TAGS = GoingLive(step=Step.TAGS, since=datetime(2026, 11, 1, tzinfo=UTC))
PROPERTIES = GoingLive(step=Step.PROPERTIES, since=datetime(2026, 11, 1, tzinfo=UTC))
PUBLISHED_AT = datetime(2026, 11, 1, tzinfo=UTC)


@dataclass
class BulkFunction:
    """publish_bulk in this process, in place of AWS's invocation of it."""

    asked: list[dict[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None
    """What happens as each begins."""

    def client(self, service: str, **_: object) -> "BulkFunction":
        assert service == "lambda"
        return self

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 - AWS's own words
        assert FunctionName == "publish-bulk"
        event = json.loads(Payload)
        self.asked.append(event)
        self.meanwhile()
        publisher = replace(
            publish.publisher(event["destination"], patient=True),
            shops=shops_anew(),
            takes_off=event["take_off"],
            agreed=event["agreed"],
        )
        done = publish_round(event["shop"], publisher=publisher, as_of=datetime.now(UTC))
        assert done.is_last
        said = {outcome.value: count for outcome, count in done.counts.items()}
        return {"Payload": io.BytesIO(json.dumps(said).encode())}


def people() -> list[dict[str, Any]]:
    """Return the shop's customers as Shopify has them; those in their second window are called gems."""
    return [
        {"id": n, "email": f"c{n}@example.com", "tags": ["gem"] if STAGES[n % 4] == "second-window" else []}
        for n in range(1, CUSTOMERS + 1)
    ]


def states() -> Mapping[str, State]:
    """Return what an import has made of them."""
    return {
        str(n): State(
            verdict=a_verdict(STAGES[n % 4], cause=Cause.IMPORT), digest="", version=1, run="import-1"
        )
        for n in range(1, CUSTOMERS + 1)
    }


def a_shop(domain: str) -> Shop:
    """Return the shop before anything went live."""
    return Shop(id=domain, gid="gid://shopify/Shop/1", currency="GBP")


def hash_in(said: str) -> str:
    found = re.search(r"nextorder apply (\w{12})", said)
    assert found
    return found[1]


def tagged(store: FakeShopify) -> dict[str, list[str]]:
    held = {id_: one["tags"] for id_, one in store.state()["customers"].items()}
    return {id_: ours for id_, tags in held.items() if (ours := [t for t in tags if t.startswith("next:")])}


def staged(store: FakeShopify) -> set[str]:
    customers: dict[str, Any] = store.state()["customers"]
    return {id_ for id_, one in customers.items() if "nextorder.stage" in one["metafields"]}


def live(shops: DynamoShops, shop: str) -> tuple[bool, str, int]:
    held = shops.get(shop)
    assert held
    return held.applied, held.going_live.step.value, held.going_live.share


def put(shops: DynamoShops, shop: str, going_live: GoingLive) -> None:
    shops.change(shop, applied=True, going_live=going_live)
