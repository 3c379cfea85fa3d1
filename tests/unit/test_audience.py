"""Who is in an audience that leaves the house, and why the others are not."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.audience import (
    LeftOut,
    Wanted,
    barred,
    check_segment,
    key_table,
    member_of,
    neutral_name,
)
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Channel
from nextorder.domain.holdout import held_out
from tests.unit.audience_cases import ADS, BEST, BOTH, SEGMENT, SHEET, Town, a_reach, a_verdict, who
from tests.unit.shop_cases import CATALOGUE, SHOP

EMAIL, SMS = Channel.EMAIL, Channel.SMS
SECRET = b"p" * 40


def test_a_segments_people_are_in_its_audience_the_most_valuable_first() -> None:
    town = Town()
    town.settle("1", a_verdict(100))
    town.settle("2", a_verdict(900))
    town.settle("3", a_verdict(500, life="repeat"))

    found = town.gather()

    assert who(found) == ["2", "1"]
    assert town.asked == ["2", "1"]
    assert not found.left_out


def test_held_out_customers_are_in_no_audience_and_counted() -> None:
    town = Town()
    town.settle("1", replace(a_verdict(), held_out=True))
    town.settle("2")

    for wanted in (ADS, SHEET, BEST):
        found = town.gather(wanted)
        assert "1" not in who(found)
        assert found.left_out[LeftOut.HELD_OUT] == 1


@given(st.integers(1, 10**13).map(str), st.decimals(0, 1, places=2))
def test_whoever_the_share_of_now_holds_out_is_left_out_before_anyone_is_scored_anew(
    customer: str, share: Decimal
) -> None:
    shop = replace(SHOP, holdout_share=share)

    member = member_of(customer, a_verdict(), wanted=ADS, shop=shop, catalogue=CATALOGUE)

    assert member
    assert (barred(member, ADS) is LeftOut.HELD_OUT) == held_out(shop.gid, customer, share)


def test_the_forgotten_and_the_gone_are_in_no_audience() -> None:
    town = Town()
    for customer in ("1", "2", "3", "4"):
        town.settle(customer)
    town.forgotten.redacted.add((SHOP.id, "1"))
    town.move_away("2")
    del town.reaches["3"]

    found = town.gather()

    assert who(found) == ["4"]
    assert found.left_out == {LeftOut.FORGOTTEN: 1, LeftOut.GONE: 1}
    assert who(town.gather(SHEET)) == ["3", "4"]


def test_ads_are_for_those_who_subscribed_to_e_mail_and_do_not_mind_their_data_being_shared() -> None:
    town = Town()
    town.settle("1", reach=a_reach("1"))
    town.settle("2", reach=a_reach("2", frozenset({SMS})))
    town.settle("3", reach=a_reach("3", frozenset()))
    town.settle("4", reach=a_reach("4", opted_out=True))

    found = town.gather()

    assert who(found) == ["1"]
    assert found.left_out == {LeftOut.NO_CONSENT: 2, LeftOut.OPTED_OUT: 1}


@pytest.mark.parametrize("wanted", [ADS, replace(SHEET, contacts=True)])
@pytest.mark.parametrize("subscribed", [frozenset(), frozenset({EMAIL}), frozenset({SMS}), BOTH])
def test_an_address_goes_along_only_where_its_own_channel_is_subscribed(
    wanted: Wanted, subscribed: frozenset[Channel]
) -> None:
    town = Town()
    town.settle("1", reach=a_reach("1", subscribed))

    for _, reach in town.gather(wanted).people:
        assert bool(reach.email) == (EMAIL in subscribed)
        assert bool(reach.phone) == (SMS in subscribed)


def test_a_spreadsheet_asks_shopify_for_nobodys_address_unless_it_is_to_have_them() -> None:
    town = Town()
    town.settle("1", reach=a_reach("1", frozenset()))

    found = town.gather(SHEET)

    assert who(found) == ["1"]
    assert town.asked == []
    assert not any(reach.email or reach.phone for _, reach in found.people)


def test_no_ads_are_paid_for_those_who_cost_the_shop_money() -> None:
    town = Town()
    town.settle("1", a_verdict(50, life="champion", value="negative"))

    assert town.gather().left_out == {LeftOut.LOSS: 1}
    assert who(town.gather(SHEET)) == ["1"]


def test_whoever_has_no_forecast_is_in_no_audience_with_values() -> None:
    town = Town()
    town.settle("1", a_verdict(None))

    assert town.gather().left_out == {LeftOut.NO_VALUE: 1}
    assert who(town.gather(replace(ADS, valued=False))) == ["1"]


def test_the_best_are_a_share_of_all_who_have_a_value_and_none_of_whom_nothing_is_expected() -> None:
    town = Town()
    for number in range(1, 41):
        town.settle(str(number), a_verdict(float(number * 100 - 2_000), life="repeat"))

    assert who(town.gather(BEST)) == ["40", "39", "38", "37"]
    assert len(town.gather(replace(BEST, share=1.0)).people) == 20


def test_who_of_the_best_is_held_out_is_counted_and_nobody_moves_up_in_their_place() -> None:
    town = Town()
    for number in range(1, 41):
        town.settle(str(number), replace(a_verdict(float(number)), held_out=number in {3, 38, 40}))

    found = town.gather(BEST)

    assert who(found) == ["39", "37"]
    assert found.left_out == {LeftOut.HELD_OUT: 2}


def test_more_people_than_one_question_takes_are_asked_about_in_several() -> None:
    town = Town()
    for number in range(1, 251):
        town.settle(str(number))

    found = town.gather()

    assert len(found.people) == 250
    assert sorted(map(int, town.asked)) == list(range(1, 251))


@given(
    st.lists(
        st.tuples(st.booleans(), st.booleans(), st.sets(st.sampled_from(Channel)), st.booleans()),
        max_size=30,
    )
)
def test_everyone_is_either_in_it_or_counted_once(
    people: list[tuple[bool, bool, set[Channel], bool]],
) -> None:
    town = Town()
    for number, (is_held_out, is_forgotten, subscribed, opted_out) in enumerate(people):
        customer = str(number)
        reach = a_reach(customer, frozenset(subscribed), opted_out=opted_out)
        town.settle(customer, replace(a_verdict(), held_out=is_held_out), reach)
        if is_forgotten:
            town.forgotten.redacted.add((SHOP.id, customer))

    found = town.gather()

    assert len(found.people) + sum(found.left_out.values()) == len(people)
    assert {int(one) for one in who(found)} == {
        number
        for number, (is_held_out, is_forgotten, subscribed, opted_out) in enumerate(people)
        if EMAIL in subscribed and not (is_held_out or is_forgotten or opted_out)
    }


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("hold", "in no audience"),
        ("life:hero", "there is no segment life:hero: choose best or one of"),
        ("reach:unreached", "is not shown: .*`on = true`.*`nextorder catalogue apply FILE`; or choose best"),
    ],
)
def test_what_can_be_no_audience_is_refused_with_what_can(name: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        check_segment(name, CATALOGUE)


def test_a_neutral_name_says_nothing_and_is_the_same_every_time() -> None:
    names = key_table(SECRET, SHOP.id, [*CATALOGUE.shown, "love:tea", "love:*", "hold"])

    assert {"best", SEGMENT, "love:tea"} <= names.keys()
    assert not {"hold", "love:*"} & names.keys()
    assert len(set(names.values())) == len(names)
    for segment, name in names.items():
        assert name == neutral_name(SECRET, SHOP.id, segment)
        assert name != neutral_name(b"another", SHOP.id, segment)
        assert name.startswith("nextorder-")
        assert len(name) == len("nextorder-abcd")
        assert not {*segment.split(":")} & {name.partition("-")[2]}
