"""What GA4 is told of a customer: few words, within its limits, none of them personal or for ads."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import cast

import pytest

from nextorder.adapters.destination_parts import Folder
from nextorder.adapters.ga4 import destination as folder
from nextorder.adapters.ga4.destination import PROPERTIES, update
from nextorder.domain.changes import Change, Desired, Person
from nextorder.domain.errors import NeedsHuman, Refused
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.ga4 import Ga4Case
from tests.adapters.destinations.contract import SECRET, VERDICT, first_change, parts_of
from tests.fakes.clock import StillClock

ANNA = Person(customer="7", email="anna@example.com", phone="+46701234567")
CHANGE = Change(person=ANNA, set={PROPERTIES["stage"]: "new"})


@pytest.fixture
def case(clock: StillClock) -> Iterator[Ga4Case]:
    with Ga4Case(clock) as running:
        yield running


def test_names_are_within_googles_limits_and_leave_room_for_the_merchants() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,23}", name) for name in PROPERTIES.values())
    assert len(PROPERTIES) <= 10


def test_a_customer_is_a_user_id_with_words_that_say_nothing_personal(case: Ga4Case) -> None:
    case.destination.deliver(SHOP, first_change(case, ANNA))

    body = json.loads(case.requests[0]["body"])
    assert body["user_id"] == "7"
    assert re.fullmatch(r"\d+\.\d+", body["client_id"])
    assert body["consent"] == {"ad_user_data": "DENIED", "ad_personalization": "DENIED"}
    assert body["events"] == [{"name": "nextorder_update", "params": {}}]
    assert case.fake.users["7"] == case.destination.project(SHOP, VERDICT).attributes
    assert case.fake.users["7"]["nextorder_stage"] == "closing"
    assert case.fake.users["7"]["nextorder_p_5d"] == "0.02"
    assert not any(word in case.requests[0]["body"] for word in ("example.com", "+46", "gp2", "reason"))


def test_a_held_out_customer_is_marked_and_nothing_else(case: Ga4Case) -> None:
    shown = case.destination.project(SHOP, replace(VERDICT, held_out=True))

    assert shown == Desired(attributes={"nextorder_holdout": "yes"})


def test_a_customer_is_the_same_made_up_client_for_ever_and_another_in_another_shop() -> None:
    clients = {update(shop, "7", {})["client_id"] for shop in (SHOP, SHOP, replace(SHOP, id="b.example.com"))}

    assert len(clients) == 2


def test_what_is_no_more_is_overwritten_by_a_word(case: Ga4Case) -> None:
    case.destination.deliver(SHOP, CHANGE)
    case.destination.deliver(SHOP, Change(person=ANNA, unset=(PROPERTIES["stage"],)))

    assert case.fake.users["7"] == {"nextorder_stage": "none"}


def test_the_first_body_of_a_process_is_shown_to_the_validation_server_and_no_other(case: Ga4Case) -> None:
    for _ in range(3):
        case.destination.deliver(SHOP, CHANGE)

    assert [request["path"] for request in case.fake.requests] == ["/debug/mp/collect", *["/mp/collect"] * 3]
    assert json.loads(case.fake.requests[0]["body"])["validation_behavior"] == "ENFORCE_RECOMMENDATIONS"


def test_what_google_would_drop_in_silence_is_refused_with_its_code(case: Ga4Case) -> None:
    with pytest.raises(Refused, match="ga4-name-invalid"):
        case.destination.deliver(SHOP, Change(person=ANNA, set={"not a name": "x"}))
    with pytest.raises(Refused, match="ga4-value-too-long"):
        case.destination.deliver(SHOP, Change(person=ANNA, set={PROPERTIES["stage"]: "x" * 37}))
    assert not case.requests


def test_a_validation_that_is_no_answer_is_tried_again_later(case: Ga4Case) -> None:
    case.fake.faults.add({"match": "validate", "drop_connection": "half"})

    assert case.destination.check(SHOP).problems[0].remedy == "try again in some minutes"


@pytest.mark.parametrize(
    "settings", [{"identified": "no"}, {"identified": "yes", "measurement_id": "1234567"}], ids=str
)
def test_settings_that_cannot_serve_are_for_a_human(settings: dict[str, str], case: Ga4Case) -> None:
    known = {"url": case.fake.url, "measurement_id": "G-DEMO1", **settings}
    wrong = folder.destination(parts_of(cast("Folder", folder), case, **known))

    with pytest.raises(NeedsHuman):
        wrong.deliver(SHOP, CHANGE)
    assert wrong.check(SHOP).problems
    assert not case.fake.requests


def test_a_wrong_secret_is_the_one_thing_that_google_never_tells(case: Ga4Case) -> None:
    """So the words of a check say where to look."""
    case.fake.arguments["api_secret"] = "another"

    case.destination.deliver(SHOP, CHANGE)

    assert (case.fake.users, case.fake.dropped) == ({}, 1)
    health = case.destination.check(SHOP)
    assert "yes to any secret" in health.account
    assert SECRET not in health.account
