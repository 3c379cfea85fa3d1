"""Whoever can be asked says whom it knows, and nothing changes there."""

from nextorder.ports import Finds
from tests.adapters.destination_cases import SHOP
from tests.adapters.destinations.contract import STRANGER, Case


def test_whoever_is_there_is_found_and_a_stranger_is_not(case: Case) -> None:
    people = list(case.people(3))
    at_once = case.destination.capabilities.most_asked
    if not isinstance(case.destination, Finds):
        assert at_once == 0
        return
    assert at_once > 0
    before = [(case.others(one), case.shown(one)) for one in people]

    assert {*case.destination.find(SHOP, [*people, STRANGER])} == {one.customer for one in people}
    assert case.head_count() == 3
    assert [(case.others(one), case.shown(one)) for one in people] == before
    assert not case.requests
