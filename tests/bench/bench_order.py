"""What one order's eight webhooks cost: write units, messages, invocations; on the local AWS."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from nextorder.bootstrap import environment as env
from tests.bench import a_store
from tests.bench.handlers import Handler, load, sqs_event
from tests.bench.measuring import item_bytes, say
from tests.bench.metering import Meter
from tests.bench.null_aws import SECRET
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.local_stack.build_and_deploy import session
from tests.local_stack.ministack import start_ministack
from tests.local_stack.places import client_environment
from tests.local_stack.processes import Processes

KEPT, NEW = "7000000000007", "7000000000008"
"""A customer with 20 orders whom both destinations know, and one who buys for the first time."""
STORIES = (("one_more", KEPT, "paid"), ("one_more_paid_later", KEPT, "pending"), ("the_first", NEW, "paid"))
ORDERS, LINES = 20, 3
TEN_LINES = 10
"""So long an order is to fit one write unit, with where it came from in the longest words that are kept."""
ORIGIN = {
    "landing_site": "/collections/tea/products/a-teapot-of-cast-iron-with-a-long-name"
    "?utm_source=a-newsletter-with-a-name&utm_medium=newsletters&utm_campaign=spring-sale-prospecting",
    "discount_codes": [{"code": "SPRING-FREESHIPPING"}],
}
BUDGETS = {"first": 9, "that_changes_nothing": 1, "mean": 2.5}
READ_UNIT = 4096
UNCHANGED = 2
"""Invocations where the state stays as it is: receive and update."""


@dataclass
class Bench:
    """The functions of the online path, in this process, one webhook after the other."""

    aws: Any
    """The local AWS without a meter."""
    meter: Meter
    queues: Mapping[str, str]
    receive: Handler
    update: Handler
    route: Handler
    publish: Mapping[str, Handler]
    invocations: int = 0
    changes: int = 0

    def webhook(self, topic: str, raw: bytes, customer: str) -> dict[str, Any]:
        """Take one webhook all the way; return what it cost."""
        before, self.invocations = self._state(customer), 2
        assert self.receive(a_store.request(raw, topic)) == {"statusCode": 200}
        [(_, message)] = self.meter.sent
        return self._all_the_way(message, before, customer)

    def wake(self, customer: str) -> None:
        """Reach a first verdict and show it; not counted."""
        attributes = {"topic": {"StringValue": "wake"}, "shop": {"StringValue": a_store.SHOP.id}}
        message = {"MessageBody": json.dumps({"customer": customer}), "MessageAttributes": attributes}
        self._all_the_way(message, self._state(customer), customer)

    def _all_the_way(
        self, message: Mapping[str, Any], before: dict[str, Any], customer: str
    ) -> dict[str, Any]:
        assert self.update(sqs_event([message])) == {"batchItemFailures": []}
        after = self._state(customer)
        if after != before:
            self.invocations += 1
            images = {"OldImage": before, "NewImage": after}
            self.changes += 1
            record = {"Keys": _key(customer), "SequenceNumber": str(self.changes)}
            record |= {name: image for name, image in images.items() if image}
            self.route({"Records": [{"dynamodb": record}]})
        for url, change in list(self.meter.sent):
            assert url not in (self.queues["dead"], self.queues["unrouted"])
            for name, handler in self.publish.items():
                if url == self.queues[name]:
                    self.invocations += 1
                    assert handler(sqs_event([change])) == {"batchItemFailures": []}
        writes, reported, sent = self.meter.take()
        return {
            "units": sum(units for _, units in writes),
            "units_as_ministack_counts": reported,
            "messages": len(sent),
            "invocations": self.invocations,
            "writes": [f"{_kind(sort_key)} {units}" for sort_key, units in writes],
        }

    def _state(self, customer: str) -> dict[str, Any]:
        reply = self.aws("dynamodb").get_item(TableName="table", Key=_key(customer), ConsistentRead=True)
        return dict(reply.get("Item", {}))


def _kind(sort_key: str) -> str:
    return sort_key if sort_key.startswith("accepted") else sort_key.partition("#")[0]


def _key(customer: str) -> dict[str, Any]:
    return {"pk": {"S": f"{a_store.SHOP.id}#{customer}"}, "sk": {"S": "state"}}


def webhooks(customer: str, order: int, at_first: str) -> Iterator[tuple[str, bytes]]:
    """Yield the eight webhooks of an order placed now, `paid` or `pending` at first, sent a minute later."""
    now = datetime.now(UTC).replace(microsecond=0)
    body = json.loads(a_store.body(customer, order, now))
    body |= {"line_items": body["line_items"][:TEN_LINES], **ORIGIN}

    def after(seconds: int, **changed: Any) -> bytes:
        body.update(changed, updated_at=(now + timedelta(seconds=seconds)).isoformat())
        return json.dumps(body, separators=(",", ":")).encode()

    yield "orders/create", after(0, financial_status=at_first, fulfillment_status=None)
    transaction = {
        "id": order + 1,
        "order_id": order,
        "kind": "sale",
        "status": "success",
        "amount": body["total_price"],
        "currency": body["currency"],
        "gateway": "shopify_payments",
        "test": False,
        **dict.fromkeys(("created_at", "processed_at"), now.isoformat()),
    }
    yield "order_transactions/create", json.dumps(transaction).encode()
    yield "orders/paid", after(5, financial_status="paid")
    for seconds in (6, 7, 30):
        yield "orders/updated", after(seconds)
    yield "orders/fulfilled", after(60, fulfillment_status="fulfilled")
    yield "orders/updated", after(61)


def make_places(aws: Any) -> dict[str, str]:
    """Make the table, the queues and the secret; return the environment that names them."""
    aws("dynamodb").create_table(
        TableName="table",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "due_shard", "due_at")
        ],
        KeySchema=_schema("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "due",
                "KeySchema": _schema("due_shard", "due_at"),
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
    )
    urls = {name: _queue(aws, name) for name in ("facts", "privacy", "dead", "unrouted")}
    urls |= {name: _queue(aws, f"{name}.fifo", FifoQueue="true") for name in ("shopify", "klaviyo")}
    keys = {"client_secrets": [SECRET], "access_token": STATIC_TOKEN, "klaviyo_api_key": "pk_demo"}
    document = {"pepper": "p" * 40, "shops": {a_store.SHOP.id: keys}}
    aws("secretsmanager").create_secret(Name="connections", SecretString=json.dumps(document))
    return urls


def _schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]


def _queue(aws: Any, name: str, **attributes: str) -> str:
    return str(aws("sqs").create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])


def fill(aws: Any, shopify: FakeShopify, klaviyo: FakeKlaviyo) -> None:
    """Write the shop and both customers, as the table and the platforms know them."""
    for item in (*a_store.shop_items(), *a_store.customer_items(KEPT, ORDERS, LINES)):
        if not item["sk"]["S"].startswith(("state", "accepted#")):
            aws("dynamodb").put_item(TableName="table", Item=item)
    email = a_store.payload()["customer"]["email"]
    emails = {KEPT: f"kept.{email}", NEW: email}
    shopify.seed({"customers": [{"id": int(name), "email": mail} for name, mail in emails.items()]})
    klaviyo.seed({"profiles": [{"email": mail, "external_id": name} for name, mail in emails.items()]})


def environment_of(urls: Mapping[str, str], endpoint: str, platforms: Mapping[str, str]) -> dict[str, str]:
    """Return what the functions read."""
    named = {f"{name.upper()}_QUEUE_URL": urls[name] for name in ("facts", "privacy", "unrouted")}
    return {
        **client_environment(endpoint),
        **named,
        **platforms,
        "DEAD_FACTS_QUEUE_URL": urls["dead"],
        "DESTINATION_QUEUE_URLS": f"{urls['shopify']},{urls['klaviyo']}",
        "CHANGES_QUEUE_URL": urls["shopify"],
    }


def report(name: str, costs: list[tuple[str, dict[str, Any]]]) -> None:
    """Print one line a webhook and the sums that have a budget."""
    for topic, cost in costs:
        say(f"order.{name}", topic=topic, **cost)
    units = [cost["units"] for _, cost in costs]
    quiet = [cost["units"] for _, cost in costs if cost["invocations"] == UNCHANGED]
    say(
        f"order.{name}.units",
        first=units[0],
        that_changes_nothing=max(quiet, default=None),
        mean=round(sum(units) / len(units), 2),
        budgets=BUDGETS,
        messages=sum(cost["messages"] for _, cost in costs),
        most_messages=max(cost["messages"] for _, cost in costs),
        most_invocations=max(cost["invocations"] for _, cost in costs),
    )


def main() -> None:
    """Send the eight webhooks of one more order, and of a first one."""
    with (
        Processes("bench") as processes,
        FakeShopify(shop=a_store.SHOP.id, plan="plus") as shopify,
        FakeKlaviyo() as klaviyo,
    ):
        endpoint = start_ministack(processes)

        def aws(service: str) -> Any:
            make: Any = session().client
            return make(service, endpoint_url=endpoint)

        urls = make_places(aws)
        fill(aws, shopify, klaviyo)
        platforms = {"SHOPIFY_URL": shopify.url, "KLAVIYO_URL": klaviyo.url}
        environment = environment_of(urls, endpoint, platforms)
        bench = Bench(
            aws=aws,
            meter=Meter(aws("dynamodb")),
            queues=urls,
            receive=load("receive_webhook", environment),
            update=load("update_customer", environment),
            route=load("route_changes", environment),
            publish={
                name: load("publish", environment | {"DESTINATION": name}) for name in ("shopify", "klaviyo")
            },
        )
        bench.meter.watch(env.dynamodb(), env.sqs())
        bench.wake(KEPT)
        for number, (name, customer, at_first) in enumerate(STORIES):
            sent = webhooks(customer, 5_500_000_000_000 + 10 * number, at_first)
            report(name, [(topic, bench.webhook(topic, raw, customer)) for topic, raw in sent])
        query = aws("dynamodb").query(
            TableName="table",
            KeyConditionExpression="pk = :p",
            ExpressionAttributeValues={":p": {"S": f"{a_store.SHOP.id}#{KEPT}"}},
        )
        sizes = {
            item["sk"]["S"]: item_bytes(item)
            for item in query["Items"]
            if not item["sk"]["S"].startswith(("order#", "payment#"))
        }
        say("order.item_bytes", **sizes)
        held = sum(map(item_bytes, query["Items"]))
        say("order.partition", orders=ORDERS + 2, bytes=held, read_units=-(-held // READ_UNIT))


if __name__ == "__main__":
    main()
