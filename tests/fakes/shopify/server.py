"""The fake store as an HTTP server: tokens, the GraphQL endpoint and the admin door."""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

from graphql import FieldNode, GraphQLError

from tests.fakes.faults import Fault
from tests.fakes.http import FakeServer
from tests.fakes.shopify import errors, execution, sample
from tests.fakes.shopify.cost import MOST_POINTS, Bucket
from tests.fakes.shopify.deliverer import Deliverer, Weather, happen
from tests.fakes.shopify.execution import Prepared
from tests.fakes.shopify.files import file_answer
from tests.fakes.shopify.generated import fill
from tests.fakes.shopify.store import Store, snapshot
from tests.fakes.wire import Answer, Request

API_VERSION = "2026-10"
GRAPHQL_PATH = f"/admin/api/{API_VERSION}/graphql.json"
TOKEN_PATH = "/admin/oauth/access_token"
TOKEN_SECONDS = 86399
STATIC_TOKEN = "shpat_static"
DEFAULT_CLIENT = ("demo-client", "demo-secret")
DEFAULT_SCOPES = frozenset(
    {
        "read_all_orders",
        "read_customer_merge",
        "read_customers",
        "read_inventory",
        "read_orders",
        "read_products",
        "read_returns",
        "write_customers",
    }
)
KINDS = {
    "customers": "Customer",
    "orders": "Order",
    "products": "Product",
    "inventory_items": "InventoryItem",
}


class FakeShopify(FakeServer):
    """One store with one app installed; STATIC_TOKEN works beside the client-credentials grant."""

    def __init__(
        self,
        *,
        shop: str = "demo.myshopify.com",
        client_id: str = DEFAULT_CLIENT[0],
        client_secret: str = DEFAULT_CLIENT[1],
        scopes: frozenset[str] = DEFAULT_SCOPES,
        plan: str = "standard",
        timezone: str = "Europe/London",
        currency: str = "GBP",
        **listening: Any,
    ) -> None:
        super().__init__(**listening)
        self.client = (client_id, client_secret)
        self.plan = plan
        self._new_store: Callable[[], Store] = lambda: Store(shop, timezone, currency, self.clock(), scopes)
        self.forget()
        execution.schema()

    # The state

    def forget(self) -> None:
        """Empty the store, fill the bucket and forget all tokens."""
        self.store = self._new_store()
        self.bucket = Bucket(self.plan, self.clock)
        self.tokens: dict[str, float] = {}
        self.deliverer = Deliverer(self.client[1])

    def seed(self, document: Mapping[str, Any]) -> Mapping[str, Any]:
        """Take {customers: [{id, email, phone, tags, ...}], orders: [...], products, inventory_items}."""
        if unknown := set(document) - set(KINDS):
            raise ValueError(f"unknown keys: {sorted(unknown)}")
        for key, kind in KINDS.items():
            for given in document.get(key, ()):
                self.store.add(kind, given)
        return {key: len(document.get(key, ())) for key in KINDS}

    def state(self) -> dict[str, Any]:
        """Return the store and what is left in the bucket."""
        return snapshot(self.store) | {"throttle": self.bucket.status()}

    def doors(self, request: Request) -> dict[tuple[str, str], Callable[[], Any]]:
        """
        Add further doors.

        seed's big sister generate {orders, customers} makes a store of any size, sample {as_of}
        one with the sample store's past; happen [{topic, payload}] changes the store and tells who
        subscribed; deliver {ahead_seconds} sends what is due by then, retries too; weather {loss,
        duplicates, disorder, routes};
        fail_bulk {after: root objects, code} for the next bulk operation; expire_tokens; drain
        (the bucket); remove {id} (a resource); pose {shop} (answer as the shop of this domain);
        grant {scopes}.
        """
        return {
            ("POST", "/_fake/expire_tokens"): self._expire_tokens,
            ("POST", "/_fake/drain"): self._drain,
            ("POST", "/_fake/deliver"): lambda: self.deliver(**json.loads(request.body or b"{}")),
            ("POST", "/_fake/generate"): lambda: fill(self.store, **json.loads(request.body)),
            ("POST", "/_fake/sample"): lambda: sample.fill(self.store, **json.loads(request.body)),
            ("POST", "/_fake/happen"): lambda: self.happen(json.loads(request.body)),
            ("POST", "/_fake/weather"): lambda: self.set_weather(**json.loads(request.body)),
            ("POST", "/_fake/fail_bulk"): lambda: self._fail_bulk(json.loads(request.body)),
            ("POST", "/_fake/remove"): lambda: self._remove(json.loads(request.body)["id"]),
            ("POST", "/_fake/pose"): lambda: self._pose(**json.loads(request.body)),
            ("POST", "/_fake/grant"): lambda: self._grant(**json.loads(request.body)),
        }

    def _expire_tokens(self) -> dict[str, int]:
        expired = len(self.tokens)
        self.tokens.clear()
        return {"expired": expired}

    def _drain(self) -> dict[str, int]:
        self.bucket.empty()
        return self.bucket.status()

    def happen(self, events: list[Mapping[str, Any]]) -> dict[str, int]:
        """Change the store by webhooks' bodies and pack them for who subscribed."""
        self.store.now = self.clock()
        for event in events:
            happen(self.store, event["topic"], event["payload"])
        packed = [self.deliverer.announce(self.store, one["topic"], one["payload"]) for one in events]
        return {"packed": sum(packed)}

    def deliver(self, *, ahead_seconds: float = 0.0) -> dict[str, int]:
        """Deliver what is due, and what will be due within so many seconds."""
        news, self.store.news = self.store.news, []
        for topic, body in news:
            self.deliverer.announce(self.store, topic, body)
        return self.deliverer.deliver(self.store, self.clock() + ahead_seconds)

    def set_weather(self, *, routes: Mapping[str, str] | None = None, **weather: Any) -> dict[str, int]:
        """Let deliveries be lost, doubled or mixed, and lead addresses elsewhere."""
        self.deliverer.weather = Weather(**weather)
        self.deliverer.routes.update(routes or {})
        return {"routes": len(self.deliverer.routes)}

    def _fail_bulk(self, told: Mapping[str, Any]) -> dict[str, int]:
        self.store.bulk.failures.append(told)
        return {"waiting": len(self.store.bulk.failures)}

    def _pose(self, *, shop: str) -> dict[str, str]:
        before, self.store.shop = self.store.shop, shop
        return {"before": before}

    def _grant(self, *, scopes: Sequence[str]) -> dict[str, list[str]]:
        before, self.store.scopes = self.store.scopes, frozenset(scopes)
        return {"before": sorted(before)}

    def _remove(self, id_: str) -> dict[str, bool]:
        """Take out a resource, or a subscription as Shopify does whose deliveries have failed."""
        return {"removed": self.store.remove(id_) or bool(self.store.subscriptions.pop(id_, None))}

    # The platform

    def operations(self, request: Request) -> list[str]:
        """Name the root fields of the document, one for each alias."""
        if request.path == TOKEN_PATH:
            return ["access_token"]
        prepared, sent = _read(request)
        operation = prepared.operation(sent.get("operationName")) if prepared else None
        chosen = operation.selection_set.selections if operation else ()
        return [node.name.value for node in chosen if isinstance(node, FieldNode)]

    def answer(self, request: Request) -> Answer:
        """Give a token or execute a document."""
        self.store.now = self.clock()
        self.store.base_url = f"http://{request.headers['host']}" if "host" in request.headers else self.url
        if answer := file_answer(self.store, request):
            return answer
        if request.path == TOKEN_PATH and request.method == "POST":
            return self._token(request)
        if request.path != GRAPHQL_PATH or request.method != "POST":
            return Answer(status=404, body={"errors": "Not Found"})
        if not self._knows(request.headers.get("x-shopify-access-token", "")):
            return Answer(status=401, body={"errors": errors.UNAUTHORIZED})
        prepared, sent = _read(request)
        if prepared is None:
            return Answer(status=400, body={"errors": {"query": "Required parameter missing or invalid"}})
        return Answer(
            body=self._execute(prepared, sent.get("variables") or {}, sent.get("operationName")),
            headers={"X-Shopify-API-Version": API_VERSION},
        )

    def failure(self, request: Request, fault: Fault) -> Answer:
        """Return Shopify's 429, 5xx or Throttled."""
        if fault.throttled:
            cost = self._cost(self._asked(request), None)
            status = cost["throttleStatus"]
            status["currentlyAvailable"] = min(status["currentlyAvailable"], cost["requestedQueryCost"] - 1)
            return Answer(body=errors.throttled(cost))
        status = fault.status or 500
        if status == 429:
            seconds = 2.0 if fault.retry_after is None else fault.retry_after
            message = "Exceeded 2 calls per second for api client."
            return Answer(status=status, body={"errors": message}, headers={"Retry-After": f"{seconds:.1f}"})
        return Answer(status=status, body={"errors": "Internal Server Error"})

    def _knows(self, token: str) -> bool:
        return token == STATIC_TOKEN or self.tokens.get(token, 0.0) > self.clock()

    def _token(self, request: Request) -> Answer:
        if request.media_type != "application/x-www-form-urlencoded":
            return _refused("invalid_request", "The request must be form-encoded.")
        form = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return _refused("unsupported_grant_type", "The grant type is not supported.")
        if (form.get("client_id"), form.get("client_secret")) != self.client:
            return _refused("invalid_client", "The client id or the client secret is wrong.")
        token = f"shpat_{secrets.token_hex(16)}"
        self.tokens[token] = self.clock() + TOKEN_SECONDS
        scope = ",".join(sorted(self.store.scopes))
        return Answer(body={"access_token": token, "scope": scope, "expires_in": TOKEN_SECONDS})

    def _execute(self, prepared: Prepared, variables: dict[str, Any], name: str | None) -> dict[str, Any]:
        if prepared.errors:
            return {"errors": [errors.told(error) for error in prepared.errors]}
        operation = prepared.operation(name)
        if operation is None:
            return {"errors": [errors.told(GraphQLError("An operation name is required"))]}
        values = execution.values_of(operation, variables)
        if isinstance(values, list):
            return {"errors": [errors.told(error) for error in values]}
        pricing = prepared.pricing(values)
        asked = pricing.operation(operation)
        if asked > MOST_POINTS:
            return errors.too_expensive(asked, MOST_POINTS)
        if not self.bucket.has(asked):
            return errors.throttled(self._cost(asked, None))
        if missing := execution.denied(prepared, self.store.scopes):
            reply: dict[str, Any] = {"errors": [errors.told(error) for error in missing], "data": None}
        else:
            reply = execution.run(prepared, self.store, variables, name)
        used = min(asked, pricing.operation(operation, reply["data"] or {}))
        self.bucket.take(used)
        return reply | {"extensions": {"cost": self._cost(asked, used)}}

    def _asked(self, request: Request) -> int:
        prepared, sent = _read(request)
        operation = prepared.operation(sent.get("operationName")) if prepared else None
        if prepared is None or operation is None:
            return 1
        values = execution.values_of(operation, sent.get("variables") or {})
        return 1 if isinstance(values, list) else prepared.pricing(values).operation(operation)

    def _cost(self, asked: int, used: int | None) -> dict[str, Any]:
        return {"requestedQueryCost": asked, "actualQueryCost": used, "throttleStatus": self.bucket.status()}


def _read(request: Request) -> tuple[Prepared | None, dict[str, Any]]:
    """Return the prepared document and the request's JSON; None where there is no document."""
    if request.path != GRAPHQL_PATH or request.media_type != "application/json":
        return None, {}
    try:
        sent = json.loads(request.body)
    except ValueError:
        return None, {}
    if not isinstance(sent, dict) or not isinstance(sent.get("query"), str):
        return None, {}
    return execution.prepare(sent["query"]), sent


def _refused(code: str, words: str) -> Answer:
    # NOTE: the codes are those of RFC 6749; Shopify's own body for a wrong secret is not recorded.
    return Answer(status=400, body={"error": code, "error_description": words})
