"""Anna, a verdict about her, and a crowd, for every test of the Klaviyo destination."""

from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.klaviyo.destination import KlaviyoDestination
from nextorder.domain.changes import Change, Desired, Person
from nextorder.domain.diff import change
from nextorder.domain.verdict import Cause, Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate
from tests.adapters.destination_cases import SHOP
from tests.fakes.klaviyo import FakeKlaviyo

ANNA = Person(customer="7", email="Anna@Example.com")
SINCE = datetime(2026, 5, 1, 23, 30, tzinfo=UTC)


def an_estimate(value: float) -> Estimate:
    return Estimate(value=value, lo=value / 2, hi=value * 1.5)


VERDICT = Verdict(
    segments={
        "life": Segment(value="closing", since=SINCE, previous="second-window", reason="day 130 of 160")
    },
    scores=Scores(
        p_active=0.9,
        p_order={days: an_estimate(0.02) for days in ("5", "30", "90")},
        p_window=an_estimate(0.06),
        clv_gp2_365=an_estimate(12_345.0),
        gp2_to_date=-1999,
        window_opens=SINCE,
        window_closes=SINCE,
    ),
    reasons=("one", "two", "three", "four"),
    consents={"email": "subscribed", "sms": "unsubscribed"},
    cause=Cause.TIME,
    scored_at=datetime(2026, 5, 2, tzinfo=UTC),
    model="abc123",
)


def desired(destination: KlaviyoDestination, verdict: Verdict = VERDICT) -> Desired:
    return destination.project(SHOP, verdict)


def first_change(destination: KlaviyoDestination, verdict: Verdict = VERDICT) -> Change:
    """Return what a profile that shows nothing yet is to be told."""
    wanted = desired(destination, verdict)
    return change(ANNA, wanted, None, wanted.events)


def profile(klaviyo: FakeKlaviyo, id_: str = "01ANNA") -> Any:
    return klaviyo.state()["profiles"][id_]


def a_crowd(klaviyo: FakeKlaviyo, count: int) -> list[Change]:
    emails = [f"c{n}@example.com" for n in range(count)]
    klaviyo.seed({"profiles": [{"id": f"01C{n}", "email": email} for n, email in enumerate(emails)]})
    people = [Person(customer=str(n), email=email) for n, email in enumerate(emails)]
    return [Change(person=person, set={"nextorder_stage": "new"}) for person in people]
