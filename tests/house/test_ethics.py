"""What no score and no segment may rest on, and what nothing that leaves the house may carry."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.adapters import plain
from nextorder.adapters.klaviyo import projection as klaviyo
from nextorder.adapters.shopify import projection as shopify
from nextorder.adapters.shopify.deliveries import read_payload
from nextorder.domain import catalogue_rules, checkouts, facts, features, own_words, purchases, verdict
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Desired, EventKind
from nextorder.domain.marks import marks_of
from nextorder.domain.own_words import WrongWordError, read_condition
from nextorder.domain.shop import Incentives, Shop
from nextorder.domain.verdict import Verdict
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring import spend
from nextorder.scoring.predict import BuyingHistory
from nextorder.training import orders, table
from tests.unit.payloads import Body, a_customer, a_line
from tests.unit.payloads import an_order as an_order_body
from tests.unit.shop_cases import CATALOGUE, MODEL, NUMBERS, SHOP, a_consent, an_order, features_of

DENIED = frozenset(
    {
        *("gender", "sex", "birth", "birthday", "ethnicity", "race", "religion", "nationality", "language"),
        *("firstname", "lastname", "surname", "first_name", "last_name", "salutation", "title"),
        *("email", "mail", "phone", "mobile", "ip", "browser", "device"),
        *("address", "street", "city", "zip", "postcode", "postal", "province", "latitude", "longitude"),
        *("note", "notes", "age_years", "date_of_birth"),
    }
)
"""Words of a person, and of a place smaller than a country's region."""
CLEARED = {
    "email_told_at": "when the consent was told; the address is not in it",
    "days_since_sign_up": "of the record, not of the person",
    "email": "consent on a channel, as its name",
    "product_title": "what the merchant calls what they sell",
}
"""Names with such a word in them that are none."""
PRICES = frozenset({"price", "discount", "percent", "rebate", "coupon", "voucher", "code"})
SEEN_BY_THE_MODEL = frozenset(
    {
        *("repeat_days", "first_to_last_days", "tenure_days", "spend_days", "mean_spend", "margin_rate"),
        *("days", "first_spend", "last_spend", "marks"),
    }
)
"""All of a customer that a store's model may look at; whoever adds to it says why here."""
MARKS = frozenset({"category", "product", "country", "channel", "shipping", "discount", "consent", "items"})
"""What a first order may be marked by; a country is the smallest place."""


def words_of(name: str) -> set[str]:
    return {name, *name.split("_")}


def denied(names: Iterable[str]) -> list[str]:
    return sorted(name for name in names if name not in CLEARED and words_of(name) & DENIED)


def field_names(module: ModuleType) -> Iterator[str]:
    for kind in vars(module).values():
        if inspect.isclass(kind) and is_dataclass(kind):
            yield from (field.name for field in fields(kind))


def test_the_deny_list_recognises_what_it_is_for() -> None:
    assert denied(["gender", "customer_email", "billing_zip", "email_told_at", "order_days"]) == [
        "billing_zip",
        "customer_email",
        "gender",
    ]


@pytest.mark.parametrize("module", [facts, features, purchases, checkouts, verdict, table, spend])
def test_no_field_is_of_a_person(module: ModuleType) -> None:
    assert denied(field_names(module)) == []


def test_the_model_sees_what_is_listed_here_and_nothing_else() -> None:
    seen = {*BuyingHistory._fields}

    assert seen <= SEEN_BY_THE_MODEL
    assert {*orders.MARKED, *orders.YES_OR_NO} <= MARKS
    assert {mark.partition("=")[0] for mark in marks_of(an_order(0))} <= MARKS


def test_a_segment_of_ones_own_has_no_word_of_a_person() -> None:
    words = {*own_words.NUMBERS, *catalogue_rules.VOCABULARY}
    values = {value for values in catalogue_rules.VOCABULARY.values() for value in values}

    assert denied(words | values) == []


@pytest.mark.parametrize(
    "condition", ["gender is f", "age > 30", "city is Lund", "postcode is 22100", "language is sv"]
)
def test_whoever_asks_for_a_person_is_refused(condition: str) -> None:
    with pytest.raises(WrongWordError, match="is unknown"):
        read_condition(condition, catalogue_rules.VOCABULARY)


def test_a_loss_is_no_word_either() -> None:
    with pytest.raises(WrongWordError, match="negative is unknown"):
        read_condition("value is negative", catalogue_rules.VOCABULARY)


PERSON: Mapping[str, Any] = {
    **dict.fromkeys(("first_name", "last_name", "name", "company", "note", "email", "contact_email"), "x"),
    **dict.fromkeys(("phone", "address1", "address2", "city", "zip", "province", "province_code"), "x"),
    **dict.fromkeys(("latitude", "longitude"), 1.5),
    **dict.fromkeys(("browser_ip", "customer_locale", "gender", "birthday", "tags"), "x"),
}


def of_another_person(body: Body) -> Body:
    """Return the same order as if somebody else, somewhere else in the country, had placed it."""
    address = {"country_code": "SE", **PERSON}
    return {
        **body,
        **{key: value for key, value in PERSON.items() if key != "company"},
        "customer": a_customer(**{**PERSON, "default_address": address}),
        "shipping_address": address,
        "billing_address": address,
    }


def test_facts_are_the_same_whoever_the_person_is() -> None:
    told_at = datetime(2026, 3, 2, tzinfo=UTC)
    body = an_order_body(a_line(1, "40.00"), total="45.00")

    one = read_payload("orders/create", body, told_at, SHOP)
    other = read_payload("orders/create", of_another_person(body), told_at, SHOP)

    assert one.facts == other.facts
    assert one.facts


OFFERING = replace(
    SHOP,
    incentives=Incentives(on=True, light_cost=100, strong_cost=300, readout="a test of our own"),
    numbers=replace(
        NUMBERS,
        base={"0.5": 0.001, "5": 0.02, "30": 0.1},
        chance_ranks={"0.1": 0.03, "0.15": 0.02},
        category_shares={"tea": 0.3},
        order_profit=2_000,
    ),
)
histories = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from([2_000, 8_000]), st.sampled_from([0, 1_000, 12_000])),
    min_size=1,
    max_size=6,
)
History = list[tuple[int, int, int]]


def verdict_of(history: History, silence: int, catalogue: Catalogue, shop: Shop = OFFERING) -> Verdict:
    day, placed = 0, []
    for gap, revenue, cost in history:
        day += gap
        placed.append(an_order(day, revenue, cost=cost))
    known = features_of(*placed, a_consent(0), days=day + silence, shop=shop)
    return reach_verdict(known, shop, MODEL, as_of=known.as_of, catalogue=catalogue)[0]


def shown(said: Verdict, catalogue: Catalogue) -> tuple[Desired, Desired]:
    return (
        shopify.project(OFFERING, said, catalogue),
        klaviyo.project(OFFERING, said, catalogue),
    )


def names_in(desired: Desired) -> Iterator[str]:
    yield from desired.attributes
    for event in desired.events:
        yield from event.properties


@settings(max_examples=40)
@given(histories, st.integers(0, 200))
def test_nothing_that_leaves_the_house_names_a_price_of_a_persons_own(history: History, silence: int) -> None:
    catalogue = CATALOGUE.with_on(["starter", "value", "promo", "love", "buy"])

    said = verdict_of(history, silence, catalogue)

    for desired in shown(said, catalogue):
        assert not [name for name in names_in(desired) if words_of(name) & PRICES]
        assert denied(name.removeprefix("nextorder_") for name in desired.attributes) == []
    assert said.incentive in {"none", "light", "strong"}


def test_no_name_that_a_destination_could_ever_be_told_is_a_price_or_a_person() -> None:
    names = {*klaviyo.NAMES, *shopify.METAFIELDS, *plain.NAMES}

    assert not [name for name in names if words_of(name) & PRICES]
    assert denied(names) == []


NEVER_NEGATIVE = replace(
    CATALOGUE,
    entries={
        **CATALOGUE.entries,
        "value:negative": replace(CATALOGUE.entries["value:negative"], thresholds={"order_days": 10_000.0}),
    },
)
LOSS = [(10, 2_000, 12_000)] * 4


def without_value(said: Verdict) -> Verdict:
    """Leave out the value family, and what only says when and by what the verdict was reached."""
    rest = {family: one for family, one in said.segments.items() if family != "value"}
    return replace(said, segments=rest)


def without_tiers(desired: Desired) -> Desired:
    """Leave out what the value family itself is shown by."""
    kept = {name: value for name, value in desired.attributes.items() if not name.endswith("value_tier")}
    segments = kept.pop("nextorder_segments", ())
    assert isinstance(segments, tuple)
    return replace(
        desired,
        attributes={**kept, "segments": tuple(one for one in segments if not one.startswith("value:"))},
        audiences=frozenset(tag for tag in desired.audiences if ":value:" not in tag),
        subjects=frozenset(one for one in desired.subjects if not one.startswith("value:")),
        events=tuple(one for one in desired.events if one.kind is not EventKind.TIER_CHANGED),
    )


def test_a_loss_is_internal_and_says_nothing_of_itself_where_it_is_not_switched_on() -> None:
    said = verdict_of(LOSS, 5, CATALOGUE)

    assert said.segments["value"].value == "negative"
    assert CATALOGUE.entries["value:negative"].internal
    for desired in shown(said, CATALOGUE.with_on("all")):
        assert "next:value:negative" not in desired.audiences
        assert not [value for value in desired.attributes.values() if "cost more" in str(value)]


def test_switching_a_loss_on_adds_its_own_tag_and_nothing_else() -> None:
    said = verdict_of(LOSS, 5, CATALOGUE)
    on = CATALOGUE.with_on([*CATALOGUE.shown, "value:negative"])

    (tags, properties), (more_tags, more) = shown(said, CATALOGUE), shown(said, on)

    assert more_tags.audiences - tags.audiences == {"next:value:negative"}
    assert more_tags.attributes == tags.attributes
    assert more.attributes["nextorder_segments"] == ("value:negative",)
    assert without_tiers(more) == without_tiers(properties)


@settings(max_examples=60)
@given(histories, st.integers(0, 400))
def test_a_loss_changes_no_other_segment_property_event_or_offer(history: History, silence: int) -> None:
    ours, fair = (verdict_of(history, silence, catalogue) for catalogue in (CATALOGUE, NEVER_NEGATIVE))

    on = CATALOGUE.with_on(["starter", "value", "promo", "love", "buy", "value:negative"])
    assert (ours.incentive, ours.scores, ours.consents) == (fair.incentive, fair.scores, fair.consents)
    if "value" in fair.segments and fair.segments["value"].value != "negative":
        # a rank is given by profit alone: who loses money has none, and so no reason that names one
        ours, fair = replace(ours, reasons=()), replace(fair, reasons=())
    assert without_value(ours) == without_value(fair)
    for one, other in zip(shown(ours, on), shown(fair, on), strict=True):
        assert without_tiers(one) == without_tiers(other)


def test_who_loses_money_keeps_their_offer_whatever_they_cost() -> None:
    dear = verdict_of(LOSS, 5, CATALOGUE)
    cheap = verdict_of([(10, 2_000, 0)] * 4, 5, CATALOGUE)

    assert (dear.segments["value"].value, dear.incentive) == ("negative", cheap.incentive)
