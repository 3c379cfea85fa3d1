"""write_report on its own: a shop's page is written from its facts, with its tables, and drawn."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from nextorder.adapters.document import decode
from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.report.page import Page
from tests.system.cloud import Cloud, eventually
from tests.system.shops import REPORTED, a_shop
from tests.unit.crowd_cases import a_crowd

Event = Callable[[str], Any]
ACCEPTED = 202


@pytest.fixture(scope="module", autouse=True)
def crowd(cloud: Cloud) -> None:
    """Write the facts of a store with a few dozen customers."""
    bulk = DynamoBulk(cloud.dynamodb, cloud.table, cloud.customers)
    bulk.store_all(REPORTED, dict(a_crowd(60, datetime.now(UTC))))


def test_a_shops_page_is_written_with_its_tables_and_drawn_by_another_function(
    cloud: Cloud, event: Event
) -> None:
    day = cloud.invoke("WriteReport", event("write_report") | {"shop": REPORTED}).value[REPORTED]

    folder = f"reports/{REPORTED}/{day}/"
    files = cloud.objects(folder)
    page = decode(Page, files[f"{folder}page.json"].decode())
    assert (page.shop, page.customers, page.currency) == (REPORTED, 60, "EUR")
    assert page.too_few
    tables = {one.key for one in page.pictures if one.rows}
    assert {f"{folder}tables/{key}.csv" for key in tables} <= set(files)
    html = eventually(lambda: cloud.objects(folder).get(f"{folder}page.html", b""))
    assert page.too_few in html.decode()


def test_it_may_begin_an_invocation_of_its_own_for_each_shop(cloud: Cloud) -> None:
    """The schedule itself is not tried: a page of every shop of the tests would keep the machine busy."""
    function = cloud.function("WriteReport")
    of_nobody = json.dumps({"shop": "nobody.myshopify.com"})

    begun = cloud.client("lambda", cloud.as_role_of("WriteReport")).invoke(
        FunctionName=function, InvocationType="Event", Payload=of_nobody
    )

    assert begun["StatusCode"] == ACCEPTED


def test_a_shop_without_orders_or_without_us_gets_no_page(cloud: Cloud) -> None:
    """The rest of the table is other tests': a shop of which nothing is held is one that just began."""
    cloud.shops.save(empty := a_shop("empty.myshopify.com"))

    assert cloud.invoke("WriteReport", {"shop": empty.id}).value == {empty.id: ""}
    assert cloud.invoke("WriteReport", {"shop": "nobody.myshopify.com"}).value == {}
    assert not cloud.objects(f"reports/{empty.id}/")
