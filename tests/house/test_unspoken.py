"""Names that would hurt if they were seen stay in the house until the merchant switches them on by name."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from nextorder.adapters.audience_files.columns import Asked, spreadsheet
from nextorder.adapters.klaviyo import projection as klaviyo
from nextorder.adapters.shopify import projection as shopify
from nextorder.bootstrap.destinations import OTHERS
from nextorder.domain.audience import BEST, Wanted, check_segment, member_of
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Desired
from nextorder.domain.errors import BadSettings
from nextorder.domain.events import SUBSCRIBED
from nextorder.domain.messages import Reach
from nextorder.domain.published import published_segments, to_show
from nextorder.domain.reasons_ranks import LOSS as LOSS_IN_WORDS
from nextorder.domain.verdict import Cause, Segment, Verdict
from tests.house.test_ethics import LOSS, OFFERING, verdict_of
from tests.house.test_ethics_elsewhere import further
from tests.unit.shop_cases import CATALOGUE

INTERNAL: Mapping[str, str] = {"value:negative": "negative", "risk:lost": "lost"}
CATALOGUES: Mapping[str, Catalogue] = {
    "starter pack": CATALOGUE,
    "all": CATALOGUE.with_on("all"),
    "families": CATALOGUE.with_on(["risk", "value", "life"]),
}
PLACES = ("shopify", "klaviyo", *OTHERS)
LOST = [(10, 8_000, 1_000), (10, 8_000, 1_000)]


def people(catalogue: Catalogue) -> Mapping[str, Verdict]:
    """Return one customer of each, with everything that could let an event start."""
    found = {
        "negative": verdict_of(LOSS, 5, catalogue),
        "lost": verdict_of(LOST, 900, catalogue),
        "both": verdict_of(LOSS, 900, catalogue),
    }
    told = {"email": SUBSCRIBED, "sms": SUBSCRIBED}
    return {name: replace(one, consents=told, cause=Cause.TIME) for name, one in found.items()}


def at(place: str, said: Verdict, catalogue: Catalogue) -> Desired:
    shown = to_show(said, OFFERING)
    if place in OTHERS:
        return further(place, catalogue).project(OFFERING, shown)
    if place == "shopify":
        return shopify.project(OFFERING, shown, catalogue)
    return klaviyo.project(OFFERING, shown, catalogue)


def texts(desired: Desired) -> Iterator[str]:
    yield from desired.audiences
    yield from desired.subjects
    for name, value in desired.attributes.items():
        yield f"{name} {value}"
    for event in desired.events:
        yield from (event.subject, event.id)
        yield from (f"{name} {value}" for name, value in event.properties.items())


def mended(tier: Segment) -> Segment:
    """Return the tier of who cost money and does so no more."""
    return replace(tier, value="gold", previous=tier.value, reason="In the top 20 %.")


def hurtful(words: Iterator[str]) -> list[str]:
    return [one for one in words if LOSS_IN_WORDS in one or re.search(r"\b(negative|lost)\b", one)]


def test_there_are_such_people_and_such_names() -> None:
    found = people(CATALOGUE)

    assert found["negative"].segments["value"].value == "negative"
    assert found["lost"].segments["risk"].value == "lost"
    assert {name for name, entry in CATALOGUE.entries.items() if entry.internal} >= INTERNAL.keys()


@pytest.mark.parametrize("catalogue", CATALOGUES)
@pytest.mark.parametrize("place", PLACES)
def test_no_destination_is_told_such_a_name_in_any_tag_property_reason_or_event(
    place: str, catalogue: str
) -> None:
    for said in people(CATALOGUES[catalogue]).values():
        desired = at(place, said, CATALOGUES[catalogue])

        assert desired != Desired()
        assert hurtful(texts(desired)) == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_who_does_not_cost_money_any_more_is_told_without_what_was(catalogue: str) -> None:
    chosen = CATALOGUES[catalogue]
    for said in people(chosen).values():
        tier = said.segments.get("value")
        back = {**said.segments, **({"value": mended(tier)} if tier else {})}
        for place in PLACES:
            assert hurtful(texts(at(place, replace(said, segments=back), chosen))) == []


@pytest.mark.parametrize("catalogue", CATALOGUES)
def test_no_list_of_an_audience_names_it(catalogue: str) -> None:
    chosen = CATALOGUES[catalogue]
    for said in people(chosen).values():
        member = member_of("7001", said, wanted=Wanted(segment=BEST), shop=OFFERING, catalogue=chosen)
        assert member
        table = spreadsheet([(member, Reach(customer="7001"))], Asked(shop=OFFERING, catalogue=chosen))

        assert hurtful(str(cell) for row in table.rows for cell in row) == []


@pytest.mark.parametrize("name", INTERNAL)
def test_no_audience_is_made_of_it_and_it_is_shown_once_it_is_switched_on_by_its_own_name(name: str) -> None:
    said = people(CATALOGUE)[INTERNAL[name]]
    on = CATALOGUE.with_on([*CATALOGUE.shown, name])

    with pytest.raises(BadSettings, match="is not shown"):
        check_segment(name, CATALOGUE)
    assert name not in published_segments(said, CATALOGUE)
    assert hurtful(texts(at("shopify", said, on))) == [f"next:{name}"]
