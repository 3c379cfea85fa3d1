"""draw_report on its own: a page that was written is drawn, and whoever gets its link can open it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import requests

from nextorder.adapters.document import encode
from nextorder.adapters.reports import Reports
from nextorder.report.mail import subject_of
from tests.functions.mailbox import mail_with, mailbox
from tests.report.examples import a_page
from tests.system.cloud import Cloud
from tests.system.shops import EVENTS

Event = Callable[[str], Any]
PAGE = replace(a_page(), shop=EVENTS)


@pytest.fixture(scope="module")
def inbox(cloud: Cloud) -> str:
    """The merchant's."""
    return mailbox(cloud, "Reports")


def test_the_merchant_is_sent_a_link_that_opens_the_page_without_keys(
    cloud: Cloud, event: Event, inbox: str
) -> None:
    asked = event("draw_report")
    Reports(cloud.s3, cloud.bucket).keep(EVENTS, asked["day"], {"page.json": encode(PAGE).encode()})

    cloud.invoke("DrawReport", asked)

    told = mail_with(cloud, inbox, EVENTS)
    assert told["Subject"] == subject_of(PAGE)
    [link] = (line for line in told["Message"].splitlines() if line.startswith("http"))
    opened = requests.get(link, timeout=30)
    assert opened.status_code == 200
    assert opened.headers["Content-Type"] == "text/html; charset=utf-8"
    # the page keeps a number and its unit on one line
    assert PAGE.suggestion in opened.text.replace("\N{NO-BREAK SPACE}", " ")
    assert requests.get(link.partition("?")[0], timeout=30).status_code == 403
