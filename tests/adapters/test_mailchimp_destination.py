"""What only Mailchimp has: ids from e-mails, batches, fields that are passed over, automations kept still."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from nextorder.adapters.mailchimp.destination import FEW, MailchimpDestination
from nextorder.adapters.mailchimp.fields import TAGS, check_kept
from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.cases.mailchimp import MailchimpCase
from tests.adapters.destinations.contract import first_change
from tests.fakes.clock import StillClock


@pytest.fixture
def case(clock: StillClock) -> Iterator[MailchimpCase]:
    with MailchimpCase(clock) as running:
        yield running


@pytest.fixture
def mailchimp(case: MailchimpCase) -> MailchimpDestination:
    return cast("MailchimpDestination", case.destination)


def changes(case: MailchimpCase, people: Sequence[Person]) -> list[Change]:
    return [first_change(case, person) for person in people]


def test_a_verdict_becomes_merge_fields_and_tags(case: MailchimpCase) -> None:
    [anna] = case.people(1)

    case.destination.deliver(SHOP, first_change(case, anna))

    assert case.shown(anna) == {
        "NX_STAGE": "closing",
        "NX_SINCE": "2026-05-02",
        "NX_P30D": 0.02,
        "NX_NEXT": "2026-05-02",
        "NX_CLOSES": "2026-05-02",
        "NX_PROFIT": 120.0,
        "NX_WHY": "one",
        "tags": ["next:life:closing"],
    }


def test_the_members_own_id_is_remembered_and_outlives_their_address(case: MailchimpCase) -> None:
    [anna] = case.people(1)
    delivered = case.destination.deliver(SHOP, first_change(case, anna))
    next(iter(case.fake.members.values())).email = "new@example.com"

    again = Person(customer=anna.customer, remote_id=delivered.remote_id)
    case.destination.deliver(SHOP, Change(person=again, set={"NX_STAGE": "missed"}))

    assert delivered.remote_id == f"c{0:031x}"
    assert case.fake.state()["new@example.com"]["merge_fields"]["NX_STAGE"] == "missed"


def test_many_go_as_one_batch(case: MailchimpCase) -> None:
    outcomes = case.destination.deliver_many(SHOP, changes(case, case.people(FEW + 5)))

    assert [isinstance(outcome, Delivered) and bool(outcome.remote_id) for outcome in outcomes] == [True] * 25
    assert (case.fake.counts["start"], case.fake.counts["update_list_member"]) == (1, 0)


@pytest.mark.parametrize("count", [1, FEW + 1])
def test_only_news_starts_what_the_merchant_made_of_a_tag_alone_or_among_many(
    count: int, case: MailchimpCase
) -> None:
    people = case.people(count)
    [anna, *others] = changes(case, people)

    case.destination.deliver_many(SHOP, [replace(anna, news=anna.join), *others])

    assert case.fake.started == ["C0@example.com next:life:closing"]
    assert all(case.shown(person) for person in people)


def test_said_afresh_a_tag_that_stands_there_is_not_joined_again(case: MailchimpCase) -> None:
    [anna] = changes(case, case.people(1))
    case.destination.deliver(SHOP, anna)

    case.destination.deliver(SHOP, replace(anna, afresh=True, news=anna.join))

    assert not case.fake.started


def test_said_afresh_a_tag_that_is_on_record_goes_though_the_catalogue_knows_it_no_more(
    case: MailchimpCase,
) -> None:
    [anna] = changes(case, case.people(1))
    old = frozenset({"next:gone:segment"})
    case.destination.deliver(SHOP, replace(anna, join=anna.join | old))

    case.destination.deliver(SHOP, replace(anna, afresh=True, leave=old))

    assert cast("dict[str, Any]", case.shown(anna.person))["tags"] == ["next:life:closing"]


def test_a_batch_that_does_not_end_in_time_is_stopped_before_it_overwrites_what_is_newer(
    case: MailchimpCase,
) -> None:
    case.fake.batch_seconds = 1_000
    people = case.people(FEW + 1)

    outcomes = case.destination.deliver_many(SHOP, changes(case, people))
    case.clock.now += 10_000

    assert {type(outcome) for outcome in outcomes} == {OutcomeUnknown}
    assert not case.shown(people[0])


def test_a_field_that_somebody_deleted_is_for_a_human_and_not_lost_in_silence(
    case: MailchimpCase, mailchimp: MailchimpDestination
) -> None:
    [anna] = case.people(1)
    del case.fake.fields["NX_STAGE"]

    with pytest.raises(NeedsHuman, match="NX_STAGE"):
        mailchimp.deliver(SHOP, first_change(case, anna))
    assert "NX_STAGE" in mailchimp.check(SHOP).problems[0].what
    assert mailchimp.install(SHOP) == ["NX_STAGE"]
    assert mailchimp.check(SHOP).is_well
    assert mailchimp.install(SHOP) == []


def test_an_audience_without_room_says_so(case: MailchimpCase, mailchimp: MailchimpDestination) -> None:
    case.fake.fields = {f"F{n}": {"tag": f"F{n}", "type": "text"} for n in range(30)}

    with pytest.raises(Refused):
        mailchimp.install(SHOP)


def test_a_value_that_was_taken_and_is_another_is_refused() -> None:
    check_kept(
        {"NX_P30D": 0.02, "NX_STAGE": "new", "NX_TIER": ""},
        {"NX_P30D": "0.02", "NX_STAGE": "new", "NX_TIER": ""},
    )

    for asked, held in ((0.02, 0), ("", "gold"), ("gold", "")):
        with pytest.raises(Refused, match="not-kept"):
            check_kept({"NX_TIER": asked}, {"NX_TIER": held})


def test_an_audience_that_is_gone_is_not_a_crowd_of_strangers(case: MailchimpCase) -> None:
    people = case.people(FEW + 1)
    case.fake.audience = "another"

    with pytest.raises(NeedsHuman, match="no such audience"):
        case.destination.deliver(SHOP, first_change(case, people[0]))
    assert {type(outcome) for outcome in case.destination.deliver_many(SHOP, changes(case, people))} == {
        NeedsHuman
    }


def test_a_long_reason_is_cut_to_what_a_field_holds(case: MailchimpCase) -> None:
    [anna] = case.people(1)

    case.destination.deliver(SHOP, Change(person=anna, set={"NX_WHY": "å" * 200}))

    assert case.shown(anna) == {"NX_WHY": "å" * 127}


def test_whoever_has_neither_id_nor_address_is_no_member(case: MailchimpCase) -> None:
    [anna] = case.people(1)
    nameless = replace(first_change(case, anna), person=Person(customer="0"))

    with pytest.raises(Refused, match="profile-missing"):
        case.destination.deliver(SHOP, nameless)


def test_a_bare_403_is_a_throttle(case: MailchimpCase) -> None:
    [anna] = case.people(1)
    case.fake.faults.add({"match": case.writes, "status": 403})
    case.fake.bare = True

    with pytest.raises(RetryLater, match="403"):
        case.destination.deliver(SHOP, first_change(case, anna))


def test_every_merge_tag_has_at_most_ten_characters_and_is_its_own() -> None:
    assert max(map(len, TAGS.values())) <= 10
    assert len(set(TAGS.values())) == len(TAGS)


def test_a_crowd_of_strangers_asks_once_whether_the_audience_is_there(case: MailchimpCase) -> None:
    strangers = [Person(customer=f"s{n}", email=f"s{n}@example.com") for n in range(FEW + 5)]
    people = case.people(3)
    case.fake.counts.clear()

    outcomes = case.destination.deliver_many(SHOP, changes(case, [*strangers, *people]))

    assert [type(outcome) for outcome in outcomes] == [Refused] * len(strangers) + [Delivered] * 3
    assert (case.fake.counts["get_list"], case.fake.counts["update_list_member"]) == (1, 0)


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 503}], ids=str)
def test_a_batch_that_was_begun_and_not_heard_of_is_of_unknown_outcome(
    fault: dict[str, int], case: MailchimpCase
) -> None:
    people = case.people(FEW + 1)
    case.fake.faults.add({"match": "^(status|get_list)$", "times": 10_000, **fault})

    outcomes = case.destination.deliver_many(SHOP, changes(case, people))

    assert {type(outcome) for outcome in outcomes} == {OutcomeUnknown}
    assert case.fake.counts["delete_batch_request"] == 1


def test_results_that_cannot_be_read_are_of_unknown_outcome(
    case: MailchimpCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.mailchimp.packed", lambda _: b"no archive")

    outcomes = case.destination.deliver_many(SHOP, changes(case, case.people(FEW + 1)))

    assert {type(outcome) for outcome in outcomes} == {OutcomeUnknown}
