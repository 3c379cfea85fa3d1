"""write_report on its schedule: a shop's page is written with its tables, drawn, and sent as a link."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

import pytest
import requests

from nextorder.adapters.document import decode
from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.report.mail import subject_of
from nextorder.report.page import Page
from tests.functions.mailbox import mail_with, mailbox
from tests.system.cloud import Cloud, eventually
from tests.system.shops import REPORTED, a_shop
from tests.unit.crowd_cases import a_crowd

Event = Callable[[str], Any]
MONDAYS: Final = "cron(0 5 ? * MON *)"
CUSTOMERS: Final = 60


@pytest.fixture(scope="module", autouse=True)
def crowd(cloud: Cloud) -> None:
    """Write the facts of a store with a few dozen customers."""
    bulk = DynamoBulk(cloud.dynamodb, cloud.table, cloud.customers)
    bulk.store_all(REPORTED, dict(a_crowd(CUSTOMERS, datetime.now(UTC))))


@pytest.fixture(scope="module")
def inbox(cloud: Cloud) -> str:
    """Where the merchant reads of the page."""
    return mailbox(cloud, "Reports")


def weekly(cloud: Cloud) -> dict[str, Any]:
    """Return the schedule as it is deployed."""
    name = cloud.function("WriteReportWeekly")
    told: dict[str, Any] = cloud.client("scheduler").get_schedule(Name=name)
    return told


@contextmanager
def as_the_only_shop(cloud: Cloud, shop: str) -> Iterator[None]:
    """Take the other shops off the list: a page of each would keep the machine busy for minutes."""
    others = [
        item for item in cloud.every_item() if item["pk"] == {"S": "shops"} and item["sk"] != {"S": shop}
    ]
    for item in others:
        cloud.dynamodb.delete_item(TableName=cloud.table, Key={"pk": item["pk"], "sk": item["sk"]})
    try:
        yield
    finally:
        for item in others:
            cloud.dynamodb.put_item(TableName=cloud.table, Item=item)


def test_it_is_scheduled_for_monday_mornings_with_an_input_that_means_every_shop(cloud: Cloud) -> None:
    told = weekly(cloud)

    assert (told["ScheduleExpression"], told["State"]) == (MONDAYS, "ENABLED")
    assert told["Target"]["Input"] == "{}"
    assert told["Target"]["Arn"].endswith(f":function:{cloud.function('WriteReport')}")
    assert told["Target"]["RoleArn"]


def test_what_the_schedule_sends_makes_the_page_its_tables_and_a_link_that_opens(
    cloud: Cloud, inbox: str
) -> None:
    """Its own target with its own input, but now and once."""
    now = f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})"
    target, when = weekly(cloud)["Target"], {"FlexibleTimeWindow": {"Mode": "OFF"}}
    with as_the_only_shop(cloud, REPORTED):
        cloud.client("scheduler").create_schedule(
            Name="now", ScheduleExpression=now, Target=target, ActionAfterCompletion="DELETE", **when
        )
        files = eventually(lambda: written(cloud))

    [folder] = {key.rpartition("/")[0] for key in files if key.endswith("page.json")}
    page = decode(Page, files[f"{folder}/page.json"].decode())
    assert (page.shop, page.customers, page.currency) == (REPORTED, CUSTOMERS, "EUR")
    assert page.too_few
    tables = {one.key for one in page.pictures if one.rows}
    assert {f"{folder}/tables/{key}.csv" for key in tables} <= set(files)

    told = mail_with(cloud, inbox, subject_of(page))["Message"]
    [link] = (line for line in told.splitlines() if line.startswith("http"))
    opened = requests.get(link, timeout=30)
    assert opened.content == cloud.objects(folder)[f"{folder}/page.html"]
    assert page.too_few in opened.text
    assert f"/{folder}/page.html?" in link
    assert requests.get(link.partition("?")[0], timeout=30).status_code == requests.codes.forbidden


def written(cloud: Cloud) -> dict[str, bytes]:
    """Return the shop's files once the page is among them, which comes last."""
    files = dict(cloud.objects(f"reports/{REPORTED}/"))
    return files if any(key.endswith("page.json") for key in files) else {}


def test_a_shop_without_orders_or_without_us_gets_no_page(cloud: Cloud, event: Event) -> None:
    """The rest of the table is other tests': a shop of which nothing is held is one that just began."""
    cloud.shops.save(empty := a_shop("empty.myshopify.com"))
    asked = event("write_report")

    assert cloud.invoke("WriteReport", asked | {"shop": empty.id}).value == {empty.id: ""}
    assert cloud.invoke("WriteReport", asked | {"shop": "nobody.myshopify.com"}).value == {}
    assert not cloud.objects(f"reports/{empty.id}/")
