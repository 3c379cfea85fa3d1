"""wake_due on its own: who is due now, and who will be."""

from collections.abc import Callable
from typing import Any

from tests.system.cloud import Cloud
from tests.system.people import Someone
from tests.system.shops import EVENTS

Event = Callable[[str], Any]


def test_only_customers_who_are_due_are_woken(cloud: Cloud, event: Event, anna: Someone) -> None:
    cloud.invoke("UpdateCustomer", event("update_customer_event_bridge"))
    before = cloud.customers.state(EVENTS, anna.id)
    assert before
    assert before.due_at

    now = cloud.invoke("WakeDue", event("wake_due")).value
    then = cloud.invoke("WakeDue", event("wake_due") | {"as_of": before.due_at.isoformat()}).value

    assert now[EVENTS] == 0
    assert then[EVENTS] >= 1
