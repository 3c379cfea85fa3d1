"""A plan is exactly what the bulk publisher then sends, named by a hash that moves with any change."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.changes import Accepted, Change, EventKind, Person
from nextorder.domain.going_live import ALL_AT_ONCE, FIRST, GoingLive, Step, rungs
from nextorder.domain.plan import EXAMPLES, Plan, Tally, hash_of
from nextorder.domain.surroundings import overlaps
from nextorder.domain.verdict import Cause
from nextorder.use_cases.plan import Foreseen, plan
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.unit.bulk_cases import Town
from tests.unit.publish_cases import SHOP, SINCE, a_verdict

PROPERTIES = GoingLive(step=Step.PROPERTIES)


def foresee(town: Town, target: GoingLive) -> Foreseen:
    return plan(
        town.shop,
        target,
        publishers=[town.publisher],
        everyone=list(town.customers.everyone(SHOP.id)),
        as_of=SINCE,
    )


def a_town() -> Town:
    """A shop that nothing has gone live of, with customers of several kinds."""
    town = Town(count=60, missing=frozenset({3}), shop=replace(SHOP, applied=False))
    for n in range(0, 60, 3):
        town.place(n, a_verdict("repeat", cause=Cause.IMPORT), run="import-1")
    town.place(8, replace(a_verdict(cause=Cause.IMPORT), held_out=True), run="import-1")
    return town


class Recorded:
    """What a destination is handed, beside what it makes of it."""

    def __init__(self, town: Town) -> None:
        self.changes: list[Change] = []
        deliver_many = town.board.deliver_many

        def record(shop: object, changes: list[Change]) -> object:
            self.changes += changes
            return deliver_many(shop, changes)  # type: ignore[arg-type]

        town.board.deliver_many = record  # type: ignore[method-assign,assignment]


def test_what_was_planned_is_what_is_sent_at_every_rung() -> None:
    town = a_town()
    for rung in rungs():
        foreseen = foresee(town, rung)
        town.shop = replace(town.shop, applied=True, going_live=rung)
        sent = Recorded(town)
        publish_bulk(SHOP.id, publisher=replace(town.publisher, agreed=True), as_of=SINCE)

        tally = foreseen.plan.tallies["board"]
        bare = [replace(one, person=Person(customer=one.person.customer)) for one in sent.changes]
        again = Tally(destination="board")
        for change in bare:
            again.note(change, shown_in=(), reasons=())
        assert (tally.changed, tally.digest) == (again.changed, again.digest)


def test_a_plan_sends_nothing_and_writes_nothing() -> None:
    town = a_town()
    foresee(town, ALL_AT_ONCE)

    assert town.board.calls == 0
    assert not town.customers.accepted


def test_another_target_or_another_state_is_another_plan() -> None:
    town = a_town()
    first = foresee(town, PROPERTIES).plan.hash

    assert foresee(town, PROPERTIES).plan.hash == first
    assert foresee(town, FIRST).plan.hash != first
    assert replace(foresee(town, PROPERTIES).plan, beside=("segments are made: hold",)).hash != first
    town.place(5, a_verdict("loyal", cause=Cause.IMPORT), run="import-2")
    assert foresee(town, PROPERTIES).plan.hash != first


def test_ten_examples_are_of_as_many_kinds_as_there_are() -> None:
    town = a_town()
    examples = foresee(town, ALL_AT_ONCE).plan.tallies["board"].examples

    assert 1 < len(examples) <= EXAMPLES
    assert len({tuple(sorted(one.change.join)) for one in examples}) == len(examples)
    assert ("repeat: 2 order days",) in {one.reasons for one in examples}


def test_people_are_counted_by_what_would_become_of_them() -> None:
    town = a_town()
    publish_bulk(
        SHOP.id,
        publisher=town.publisher,
        as_of=SINCE,
    )
    tally = foresee(town, FIRST).plan.tallies["board"]

    assert tally.customers == 60
    assert tally.changed + tally.outside == 60
    everyone = foresee(town, PROPERTIES)
    assert everyone.plan.tallies["board"].held_out == 1
    assert (everyone.plan.tallies["board"].missing, everyone.plan.tallies["board"].unmet) == (0, 60)
    assert everyone.plan.tallies["board"].sets["stage"] == 59
    assert not everyone.plan.tallies["board"].joins
    assert len(everyone.strangers["board"]) == 60


def test_who_was_missing_there_stays_counted_and_is_not_sent_again() -> None:
    town = a_town()
    town.shop = replace(town.shop, applied=True, going_live=PROPERTIES)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    tally = foresee(town, PROPERTIES).plan.tallies["board"]

    assert (tally.changed, tally.missing, tally.unmet) == (0, 1, 0)

    town.place(3, a_verdict("loyal", cause=Cause.IMPORT), run="import-2")
    again = foresee(town, PROPERTIES).plan.tallies["board"]
    assert (again.changed, again.missing, again.unmet) == (1, 1, 0)


def test_what_events_would_have_told_is_counted_and_fires_nothing() -> None:
    town = Town(count=5)
    publish_bulk(SHOP.id, publisher=town.publisher, as_of=SINCE)
    town.place(1, a_verdict("repeat", cause=Cause.ORDER))
    tally = foresee(town, ALL_AT_ONCE).plan.tallies["board"]

    assert tally.news == {EventKind.STAGE_CHANGED: 1}
    assert not tally.events
    assert tally.left_to_stream == 1


@given(st.permutations(range(8)))
def test_the_hash_does_not_depend_on_the_order_in_which_customers_come(order: list[int]) -> None:
    changes = [Change(person=Person(customer=str(n)), set={"stage": str(n % 3)}) for n in range(8)]

    def hashed(numbers: list[int]) -> str:
        tally = Tally(destination="board")
        for n in numbers:
            tally.note(changes[n], shown_in=(), reasons=())
        return Plan(shop="s", target=FIRST, tallies={"board": tally}).hash

    assert hashed(order) == hashed(list(range(8)))
    assert hashed(order[1:]) != hashed(order)


def test_a_change_is_named_by_all_of_it_and_by_no_contact() -> None:
    change = Change(person=Person(customer="7"), set={"stage": "new"}, join=frozenset({"a"}))
    others = [
        replace(change, set={"stage": "old"}),
        replace(change, join=frozenset()),
        replace(change, leave=frozenset({"a"})),
        replace(change, unset=("stage",)),
        replace(change, afresh=True),
        replace(change, person=Person(customer="8")),
    ]

    assert len({hash_of(one) for one in (change, *others)}) == 7
    assert hash_of(replace(change, person=Person(customer="7", email="a@example.com"))) == hash_of(change)


def test_more_than_half_of_ours_is_an_overlap_and_half_is_none() -> None:
    ours = {"life:new": {"1", "2", "3", "4"}, "hold": {"5"}}
    theirs = {"half": {"1", "2"}, "most": {"1", "2", "3"}, "all": set("123456")}
    found = list(overlaps(theirs, ours, set("123456")))

    assert [(one.theirs, one.ours, one.both, one.of, one.everywhere) for one in found] == [
        ("all", "hold", 1, 1, True),
        ("all", "life:new", 4, 4, True),
        ("most", "life:new", 3, 4, False),
    ]


def test_accepted_records_are_read_and_not_guessed() -> None:
    town = a_town()
    held = Accepted(attributes={"stage": "new", "model": "m1"}, version=1, remote_id="01C1")
    town.customers.accepted[SHOP.id, "1", "board"] = held
    tally = foresee(town, PROPERTIES).plan.tallies["board"]

    assert tally.changed == 59
