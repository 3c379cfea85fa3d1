"""`nextorder report`: a page and its tables, from a file or from the shop's own facts."""

import csv
import json
import webbrowser
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.document import decode
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.cli.main import main
from nextorder.report.look import NobodyOrdered
from nextorder.report.page import Page
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.crowd_cases import a_crowd
from tests.unit.shop_cases import SHOP

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)


def page_in(folder: Path) -> Page:
    return decode(Page, (folder / "page.json").read_text(encoding="utf-8"))


def order_file(path: Path, until: datetime = AS_OF) -> Path:
    """Write the orders of forty customers, some of them after the moment of the page."""
    crowd = a_crowd(40, until + timedelta(days=20))
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("customer_id", "timestamp", "amount"))
        for customer, orders in crowd.items():
            table.writerows((customer, one.placed_at.isoformat(), one.total / 100) for one in orders)
    return path


def test_a_file_of_orders_becomes_a_page_with_its_tables(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    orders = order_file(tmp_path / "orders.csv")

    status = main(["report", "--orders", str(orders), "--as-of", "2026-03-01", "--currency", "SEK"])

    assert status == 0
    page = page_in(tmp_path / "nextorder-report")
    assert (page.shop, page.currency, page.as_of) == ("orders", "SEK", AS_OF)
    assert 0 < page.customers < 40
    html = (tmp_path / "nextorder-report" / "page.html").read_text(encoding="utf-8")
    assert page.figures[0].says in html
    tables = {path.stem for path in (tmp_path / "nextorder-report" / "tables").glob("*.csv")}
    assert tables == {one.key for one in page.pictures if one.rows}
    said = capsys.readouterr()
    assert "wrote     nextorder-report/page.html" in said.out
    steps = [line.split()[0] for line in said.err.splitlines() if " took " not in line]
    assert steps == ["reading", "reckoning", "drawing"]


def test_the_page_of_a_shop_can_be_opened_at_once(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com", currency="EUR")
    shops.save(shop)
    held = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    for customer, orders in a_crowd(20, datetime.now(UTC)).items():
        held.store_newer(shop.id, customer, orders)
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)

    said = nextorder("report", "--shop", shop.id, "--out", str(tmp_path), "--open")

    page = page_in(tmp_path)
    assert (page.shop, page.customers) == (shop.id, 20)
    assert page.too_few in said
    assert {one.name for one in page.findings} >= {"history", "guest orders"}
    assert opened == [(tmp_path / "page.html").as_uri()]
    assert json.loads((tmp_path / "page.json").read_text())["shop"] == shop.id


def test_a_shop_without_orders_has_no_page(nextorder: Nextorder, shops: DynamoShops, tmp_path: Path) -> None:
    empty = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(empty)

    with pytest.raises(NobodyOrdered):
        nextorder("report", "--shop", empty.id, "--out", str(tmp_path))
    assert not list(tmp_path.iterdir())
