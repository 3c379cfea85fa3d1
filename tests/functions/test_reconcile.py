"""reconcile on its own: a tick of the schedule looks at every shop that is connected."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.dynamodb.denials import DynamoDenials
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.domain.reconciliation import Reconciliation
from tests.system.cloud import Cloud
from tests.system.shops import EVENTS


def test_a_shop_in_which_nothing_changed_is_looked_at_and_nothing_is_put_on_the_queue(
    cloud: Cloud, event: Callable[[str], Any]
) -> None:
    came = cloud.invoke("Reconcile", event("reconcile") | {"shop": EVENTS, "as_of": "2020-01-02T00:00:00Z"})

    assert came.value == {EVENTS: {"orders": 0, "customers": 0, "goods": 0, "restored": [], "finished": True}}
    noted = Progress(cloud.dynamodb, cloud.table, sort_key="reconcile", kind=Reconciliation).load(EVENTS)
    assert noted
    assert noted.checked_at
    assert noted.orders.began is None


def test_the_daily_check_lifts_the_note_of_a_permission_that_was_missing(
    cloud: Cloud, event: Callable[[str], Any]
) -> None:
    notes = DynamoDenials(cloud.dynamodb, cloud.table)
    notes.note(EVENTS, "shopify", datetime(2020, 1, 3, tzinfo=UTC))

    cloud.invoke("Reconcile", event("reconcile") | {"shop": EVENTS, "as_of": "2020-01-05T00:00:00Z"})

    assert notes.standing(EVENTS) == {}
