"""What a month costs: it adds up, it grows with the work, and it counts what the template has."""

import re
from collections import Counter
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.running_cost import (
    ALARMS,
    ALARMS_OF_A_STACK,
    METRICS_OF_OURS,
    POLLED_ORDERED_QUEUES,
    POLLED_QUEUES,
    Volume,
    bill,
    bill_of_import,
    dollars_a_million_webhooks,
)

ROOT = Path(__file__).parents[2]
TEMPLATE = (ROOT / "template.yaml").read_text()
MANY = Volume(customers=100_000, orders=15_000)


def dollars(volume: Volume) -> float:
    return sum(line.dollars for line in bill(volume))


def test_a_big_shop_stays_within_what_was_promised() -> None:
    assert 5 < dollars(MANY) < 15


def test_a_webhook_costs_next_to_nothing() -> None:
    assert 4 < dollars_a_million_webhooks() < 7


def test_a_million_orders_are_imported_for_the_price_of_a_lunch() -> None:
    history = Volume(customers=333_000, orders=41_667)

    assert 5 < sum(line.dollars for line in bill_of_import(history)) < 10


@given(customers=st.integers(0, 10**6), orders=st.integers(0, 10**6))
def test_nothing_is_free_and_more_never_costs_less(customers: int, orders: int) -> None:
    found = dollars(Volume(customers=customers, orders=orders))

    assert 0 < found <= dollars(Volume(customers=customers + 1000, orders=orders))
    assert found <= dollars(Volume(customers=customers, orders=orders + 1000))


def test_the_bill_counts_the_metrics_that_functions_send() -> None:
    handlers = "".join(path.read_text() for path in (ROOT / "functions").glob("*/handler.py"))
    by_outcome = re.findall(r"^COUNTED_AS = \{(.+?)\}", handlers, re.MULTILINE | re.DOTALL)
    sent = re.findall(r'add_metric\("(\w+)"', handlers) + re.findall(r': "(\w+)"', "".join(by_outcome))

    assert len(set(sent)) == METRICS_OF_OURS


def test_the_bill_counts_the_templates_alarms_and_queues() -> None:
    """What stands anyway: what a condition brings is paid for on request."""
    [alarms] = [line for line in bill(MANY) if line.price is ALARMS]
    always = [part for part in re.split(r"\n  (?=\w+:\n)", TEMPLATE) if "\n    Condition: " not in part]
    sources = [name for part in always for name in re.findall(r"Queue: !GetAtt (\w+)\.Arn", part)]
    fifo = {part.split(":")[0] for part in always if "FifoQueue: true" in part}
    counted = Counter(name in fifo for name in sources)

    assert alarms.count == ALARMS_OF_A_STACK
    assert sum("Type: AWS::CloudWatch::Alarm" in part for part in always) == ALARMS_OF_A_STACK
    assert (counted[False], counted[True]) == (POLLED_QUEUES, POLLED_ORDERED_QUEUES)
