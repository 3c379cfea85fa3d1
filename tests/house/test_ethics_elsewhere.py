"""Every further destination keeps to the rules of holdout, consent and loss."""

from dataclasses import replace

import pytest

from nextorder.adapters.destination_parts import Parts
from nextorder.adapters.http import Http
from nextorder.bootstrap.destinations import OTHERS, folder
from nextorder.domain.capabilities import Needs
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Desired
from nextorder.domain.events import SUBSCRIBED
from nextorder.ports import Destination
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import VERDICT
from tests.house.test_ethics import LOSS, OFFERING, verdict_of
from tests.unit.shop_cases import CATALOGUE

NO = "unsubscribed"


def further(name: str, catalogue: Catalogue) -> Destination:
    parts = Parts(settings=lambda _: {}, http=Http(name), catalogue=lambda _: catalogue)
    return folder(name).destination(parts)


@pytest.mark.parametrize("name", OTHERS)
def test_of_who_is_held_out_every_further_destination_shows_that_and_nothing_else(name: str) -> None:
    said = replace(verdict_of([(10, 2_000, 0)] * 4, 5, CATALOGUE), consents={"email": "subscribed"})
    place = further(name, CATALOGUE)

    out = place.project(OFFERING, replace(said, held_out=True))

    assert len(out.attributes) <= 1
    assert all(one.endswith("hold") for one in out.audiences)
    assert not out.events
    assert len(place.project(OFFERING, said).attributes) > 1


@pytest.mark.parametrize("name", OTHERS)
def test_a_further_destination_that_needs_a_consent_shows_nothing_without_it(name: str) -> None:
    said = replace(verdict_of([(10, 2_000, 0)] * 4, 5, CATALOGUE), consents={"email": "unsubscribed"})
    place = further(name, CATALOGUE)

    out = place.project(OFFERING, said)

    assert (out == Desired()) is (place.capabilities.consent is not Needs.NOTHING)


@pytest.mark.parametrize("name", OTHERS)
def test_what_may_start_a_message_needs_consent_and_says_to_which_channel(name: str) -> None:
    place = further(name, CATALOGUE)

    silent, by_sms, by_mail = (
        place.project(SHOP, replace(VERDICT, consents={"email": mail, "sms": sms}))
        for mail, sms in ((NO, NO), (NO, SUBSCRIBED), (SUBSCRIBED, NO))
    )

    assert not silent.events
    if place.capabilities.tells_events:
        assert {one.properties["consent_email"] for one in by_mail.events} == {SUBSCRIBED}
        assert {one.properties["consent_email"] for one in by_sms.events} == {NO}
    if place.capabilities.consent is Needs.EMAIL:
        assert (silent, by_sms) == (Desired(), Desired())


@pytest.mark.parametrize("name", OTHERS)
def test_a_loss_that_is_not_switched_on_is_shown_at_no_further_destination(name: str) -> None:
    catalogue = CATALOGUE.with_on("all")
    place = further(name, catalogue)

    out = place.project(OFFERING, replace(verdict_of(LOSS, 5, catalogue), consents={"email": "subscribed"}))

    assert out.attributes
    assert not [one for one in (*out.audiences, *map(str, out.attributes.values())) if "negative" in one]
