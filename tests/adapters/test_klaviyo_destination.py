"""Klaviyo as a destination, over HTTP against the fake account that enforces the OpenAPI."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from nextorder.adapters.http import Http
from nextorder.adapters.klaviyo import bodies, import_job
from nextorder.adapters.klaviyo.client import KLAVIYO_REVISION, KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.adapters.klaviyo.projection import NAMES, PREFIX
from nextorder.domain import catalogue as catalogue_module
from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.changes import Change, Desired, Person
from nextorder.domain.diff import change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Scores, Segment, Verdict
from nextorder.ports import Delivered
from nextorder.scoring.estimate import Estimate
from tests.fakes.klaviyo import FakeKlaviyo

SHOP = Shop(id="demo.myshopify.com", currency="GBP", timezone="Europe/London", applied=True)
CATALOGUE = parse_catalogue(Path(catalogue_module.__file__).with_name("catalogue.toml").read_text("utf-8"))
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


class Naps:
    """A sleep that moves the fake's clock instead of waiting."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def naps() -> Naps:
    return Naps()


@pytest.fixture
def klaviyo(naps: Naps) -> Iterator[FakeKlaviyo]:
    with FakeKlaviyo(clock=naps.clock, job_seconds=3.0) as fake:
        fake.seed({"profiles": [{"id": "01ANNA", "email": "anna@example.com", "properties": {"shoe": 41}}]})
        yield fake


@pytest.fixture
def client(klaviyo: FakeKlaviyo) -> KlaviyoClient:
    return KlaviyoClient(lambda _: "pk_demo", base_url=klaviyo.url, http=Http("klaviyo", read_seconds=0.4))


@pytest.fixture
def destination(client: KlaviyoClient, naps: Naps) -> KlaviyoDestination:
    return KlaviyoDestination(client, CATALOGUE, sleep=naps.sleep, patience_seconds=60)


def desired(destination: KlaviyoDestination, verdict: Verdict = VERDICT) -> Desired:
    return destination.project(SHOP, "7", verdict)


def profile(klaviyo: FakeKlaviyo, id_: str = "01ANNA") -> Any:
    return klaviyo.state()["profiles"][id_]


def test_a_verdict_becomes_typed_properties(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    delivered = destination.deliver(SHOP, change(ANNA, desired(destination), None))

    assert delivered == Delivered(remote_id="01ANNA")
    assert profile(klaviyo)["properties"] == {
        "shoe": 41,
        "nextorder_p_5d": 0.02,
        "nextorder_p_5d_lo": 0.01,
        "nextorder_p_5d_hi": 0.032,
        "nextorder_p_30d": 0.02,
        "nextorder_p_30d_lo": 0.01,
        "nextorder_p_30d_hi": 0.032,
        "nextorder_p_90d": 0.02,
        "nextorder_p_90d_lo": 0.01,
        "nextorder_p_90d_hi": 0.032,
        "nextorder_p_window": 0.063,
        "nextorder_p_window_lo": 0.032,
        "nextorder_p_window_hi": 0.1,
        "nextorder_clv_gp2_365": 120.0,
        "nextorder_clv_gp2_365_lo": 62.0,
        "nextorder_clv_gp2_365_hi": 190.0,
        "nextorder_gp2_to_date": -20.0,
        "nextorder_window_opens": "2026-05-02T12:00:00",
        "nextorder_window_closes": "2026-05-02T12:00:00",
        "nextorder_stage": "closing",
        "nextorder_stage_prev": "second-window",
        "nextorder_stage_since": "2026-05-02T12:00:00",
        "nextorder_reason_1": "one",
        "nextorder_reason_2": "two",
        "nextorder_reason_3": "three",
        "nextorder_quality": "ok",
        "nextorder_model": "abc123",
        "nextorder_scored_at": "2026-05-02T00:00:00Z",
    }


def test_the_event_carries_what_a_flow_filters_by_and_no_value(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    step = change(ANNA, desired(destination), None)
    destination.deliver(SHOP, step)
    destination.deliver(SHOP, step)

    [event] = klaviyo.state()["events"]
    assert event["unique_id"] == "demo.myshopify.com:7:stage:closing:20260501T233000Z"
    assert (event["metric"], event["value"], event["profile"]) == ("Nextorder Stage Changed", None, "01ANNA")
    assert event["properties"] == {
        "from": "second-window",
        "to": "closing",
        "stage": "closing",
        "reason": "day 130 of 160",
        "cause": "time",
        "holdout": False,
        "consent_email": "subscribed",
        "consent_sms": "unsubscribed",
        "p": 0.063,
        "lo": 0.032,
        "hi": 0.1,
    }
    assert [r["operations"] for r in klaviyo.requests][:3] == [
        ["get_profiles"],
        ["update_profile"],
        ["create_event"],
    ]


def test_a_held_out_profile_shows_that_and_nothing_else(destination: KlaviyoDestination) -> None:
    assert desired(destination, replace(VERDICT, held_out=True)) == Desired(
        attributes={"nextorder_holdout": True}
    )


def test_every_property_is_among_those_that_everything_names(destination: KlaviyoDestination) -> None:
    moment = datetime(2026, 6, 1, tzinfo=UTC)
    assert VERDICT.scores
    scores = replace(VERDICT.scores, next_order_p20=moment, next_order_p50=moment, next_order_p80=moment)
    gold = {**VERDICT.segments, "value": Segment(value="gold", since=SINCE)}
    shown = KlaviyoDestination(destination._client, CATALOGUE.with_on("all")).project(  # noqa: SLF001
        SHOP, "7", replace(VERDICT, scores=scores, segments=gold)
    )

    assert {PREFIX + name for name in NAMES} - shown.attributes.keys() == {"nextorder_holdout"}
    assert shown.attributes.keys() <= destination.everything(SHOP).attributes.keys()
    assert shown.attributes["nextorder_value_tier"] == "gold"


def test_unset_clears_our_property_and_no_other(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    destination.deliver(SHOP, change(ANNA, desired(destination), None))
    destination.deliver(SHOP, Change(person=ANNA, unset=tuple(destination.everything(SHOP).attributes)))

    assert profile(klaviyo)["properties"] == {"shoe": 41}


def test_no_profile_is_ever_created(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    strangers = [
        Person(customer="8", email="nobody@example.com", phone="+46701234567"),
        Person(customer="9"),
        Person(customer="10", remote_id="01GONE"),
    ]
    for person in strangers:
        with pytest.raises(Refused, match="profile-missing"):
            destination.deliver(SHOP, change(person, desired(destination), None))
    many = [Person(customer=str(n), remote_id=f"01GONE{n}") for n in range(FEW + 1)]
    outcomes = destination.deliver_many(
        SHOP, [Change(person=p, set={"nextorder_stage": "new"}) for p in many]
    )

    assert {repr(outcome) for outcome in outcomes} == {repr(Refused("profile-missing"))}
    assert len(klaviyo.state()["profiles"]) == 1


def test_people_are_found_by_email_and_else_by_a_phone_that_is_theirs(
    client: KlaviyoClient, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.seed(
        {
            "profiles": [
                {"id": "01SMS", "phone": "+46701111111"},
                {"id": "01KIN", "email": "kin@example.com", "phone": "+46702222222"},
                {"id": "01QUOTE", "email": 'a"b\\c@example.com'},
            ]
        }
    )
    people = [
        ANNA,
        Person(customer="1", email="one@example.com", phone="+46701111111"),
        Person(customer="2", email="two@example.com", phone="+46702222222"),
        Person(customer="3", phone="+46702222222"),
        Person(customer="4", email='a"b\\c@example.com'),
        Person(customer="5", phone="070-333"),
        Person(customer="6", remote_id="01KNOWN"),
    ]

    assert find_profiles(client, SHOP.id, people) == {
        "7": "01ANNA",
        "1": "01SMS",
        "3": "01KIN",
        "4": "01QUOTE",
        "6": "01KNOWN",
    }


def a_crowd(klaviyo: FakeKlaviyo, count: int) -> list[Change]:
    emails = [f"c{n}@example.com" for n in range(count)]
    klaviyo.seed({"profiles": [{"id": f"01C{n}", "email": email} for n, email in enumerate(emails)]})
    people = [Person(customer=str(n), email=email) for n, email in enumerate(emails)]
    return [Change(person=person, set={"nextorder_stage": "new"}) for person in people]


def test_many_profiles_go_by_import_job_and_those_who_clear_something_alone(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    crowd = a_crowd(klaviyo, 250)
    crowd[3] = replace(crowd[3], unset=("nextorder_stage_prev",))
    crowd[4] = replace(crowd[4], person=Person(customer="4", email="nobody@example.com"))
    crowd[5] = replace(crowd[5], person=Person(customer="5", remote_id="01GONE"))
    outcomes = destination.deliver_many(SHOP, crowd)

    assert {n for n, outcome in enumerate(outcomes) if isinstance(outcome, Refused)} == {4, 5}
    assert outcomes[3] == Delivered(remote_id="01C3")
    stages = [profile(klaviyo, f"01C{n}")["properties"] for n in range(250) if n not in {4, 5}]
    assert stages == [{"nextorder_stage": "new"}] * 248
    counts = klaviyo.counts
    assert (counts["get_profiles"], counts["bulk_import_profiles"], counts["update_profile"]) == (3, 1, 1)
    assert len(klaviyo.state()["profiles"]) == 251


def test_a_job_that_does_not_end_in_time_is_unknown(client: KlaviyoClient, klaviyo: FakeKlaviyo) -> None:
    klaviyo.job_seconds = 1_000.0
    crowd = a_crowd(klaviyo, FEW + 1)
    destination = KlaviyoDestination(client, CATALOGUE, sleep=lambda _: None, patience_seconds=10)

    assert {type(outcome) for outcome in destination.deliver_many(SHOP, crowd)} == {OutcomeUnknown}


def test_limits_in_a_long_run_are_waited_for(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo, naps: Naps
) -> None:
    klaviyo.faults.add({"match": "bulk_import", "status": 429, "retry_after": 4})
    outcomes = destination.deliver_many(SHOP, a_crowd(klaviyo, FEW + 1))

    assert all(isinstance(outcome, Delivered) for outcome in outcomes)
    assert 4 in naps.naps


@pytest.mark.parametrize(("most_rows", "most_bytes", "jobs"), [(8, 9_000, 4), (100, 1_000, 6)])
def test_jobs_keep_within_rows_and_bytes(
    most_rows: int, most_bytes: int, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [
        Change(person=Person(customer=str(n), remote_id=f"01{n}"), set={"k": "å" * 50}) for n in range(30)
    ]
    monkeypatch.setattr(bodies, "MOST_PROFILES_PER_JOB", most_rows)
    monkeypatch.setattr(bodies, "MOST_BYTES_PER_JOB", most_bytes)
    sent = list(bodies.import_jobs(rows))

    assert len(sent) == jobs
    assert all(len(body) <= most_bytes and count <= most_rows for body, count in sent)
    ids = [
        row["id"] for body, _ in sent for row in json.loads(body)["data"]["attributes"]["profiles"]["data"]
    ]
    assert ids == [f"01{n}" for n in range(30)]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"status": 429, "retry_after": 7}, RetryLater),
        ({"status": 503}, RetryLater),
        ({"status": 500}, OutcomeUnknown),
        ({"timeout_after": True}, OutcomeUnknown),
        ({"drop_connection": "half"}, OutcomeUnknown),
        ({"status": 401}, NeedsHuman),
        ({"status": 403}, NeedsHuman),
        ({"status": 410}, NeedsHuman),
        ({"status": 400}, Refused),
        ({"status": 409}, Refused),
    ],
)
def test_trouble_is_named_by_what_may_be_done(
    fault: dict[str, Any], error: type[Exception], destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    step = change(ANNA, desired(destination), None)
    klaviyo.faults.add({"match": "update_profile", **fault})

    with pytest.raises((RetryLater, NeedsHuman, Refused)) as caught:
        destination.deliver(SHOP, step)
    assert type(caught.value) is error
    assert "example.com" not in str(caught.value)
    destination.deliver(SHOP, step)
    assert len(klaviyo.state()["events"]) == 1


def test_a_lookup_that_times_out_changed_nothing(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "get_profiles", "timeout_after": True})

    with pytest.raises(RetryLater) as caught:
        destination.deliver(SHOP, change(ANNA, desired(destination), None))
    assert type(caught.value) is RetryLater


def test_a_busy_event_endpoint_leaves_the_outcome_half_known(
    destination: KlaviyoDestination, klaviyo: FakeKlaviyo
) -> None:
    klaviyo.faults.add({"match": "create_event", "status": 429, "retry_after": 9})

    with pytest.raises(OutcomeUnknown) as caught:
        destination.deliver(SHOP, change(ANNA, desired(destination), None))
    assert caught.value.seconds == 9
    assert profile(klaviyo)["properties"]["nextorder_stage"] == "closing"


def test_the_revision_is_pinned_and_never_falls_forward(
    client: KlaviyoClient, klaviyo: FakeKlaviyo, monkeypatch: pytest.MonkeyPatch
) -> None:
    find_profiles(client, SHOP.id, [ANNA])
    assert klaviyo.account.counters["revision_fallen_forward"] == 0
    assert KLAVIYO_REVISION == "2026-10-15"

    monkeypatch.setattr("nextorder.adapters.klaviyo.client.KLAVIYO_REVISION", "2020-01-01")
    with pytest.raises(NeedsHuman):
        find_profiles(client, SHOP.id, [ANNA])


def test_import_errors_are_read_page_by_page(destination: KlaviyoDestination, klaviyo: FakeKlaviyo) -> None:
    crowd = [
        Change(person=Person(customer=str(n), remote_id=f"01GONE{n}"), set={"nextorder_stage": "new"})
        for n in range(230)
    ]
    outcomes = destination.deliver_many(SHOP, crowd)

    assert {repr(outcome) for outcome in outcomes} == {repr(Refused("profile-missing"))}
    assert klaviyo.counts["get_errors_for_bulk_import_profiles_job"] == 3
    assert import_job.JOBS in klaviyo.requests[-1]["path"]
