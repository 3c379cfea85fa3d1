"""`nextorder import FILE`: three kinds of files, the same facts; what cannot be used is kept with why."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.assortment import DynamoAssortment
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.shopify.export_csv import COLUMNS
from nextorder.adapters.shopify.reading_documents import bulk_orders
from nextorder.bootstrap.update import shops
from nextorder.cli.history import import_file
from nextorder.cli.main import parser
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order, Payment, Refund, StoredFact, UnitCost, VariantCategory
from tests.adapters.test_export_csv import FIRST, SECOND, written
from tests.cli.conftest import Nextorder
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.bulk_rows import rows
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.payloads import Body, a_customer, a_line, a_refund, a_transaction, an_order, refunded

Import = Callable[..., list[StoredFact]]
LINE = a_line(1, "20.00", 2)
BOUGHT = an_order(
    LINE,
    total="45.00",
    fulfillment_status=None,
    buyer_accepts_marketing=True,
    shipping_lines=[],
    refunds=[a_refund(refunded(LINE, 1, "20.00"))],
)
PAID = a_transaction(8001, "45.00")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def customers_of(aws: BareAws) -> DynamoCustomers:
    return DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")


@pytest.fixture
def domain(nextorder: Nextorder) -> str:
    """A connected shop."""
    shop = f"{uuid4().hex}.myshopify.com"
    arguments = ("connect", "shopify", "--shop", shop, "--client-id", "demo-client", "--secret-stdin")
    nextorder(*arguments, "--unchecked", "--currency", "EUR", stdin="demo-secret")
    return shop


@pytest.fixture
def imported(aws: BareAws, domain: str) -> Import:
    """Import a file and return the facts that are stored of customer 7001."""

    def run(*arguments: object) -> list[StoredFact]:
        shop = shops().get(domain)
        assert shop
        import_file(parser().parse_args(["import", *map(str, arguments)]), shop)
        facts = customers_of(aws).read(domain, "7001").facts
        return sorted(facts, key=lambda fact: (fact.prefix, fact.id))

    return run


def webhooks(path: Path, *told: tuple[str, Body]) -> Path:
    lines = [
        {"topic": topic, "triggered_at": "2026-11-21T08:30:00Z", "payload": body} for topic, body in told
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def exported(path: Path, store: FakeShopify) -> Path:
    path.write_bytes(b"".join(line for _, line in rows(store.store, bulk_orders(""), grouped=False)))
    return path


def kinds(facts: Sequence[StoredFact]) -> list[str]:
    return [type(fact).__name__ for fact in facts]


def test_a_bulk_result_makes_the_facts_of_the_webhooks(
    imported: Import, store: FakeShopify, tmp_path: Path
) -> None:
    """Refund lines, which it leaves out, are asked for."""
    store.seed({"orders": [{**BOUGHT, "transactions": [PAID]}]})
    once = imported(
        webhooks(tmp_path / "told.jsonl", ("orders/updated", BOUGHT), ("order_transactions/create", PAID))
    )
    again = imported(exported(tmp_path / "bulk.jsonl", store))
    assert kinds(once) == ["SignUp", "Order", "Payment", "Refund"]
    assert again == once


def test_what_a_bulk_result_leaves_out_can_be_left_out(
    imported: Import, store: FakeShopify, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without Shopify the order is taken net, and the whole story wins whenever it comes."""
    line = {**LINE, "current_quantity": 1}
    store.seed({"orders": [{**BOUGHT, "line_items": [line]}]})
    bulk = exported(tmp_path / "bulk.jsonl", store)
    net = imported(bulk, "--offline")
    assert kinds(net) == ["SignUp", "Order"]
    assert [line.quantity for fact in net if isinstance(fact, Order) for line in fact.lines] == [1]
    assert "refunded orders taken net, since nobody said which lines came back: 1" in capsys.readouterr().out
    whole = imported(bulk)
    assert kinds(whole) == ["SignUp", "Order", "Refund"]
    assert [line.quantity for fact in whole if isinstance(fact, Order) for line in fact.lines] == [2]


def test_orders_of_an_export_find_their_customers(
    imported: Import, store: FakeShopify, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the customer export, else by asking Shopify; a guest's order is counted and said."""
    store.seed({"customers": [a_customer(email="anna@example.com")]})
    orders = tmp_path / "orders.csv"
    other = {**FIRST, "Name": "#1002", "Id": "5002", "Email": "nobody@example.com"}
    orders.write_text(written(FIRST, SECOND, other).getvalue(), encoding="utf-8-sig")
    assert kinds(imported(orders)) == ["Order"]
    assert "orders without a customer who is known, counted as guests': 1" in capsys.readouterr().out

    customers = tmp_path / "customers.csv"
    customers.write_text(
        "Customer ID,First Name,Email\n'7001,Anna,Anna@example.com\n'7002,B,nobody@example.com\n"
    )
    assert kinds(imported(orders, "--customers", customers, "--offline")) == ["Order"]
    said = capsys.readouterr().out
    assert "without a customer" not in said
    assert "2 orders" in said


def test_goods_of_an_export_are_known_by_their_sku(
    imported: Import, aws: BareAws, domain: str, store: FakeShopify, tmp_path: Path
) -> None:
    store.seed({"customers": [a_customer(email="anna@example.com")]})
    mug = VariantCategory(id="31", inventory_item="41", category="mugs", updated_at=LONG_AGO, sku="MUG")
    cost = UnitCost(id="41", updated_at=LONG_AGO, unit_cost=700, currency="EUR")
    DynamoAssortment(aws.client("dynamodb"), TABLE).store_all(domain, [mug, cost])
    orders = tmp_path / "orders.csv"
    orders.write_text(written(FIRST, SECOND).getvalue(), encoding="utf-8")

    [order] = imported(orders)

    assert isinstance(order, Order)
    assert [(one.variant, one.category, one.unit_cost) for one in order.lines] == [
        ("31", "mugs", 700),
        ("", "other", None),
    ]


def test_a_whole_import_ends_with_verdicts(nextorder: Nextorder, domain: str, tmp_path: Path) -> None:
    file = webhooks(tmp_path / "told.jsonl", ("orders/updated", BOUGHT))
    said = nextorder("import", str(file), "--shop", domain, "--as-of", "2026-11-21T00:00:00+00:00")
    assert "1 order in" in said
    assert "scored    1 customers" in said.progress
    assert said.status == 0


def test_what_cannot_be_used_is_kept_with_line_and_reason(
    imported: Import, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The rest is imported; a second import without rejects leaves no file."""
    file = webhooks(tmp_path / "told.jsonl", ("orders/updated", BOUGHT), ("orders/updated", {"id": 1}))
    with file.open("a") as lines:
        lines.write("{half\n\n" + json.dumps({"topic": "carts/create", "payload": {}}))
    assert any(isinstance(fact, Refund) for fact in imported(file))
    assert "refused   3 lines" in capsys.readouterr().out
    kept = [json.loads(line) for line in (tmp_path / "told.rejects.jsonl").read_text().splitlines()]
    assert [(row["line"], row["reason"].partition(":")[0]) for row in kept] == [
        ("line 3", "the body is not JSON (JSONDecodeError)"),
        ("line 5", 'a line is {"topic"'),
        ("line 2", "line_items"),
    ]
    imported(webhooks(file, ("orders/updated", BOUGHT)))
    assert not (tmp_path / "told.rejects.jsonl").exists()


def test_a_refused_row_is_kept_for_the_merchant_alone(imported: Import, tmp_path: Path) -> None:
    """As it was read: without names and addresses, which no order needs."""
    orders = tmp_path / "orders.csv"
    orders.write_text(written({**FIRST, "Id": "5.0E+12"}, SECOND).getvalue())
    assert imported(orders, "--offline") == []
    kept = tmp_path / "orders.rejects.jsonl"
    [row] = [json.loads(line) for line in kept.read_text().splitlines()]
    assert row["line"] == "line 2"
    first, second = json.loads(row["text"])
    assert (first["Id"], second["Lineitem name"]) == ("5.0E+12", "Tea")
    assert "Anna Example" not in row["text"]
    assert kept.stat().st_mode & 0o777 == 0o600


def test_a_refused_node_of_a_bulk_result_is_kept_and_the_field_that_lacks_is_named(
    imported: Import, tmp_path: Path
) -> None:
    file = tmp_path / "bulk.jsonl"
    file.write_text('{"id":"gid://shopify/Order/5"}\n')
    assert imported(file, "--offline") == []
    [row] = [json.loads(line) for line in (tmp_path / "bulk.rejects.jsonl").read_text().splitlines()]
    assert row["reason"].endswith(" is missing")
    assert json.loads(row["text"])["id"] == "gid://shopify/Order/5"


def test_an_order_with_a_date_to_come_is_said_and_breaks_no_fit(
    nextorder: Nextorder, domain: str, tmp_path: Path
) -> None:
    later = {**an_order(LINE, total="45.00"), "id": 5002, "admin_graphql_api_id": "gid://shopify/Order/5002"}
    later |= {
        "processed_at": "2031-03-02T10:15:00+01:00",
        "customer": a_customer(id=7002, admin_graphql_api_id=None),
    }
    file = webhooks(tmp_path / "told.jsonl", ("orders/updated", BOUGHT), ("orders/updated", later))
    said = nextorder("import", str(file), "--shop", domain)
    assert "orders with a date to come, not counted before it: 1" in said
    assert said.status == 0


def test_an_import_that_was_cut_off_is_begun_again(imported: Import, tmp_path: Path) -> None:
    """What is stored already is stored no second time, and what was missing comes."""
    told = (("order_transactions/create", PAID), ("orders/updated", BOUGHT))
    half = imported(webhooks(tmp_path / "told.jsonl", *told[:1]))
    whole = imported(webhooks(tmp_path / "told.jsonl", *told))
    assert kinds(half) == []
    assert kinds(whole) == ["SignUp", "Order", "Payment", "Refund"]
    assert imported(webhooks(tmp_path / "told.jsonl", *told)) == whole


def test_a_merge_is_obeyed_after_all_facts(
    imported: Import, aws: BareAws, domain: str, tmp_path: Path
) -> None:
    """It stands first in the file, and what it moves stands last."""
    merge = {
        "admin_graphql_api_customer_kept_id": "gid://shopify/Customer/7001",
        "admin_graphql_api_customer_deleted_id": "gid://shopify/Customer/7002",
        "status": "completed",
    }
    berta = a_customer(id=7002, admin_graphql_api_id="gid://shopify/Customer/7002")
    hers = {**BOUGHT, "customer": berta}
    told = (("customers/merge", merge), ("order_transactions/create", PAID), ("orders/updated", hers))
    imported(webhooks(tmp_path / "told.jsonl", *told))
    record = customers_of(aws).read(domain, "7002")
    assert record.gone
    assert record.gone.into == "7001"
    assert {Order, Payment, Refund} <= {type(fact) for fact in record.facts}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("\n\n", "is empty"),
        ("Name,Email\n#1,a@example.com\n", "is neither"),
        (",".join(sorted(COLUMNS - {"Currency", "Id"})) + "\n", "without Currency, Id"),
        (";".join(sorted(COLUMNS)) + "\n", "separated by semicolons"),
        (",".join(sorted(COLUMNS)) + "\nS\xf8ren\n", "line 2 is not UTF-8; save the file as UTF-8"),
        ('{"id":"gid://other/Order/1"}\n', "is neither"),
        ("Customer ID,Email\n1,a@example.com\n", "lists customers"),
        ("\xff\xfe", "cannot be read"),
    ],
)
def test_a_file_of_another_kind_is_refused_as_a_whole(
    imported: Import, tmp_path: Path, text: str, reason: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadSettings, match=reason):
        imported(file, "--offline")


def test_a_customer_list_that_is_none_is_refused(imported: Import, tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    orders.write_text(written(FIRST).getvalue())
    with pytest.raises(BadSettings, match="no customer export"):
        imported(orders, "--customers", orders)
