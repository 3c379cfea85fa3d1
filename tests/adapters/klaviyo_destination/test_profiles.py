"""People are found in the account, and nobody is added to it."""

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.destination import FEW, KlaviyoDestination
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.domain.changes import Change, Person
from nextorder.domain.diff import change
from nextorder.domain.errors import Refused
from tests.adapters.destination_cases import SHOP
from tests.adapters.klaviyo_destination.cases import ANNA, desired
from tests.fakes.klaviyo import FakeKlaviyo


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
