"""A bulk run that would change many, or show nobody anything, is held before anything is sent."""

from dataclasses import replace

import pytest

from nextorder.domain.changes import Desired
from nextorder.domain.errors import NeedsHuman
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Verdict
from nextorder.use_cases.guard import A_CROWD
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish_bulk import publish_bulk, publish_round
from tests.fakes.board import Board
from tests.unit.bulk_cases import Town, few
from tests.unit.publish_cases import SHOP, SINCE, a_verdict

REPEAT = a_verdict("repeat", cause=Cause.REFIT)
CROWD = 40


def a_shown_town(count: int = CROWD) -> Town:
    town = Town(count=count)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    return town


def move(town: Town, count: int, verdict: Verdict = REPEAT) -> None:
    for n in range(count):
        town.place(n, verdict, run="refit")


def run(town: Town, publisher: Publisher | None = None) -> int:
    """Return how many were sent."""
    return publish_bulk(SHOP.id, publisher=publisher or town.publisher, as_of=SINCE).get(Published.SENT, 0)


def test_a_first_publication_is_nobody_elses_change() -> None:
    assert run(Town(count=CROWD)) == CROWD


def test_few_changes_among_many_pass() -> None:
    town = a_shown_town()
    move(town, A_CROWD)

    assert run(town) == A_CROWD


def test_a_change_of_many_is_held_before_anything_is_sent() -> None:
    town = a_shown_town()
    move(town, 13)
    shown = [town.shown(n) for n in range(CROWD)]
    calls = town.board.calls

    with pytest.raises(NeedsHuman, match=r"32% .*13 of the first 40.*--yes"):
        run(town)

    assert (town.board.calls, [town.shown(n) for n in range(CROWD)]) == (calls, shown)


def test_who_agrees_beforehand_is_not_asked() -> None:
    town = a_shown_town()
    move(town, 13)

    assert run(town, replace(town.publisher, agreed=True)) == 13


def test_of_a_handful_nobody_is_asked() -> None:
    town = a_shown_town(A_CROWD - 1)
    move(town, A_CROWD - 1)

    assert run(town) == A_CROWD - 1


def test_what_only_rides_along_is_no_change() -> None:
    town = a_shown_town()
    for n in range(CROWD):
        town.place(n, a_verdict(cause=Cause.REFIT, model="m2"), run="refit")

    assert run(town) == 0


def test_a_repair_of_what_is_shown_rightly_is_no_change_either() -> None:
    town = a_shown_town()

    assert publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE, again=True)[Published.SENT] == CROWD


class Blank(Board):
    """Finds nothing to show of anybody, as after a catalogue that switches all off."""

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:  # noqa: ARG002 - the port's
        return Desired()


def test_an_empty_projection_for_everyone_wipes_nothing_whatever_was_agreed_to() -> None:
    town = a_shown_town()
    move(town, CROWD)
    shown = [town.shown(n) for n in range(CROWD)]
    blank = Blank(
        profiles=town.board.profiles, attributes=town.board.attributes, audiences=town.board.audiences
    )

    with pytest.raises(NeedsHuman, match="nobody would be shown anything"):
        run(town, replace(town.publisher, destination=blank, agreed=True))

    assert [town.shown(n) for n in range(CROWD)] == shown


def test_what_is_taken_back_on_purpose_is_taken_back() -> None:
    town = a_shown_town()

    assert run(town, replace(town.publisher, takes_back=True)) == CROWD
    assert all(town.shown(n) == ({}, set()) for n in range(CROWD))


def lose(town: Town, count: int) -> None:
    for n in range(count):
        del town.customers.states[SHOP.id, str(n)]


@pytest.mark.parametrize("gone", [13, 35])
def test_states_that_are_gone_are_a_change_of_many_too(gone: int) -> None:
    town = a_shown_town()
    lose(town, gone)
    shown = [town.shown(n) for n in range(CROWD)]

    with pytest.raises(NeedsHuman, match=f"{gone} of the first 40.*--yes"):
        run(town)

    assert [town.shown(n) for n in range(CROWD)] == shown
    assert run(town, replace(town.publisher, agreed=True)) == gone


def test_a_table_without_a_state_wipes_nothing_whatever_was_agreed_to() -> None:
    town = a_shown_town()
    lose(town, CROWD)

    with pytest.raises(NeedsHuman, match="nobody would be shown anything"):
        run(town, replace(town.publisher, agreed=True))

    assert all(town.shown(n) != ({}, set()) for n in range(CROWD))


@pytest.mark.parametrize("gone", [A_CROWD, CROWD])
def test_whoever_is_gone_is_taken_back_with_the_others_on_purpose(gone: int) -> None:
    town = a_shown_town()
    lose(town, gone)

    assert run(town, replace(town.publisher, takes_back=True)) == CROWD


def test_after_the_app_is_gone_what_others_show_is_taken_back_though_states_are_gone() -> None:
    town = a_shown_town()
    lose(town, CROWD)
    town.shop = replace(town.shop, uninstalled_at=SINCE)

    assert run(town) == CROWD


def test_a_few_who_were_deleted_leave_without_a_question() -> None:
    town = a_shown_town()
    lose(town, A_CROWD)

    assert run(town) == A_CROWD


def test_a_round_that_goes_on_where_nobody_was_judged_judges() -> None:
    town = a_shown_town()
    move(town, CROWD)

    with pytest.raises(NeedsHuman, match="39 of the first 39"):
        publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, after="0")


def test_a_round_says_whether_the_run_was_let_pass() -> None:
    town = a_shown_town()
    town.board.capabilities = few(4)

    idle = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, has_time=lambda: False)
    move(town, A_CROWD)
    busy = publish_round(SHOP.id, publisher=town.publisher, as_of=SINCE, has_time=lambda: False)

    assert (idle.passed, idle.is_last) == (False, False)
    assert (busy.passed, busy.is_last) == (True, False)


def test_it_is_asked_once_whatever_the_loads_are() -> None:
    town = a_shown_town()
    town.board.capabilities = few(4)
    move(town, 13)

    with pytest.raises(NeedsHuman):
        run(town)
    assert run(town, replace(town.publisher, agreed=True)) == 13
