"""What template.yaml lets a change wait on its way to a flow, added up."""

import re
from pathlib import Path
from typing import Final

TEMPLATE = (Path(__file__).resolve().parents[2] / "template.yaml").read_text()
PARTS = {part.split(":")[0]: part for part in re.split(r"\n  (?=\w+:\n)", TEMPLATE)}
MOST_SECONDS: Final = 120
"""From a webhook, or a verdict that changes by time, to what a flow starts from."""
WORK_SECONDS: Final = 30
"""Left for four functions, cold, and the platforms' answers; measured: under ten."""
ON_THE_WAY: Final = ("Facts", "UpdateCustomer", "RouteChanges")


def waits(name: str) -> int:
    """Return the seconds that a queue or a function's event source holds back what comes."""
    default = int(re.findall(r"Default: (\d+)", PARTS["DestinationDelaySeconds"])[0])
    told = re.findall(r"(?:MaximumBatchingWindowInSeconds|DelaySeconds): (!Ref \w+|\d+)", PARTS[name])
    return sum(default if one == "!Ref DestinationDelaySeconds" else int(one) for one in told)


def test_delays_leave_a_flow_time_to_start_within_two_minutes() -> None:
    assert "!Ref DestinationDelaySeconds" in PARTS["KlaviyoChanges"]
    for destination in ("Klaviyo", "Shopify"):
        way = (*ON_THE_WAY, f"{destination}Changes", f"Publish{destination}")

        assert sum(map(waits, way)) + WORK_SECONDS <= MOST_SECONDS


def test_who_is_due_is_looked_for_each_minute() -> None:
    assert "ScheduleExpression: rate(1 minute)" in PARTS["WakeDue"]
