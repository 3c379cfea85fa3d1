"""Lists behind the publisher: whichever of the writes fails, one customer's life there ends up the same."""

from dataclasses import replace
from typing import Any

import pytest

from tests.adapters.destinations.cases.klaviyo_lists import KlaviyoListsCase
from tests.adapters.destinations.contract import VERDICT
from tests.adapters.destinations.test_through_the_publisher import Life
from tests.fakes.clock import StillClock

CHAMPION = replace(
    VERDICT, segments={"life": replace(VERDICT.segments["life"], value="champion", previous="closing")}
)


def shown_of(life: Life) -> list[Any]:
    """Return what stands there after each verdict."""
    shown = []
    for verdict in (VERDICT, CHAMPION, None):
        life.say(verdict)
        shown.append(life.shown()[0])
    return shown


@pytest.mark.parametrize("skip", range(1, 7))
@pytest.mark.parametrize(
    "fault", [{"status": 429, "retry_after": 0}, {"status": 500}, {"drop_connection": "after"}], ids=str
)
def test_any_failure_of_any_write_ends_where_a_clean_pass_ends(
    fault: dict[str, Any], skip: int, clock: StillClock
) -> None:
    with KlaviyoListsCase(clock) as case:
        life = Life(case)
        others = case.others(life.anna)
        clean = shown_of(life)

        case.fake.faults.add({"match": case.writes, "skip": skip, **fault})
        faulty = shown_of(life)

        assert faulty == clean
        assert [lists for _, lists in clean[:2]] == [["life:closing"], ["life:champion"]]
        assert (case.others(life.anna), case.shown(life.anna)) == (others, ())


def test_lists_that_vanish_between_two_verdicts_keep_neither_from_being_shown(clock: StillClock) -> None:
    with KlaviyoListsCase(clock) as case:
        life = Life(case)
        life.say(VERDICT)
        assert life.shown()[0][1] == ["life:closing"]
        for one in case.fake.account.standing("list"):
            one.gone = one.attributes["name"].startswith("life:")
        for _ in range(2):
            life.say(CHAMPION)
        asked = len(case.requests)
        life.say(CHAMPION)

        shown, lists = life.shown()[0]
        assert (shown["nextorder_stage"], lists) == ("champion", [])
        assert len(case.told(life.anna)) == 1
        assert case.records.lists.keys() == {"hold"}
        assert len(case.requests) == asked
