"""What a month costs: it adds up, it grows with the work, and it counts what the template has."""

import re
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.running_cost import (
    ALARMS,
    ALARMS_OF_A_STACK,
    POLLED_ORDERED_QUEUES,
    POLLED_QUEUES,
    Volume,
    bill,
    dollars_a_million_webhooks,
)

TEMPLATE = (Path(__file__).parents[2] / "template.yaml").read_text()
MANY = Volume(customers=100_000, orders=15_000)


def dollars(volume: Volume) -> float:
    return sum(line.dollars for line in bill(volume))


def test_a_big_shop_stays_within_what_was_promised() -> None:
    assert 5 < dollars(MANY) < 15


def test_a_webhook_costs_next_to_nothing() -> None:
    assert 4 < dollars_a_million_webhooks() < 7


@given(customers=st.integers(0, 10**6), orders=st.integers(0, 10**6))
def test_nothing_is_free_and_more_never_costs_less(customers: int, orders: int) -> None:
    found = dollars(Volume(customers=customers, orders=orders))

    assert 0 < found <= dollars(Volume(customers=customers + 1000, orders=orders))
    assert found <= dollars(Volume(customers=customers, orders=orders + 1000))


def test_the_bill_counts_the_templates_alarms_and_queues() -> None:
    [alarms] = [line for line in bill(MANY) if line.price is ALARMS]
    sources = re.findall(r"Queue: !GetAtt (\w+)\.Arn", TEMPLATE)
    ordered = {name for name in sources if "FifoQueue: true" in TEMPLATE.split(f"\n  {name}:\n")[1][:200]}

    assert alarms.count == ALARMS_OF_A_STACK == TEMPLATE.count("Type: AWS::CloudWatch::Alarm")
    assert (len(sources) - len(ordered), len(ordered)) == (POLLED_QUEUES, POLLED_ORDERED_QUEUES)
