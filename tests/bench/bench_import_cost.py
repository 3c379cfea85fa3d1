"""What an import writes: units an order and a customer, S3 objects a chunk; on the local AWS."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.adapters.dynamodb.items import Item
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import import_history
from nextorder.domain.imports import Kind
from nextorder.use_cases.import_facts import History
from tests.bench import a_store
from tests.bench.handlers import load
from tests.bench.measuring import say
from tests.bench.metering import write_units
from tests.bench.stores import ORDERS_A_CUSTOMER, bulk_lines
from tests.local_stack.bare import BUCKET, TABLE, BareAws, bare_aws
from tests.local_stack.places import client_environment

ORDERS: Final = 600
IN_A_TRANSACTION: Final = 2
"""Times the units of a plain write."""


class Till:
    """Counts what a client writes, transactions twice, by DynamoDB's rules."""

    def __init__(self, dynamodb: Any, s3: Any) -> None:
        self.units = self.puts = 0
        events = "provide-client-params"
        dynamodb.meta.events.register(f"{events}.dynamodb.TransactWriteItems", self._many)
        dynamodb.meta.events.register(f"{events}.dynamodb.PutItem", self._one)
        s3.meta.events.register(f"{events}.s3.PutObject", self._object)

    def take(self) -> tuple[int, int]:
        """Return units and S3 writes since the last time."""
        taken = self.units, self.puts
        self.units = self.puts = 0
        return taken

    def _many(self, params: dict[str, Any], **_: Any) -> None:
        items: Sequence[Item] = [action["Put"]["Item"] for action in params["TransactItems"]]
        self.units += IN_A_TRANSACTION * sum(write_units(None, item) for item in items)

    def _one(self, params: dict[str, Any], **_: Any) -> None:
        self.units += write_units(None, params["Item"])

    def _object(self, **_: Any) -> None:
        self.puts += 1


def fill(aws: BareAws) -> None:
    """Write the shop with its model."""
    for item in a_store.shop_items():
        aws.client("dynamodb").put_item(TableName=TABLE, Item=item)


def main() -> None:
    """Store a generated store's orders and score its customers."""
    with bare_aws("bench-import-cost") as aws:
        places = {"TABLE_NAME": TABLE, "BUCKET_NAME": BUCKET, "CONNECTIONS_SECRET_ARN": aws.secret_arn}
        load("import_history", {**client_environment(aws.url), **places})
        fill(aws)
        till = Till(env.dynamodb(), env.s3())
        shop = import_history.shop_of(a_store.SHOP.id)
        course = import_history.course(shop.id, "import-bench")
        lines = list(bulk_lines(ORDERS))
        course.files.add(Kind.ORDERS, 0, "0", lines)
        history, reader = History(), import_history.reader(shop)
        nodes, rejects = reader.joined(lines)
        assert not rejects
        for node in nodes:
            for reading in reader.readings(node):
                history.add(reading)
        import_history.importer(shop).store(history)
        course.files.close(Kind.ORDERS, 0, len(nodes), ())
        customers = len(history.by_customer)
        facts = sum(map(len, history.by_customer.values()))
        units, puts = till.take()
        say(
            "import.facts",
            orders=ORDERS,
            customers=customers,
            orders_a_customer=ORDERS_A_CUSTOMER,
            facts=facts,
            write_units_an_order=round(units / ORDERS, 2),
            s3_writes_a_chunk=puts,
        )
        import_history.score(course, 0, 1, datetime.now(UTC))
        units, _ = till.take()
        say("import.scoring", customers=customers, write_units_a_customer=round(units / customers, 2))


if __name__ == "__main__":
    main()
