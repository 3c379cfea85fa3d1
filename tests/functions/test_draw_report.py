"""draw_report on its own: a page that was written is drawn, and whoever gets its link can open it."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from nextorder.adapters.document import encode
from nextorder.adapters.reports import Reports
from nextorder.report.mail import subject_of
from tests.report.examples import a_page
from tests.system.cloud import Cloud, eventually
from tests.system.shops import EVENTS

Event = Callable[[str], Any]
PAGE = replace(a_page(), shop=EVENTS)


@pytest.fixture(scope="module")
def inbox(cloud: Cloud) -> str:
    """A queue that is subscribed to the topic of pages, as a mailbox would be."""
    queue: str = cloud.sqs.create_queue(QueueName="of-the-merchant")["QueueUrl"]
    arn = cloud.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"][
        "QueueArn"
    ]
    let_in = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [let_in]})
    cloud.sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": policy})
    cloud.client("sns").subscribe(TopicArn=cloud.function("Reports"), Protocol="sqs", Endpoint=arn)
    return queue


def mail(cloud: Cloud, inbox: str) -> dict[str, str]:
    """Return what the merchant is sent."""
    [message] = eventually(lambda: cloud.sqs.receive_message(QueueUrl=inbox).get("Messages", []))
    told: dict[str, str] = json.loads(message["Body"])
    return told


def test_the_merchant_is_sent_a_link_that_opens_the_page_without_keys(
    cloud: Cloud, event: Event, inbox: str
) -> None:
    asked = event("draw_report")
    Reports(cloud.s3, cloud.bucket).keep(EVENTS, asked["day"], {"page.json": encode(PAGE).encode()})

    cloud.invoke("DrawReport", asked)

    told = mail(cloud, inbox)
    assert told["Subject"] == subject_of(PAGE)
    [link] = (line for line in told["Message"].splitlines() if line.startswith("http"))
    opened = requests.get(link, timeout=30)
    assert opened.status_code == 200
    assert opened.headers["Content-Type"] == "text/html; charset=utf-8"
    # the page keeps a number and its unit on one line
    assert PAGE.suggestion in opened.text.replace("\N{NO-BREAK SPACE}", " ")
    assert requests.get(link.partition("?")[0], timeout=30).status_code == 403
