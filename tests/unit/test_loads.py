"""What waits is cut into loads by rows and bytes; nobody is lost, and nobody overtakes another."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.capabilities import Capabilities, Identifier
from nextorder.domain.caps import Choice
from nextorder.domain.changes import Change, Desired, Person
from nextorder.use_cases.loads import Loads
from nextorder.use_cases.planned import Publication
from tests.unit.publish_cases import SINCE


def a_plan(customer: str) -> Publication:
    return Publication(
        customer=customer,
        version=1,
        state=None,
        held=None,
        before=None,
        desired=Desired(),
        change=Change(person=Person(customer=customer)),
        choice=Choice(),
        as_of=SINCE,
    )


def limits(most_rows: int, most_bytes: int | None) -> Capabilities:
    return Capabilities(identifiers=(Identifier.CUSTOMER,), most_rows=most_rows, most_bytes=most_bytes)


weights = st.lists(st.integers(0, 60), max_size=40)


@given(weights, st.integers(1, 7), st.none() | st.integers(1, 100))
def test_every_load_fits_and_all_of_them_are_everyone_in_order(
    weights: list[int], most_rows: int, most_bytes: int | None
) -> None:
    names = [str(n) for n in range(len(weights))]
    loads = Loads(limits(most_rows, most_bytes), lambda change: weights[int(change.person.customer)])
    taken: list[list[str]] = []
    for name in names:
        loads.add([a_plan(name)])
        if loads.is_full:
            taken.append([plan.customer for plan in loads.take()])
    while loads:
        taken.append([plan.customer for plan in loads.take()])

    assert [name for load in taken for name in load] == names
    assert all(0 < len(load) <= most_rows for load in taken)
    for load in taken:
        total = sum(weights[int(name)] for name in load)
        assert most_bytes is None or total <= most_bytes or len(load) == 1


@given(weights, st.integers(1, 100))
def test_a_load_is_full_as_soon_as_no_more_would_fit(weights: list[int], most_bytes: int) -> None:
    loads = Loads(replace(limits(1_000, most_bytes)), lambda change: weights[int(change.person.customer)])
    loads.add(a_plan(str(n)) for n in range(len(weights)))

    assert loads.is_full == (sum(weights) > most_bytes)


def test_what_has_no_bound_by_bytes_is_not_weighed() -> None:
    loads = Loads(limits(2, None), lambda _: 1 // 0)
    loads.add(map(a_plan, "abc"))

    assert [plan.customer for plan in loads.take()] == ["a", "b"]
    assert not loads.is_full
