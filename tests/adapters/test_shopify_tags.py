"""Which tags are ours: read where all is said afresh, shown as what a small segment rolls up into."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nextorder.adapters.http import Http
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.bulk_write import BulkWrite
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.destination import ShopifyDestination
from nextorder.adapters.shopify.projection import project
from nextorder.domain.caps import Choice
from nextorder.domain.changes import Accepted, Change, Desired, Person
from nextorder.domain.diff import accepted_after, change
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import Segment, Verdict
from nextorder.ports import Delivered
from tests.adapters.destination_cases import SECRET, SHOP
from tests.fakes.bulk_jobs import InMemoryBulkJobs
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import CATALOGUE

AT = datetime(2026, 5, 1, tzinfo=UTC)
THEIRS = {"Next:Love", "love:shoes", "next:life:mine", "next:vip", "vip"}
OURS = {"next:life:closing", "next:love:shoes", "next:overstock:old-lamp", "next:replenish:coffee"}
NAMESAKES = {"NEXT:life:repeat", "Next:Life:New"}
"""Ours as a shop may spell them."""
CHAMPION = "next:life:champion"


@pytest.mark.parametrize("customers", [("7",), ("7", "8", "9")])
def test_what_is_said_afresh_leaves_no_tag_of_ours_and_touches_no_other(customers: tuple[str, ...]) -> None:
    """After a merge or a death half-way no record knows which values of open families are there."""
    with FakeShopify() as shopify:
        tags = sorted(THEIRS | OURS | {"Next:Love:Tea"})
        shopify.seed({"customers": [{"id": one, "tags": tags} for one in customers]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        changes = [
            Change(person=Person(customer=one), join=frozenset({CHAMPION}), afresh=one != "8")
            for one in customers
        ]

        assert destination.deliver_many(SHOP, changes) == [Delivered()] * len(customers)
        held = shopify.state()["customers"]

    swept = {one: set(held[one]["tags"]) for one in customers if one != "8"}
    assert swept == dict.fromkeys(swept, THEIRS | {CHAMPION})
    assert "8" not in customers or set(held["8"]["tags"]) == {*tags, CHAMPION}


@pytest.mark.parametrize(("afresh", "left"), [(False, {"Next:Life:New", "vip"}), (True, {"vip"})])
def test_a_name_of_ours_is_ours_in_any_case_but_is_not_looked_for_without_doubt(
    *, afresh: bool, left: set[str]
) -> None:
    with FakeShopify() as shopify:
        shopify.seed({"customers": [{"id": 7, "tags": ["Next:Life:New", "vip"]}]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        step = Change(person=Person(customer="7"), join=frozenset({CHAMPION}), afresh=afresh)

        assert destination.deliver(SHOP, step) == Delivered()
        assert set(shopify.state()["customers"]["7"]["tags"]) == left | {CHAMPION}


def test_a_customer_who_is_gone_is_refused_afresh_too() -> None:
    with FakeShopify() as shopify:
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        gone = Change(person=Person(customer="404"), join=frozenset({CHAMPION}), afresh=True)

        [outcome] = destination.deliver_many(SHOP, [gone])

    assert getattr(outcome, "code", "") == "customer-missing"


def test_a_segment_under_its_floor_is_tagged_as_what_it_rolls_up_into() -> None:
    merged = {"life:champion": "life:loyal", "life:closing": "life:second-window"}
    shop = replace(SHOP, numbers=Numbers(shown_as=merged))
    closing = {"life": Segment(value="closing", since=datetime(2026, 5, 1, tzinfo=UTC))}
    shown = project(shop, Verdict(segments=closing), CATALOGUE)

    assert shown.audiences == {"next:life:second-window"}
    assert shown.attributes["stage"] == "second-window"


def test_what_was_taken_off_by_hand_is_neither_put_on_nor_swept_away() -> None:
    """The merchant may also have put it on again: then it stands as desired."""
    with FakeShopify() as shopify:
        held = {"7": ["next:life:closing", "vip"], "8": [CHAMPION, "next:life:closing", "vip"]}
        shopify.seed({"customers": [{"id": one, "tags": tags} for one, tags in held.items()]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        for one in held:
            spared = Change(person=Person(customer=one), spared=frozenset({CHAMPION}), afresh=True)
            assert destination.deliver(SHOP, spared) == Delivered()
        left = shopify.state()["customers"]

    assert {one: left[one]["tags"] for one in held} == {"7": ["vip"], "8": [CHAMPION, "vip"]}


def test_a_full_list_has_room_for_a_tag_that_takes_the_place_of_another() -> None:
    with FakeShopify() as shopify:
        theirs = [f"t{n}" for n in range(249)]
        shopify.seed({"customers": [{"id": 7, "tags": [*theirs, "next:life:closing"]}]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        destination = ShopifyDestination(client, lambda _: CATALOGUE)
        step = Change(
            person=Person(customer="7"),
            join=frozenset({CHAMPION}),
            leave=frozenset({"next:life:closing"}),
        )

        assert destination.deliver(SHOP, step) == Delivered()
        assert set(shopify.state()["customers"]["7"]["tags"]) == {*theirs, CHAMPION}


ALMOST_OURS = {"next", "next:", "nextlife:new", "next:life:", "next:lifenew"}
MERCHANTS = st.sampled_from(sorted(THEIRS | ALMOST_OURS))
LIVES = st.sampled_from([*map("next:life:{}".format, ("new", "repeat", "champion")), ""])
HANDS = st.lists(st.tuples(LIVES, st.booleans(), st.booleans()), min_size=1, max_size=6)


@settings(max_examples=30)
@given(
    theirs=st.sets(MERCHANTS, max_size=5), spelled=st.sets(st.sampled_from(sorted(NAMESAKES))), steps=HANDS
)
def test_the_merchants_tags_are_never_touched(
    theirs: set[str], spelled: set[str], steps: list[tuple[str, bool, bool]]
) -> None:
    """Whatever is shown, by requests or jobs, sure or in doubt, however the shop spells it: theirs stay."""
    with FakeShopify() as shopify:
        shopify.seed({"customers": [{"id": 7, "tags": sorted(theirs)}, {"id": 8, "tags": sorted(spelled)}]})
        client = ShopifyClient(lambda _: SECRET, base_url=shopify.url)
        clock = StillClock()
        bulk = BulkWrite(client, Http("storage"), InMemoryBulkJobs(), shop_now=lambda _: SHOP, clock=clock)
        destination = ShopifyDestination(client, lambda _: CATALOGUE, bulk=bulk, sleep=clock.sleep)
        spelling = {tag.lower(): tag for tag in spelled}
        held: Accepted | None = None
        for tag, in_doubt, by_job in steps:
            desired = Desired(audiences=frozenset({tag} - {""}))
            before = replace(held, unsure=True) if held and in_doubt else held
            step = change(Person(customer="7"), desired, before)
            if by_job:
                assert bulk.write(SHOP, [step], Patience(clock.sleep, seconds=60)) == [Delivered()]
                destination.settled(SHOP)
            else:
                assert destination.deliver_many(SHOP, [step]) == [Delivered()]
            held = accepted_after(desired, Choice(), before, AT)
            shown = {spelling.get(tag, tag) for tag in desired.audiences}
            assert set(shopify.state()["customers"]["7"]["tags"]) == theirs | shown
    assert set(shopify.state()["customers"]["8"]["tags"]) == spelled
