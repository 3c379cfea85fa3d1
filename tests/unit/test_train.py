"""A training: who is fitted, what is promoted, what waits, and the way back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.contest import Contest
from nextorder.domain.errors import BadSettings, RetryLater
from nextorder.domain.model_card import Decision, Former, describe
from nextorder.domain.shop import Numbers, Shop
from nextorder.use_cases.preview import HELD_ABOVE
from nextorder.use_cases.promote import accept, former_numbers, keep_former, promote
from nextorder.use_cases.sweep import Sweeper, sweep
from tests.fakes.denials import InMemoryDenials
from tests.fakes.in_memory import InMemoryPasses, InMemoryQueue, InMemorySizes
from tests.fakes.training import InMemoryModelRecords
from tests.fakes.unit_costs import InMemoryUnitCosts
from tests.unit.shop_cases import MODEL, SHOP
from tests.unit.train_cases import AS_OF, BETTER, LATER, OTHER, TAUGHT, WORSE, Lesson

UNCARRIED = {"love": "No category is told.", "value": "Costs are told of 9 %."}


def test_a_training_that_dies_as_its_model_comes_in_force_has_left_the_models_card() -> None:
    class Dies(Exception):
        """The function is killed."""

    class Dying(InMemoryModelRecords):
        def keep_former(self, shop: str, former: Former) -> None:
            raise Dies(shop, former)

    lesson = Lesson(contest=BETTER, records=Dying())

    with pytest.raises(Dies):
        lesson.train()

    card = lesson.records.card(SHOP.id, OTHER.name)
    assert card
    assert card.decision is Decision.PROMOTED


def test_a_better_model_takes_the_place_of_the_one_in_force_which_can_be_gone_back_to() -> None:
    lesson = Lesson(contest=BETTER)
    before = lesson.shop

    card = lesson.train()

    assert (card.decision, card.model, card.champion) == (Decision.PROMOTED, OTHER.name, MODEL.name)
    assert lesson.shop.numbers.model == OTHER.name
    assert lesson.shop.numbers.second_orders == card.second_orders
    assert lesson.kept == [OTHER.name]
    assert lesson.records.card(SHOP.id) == lesson.records.card(SHOP.id, OTHER.name) == card
    former = lesson.records.former(SHOP.id)
    assert former
    assert (former.numbers, former.catalogue) == (before.numbers, lesson.shop.catalogue)


@pytest.mark.parametrize("contest", [WORSE, None])
def test_without_a_win_nothing_changes_but_the_card(contest: Contest | None) -> None:
    lesson = Lesson(contest=contest)
    before = lesson.shop

    card = lesson.train()

    assert (card.decision, card.model) == (Decision.KEPT, "")
    assert (lesson.shop, lesson.kept, lesson.records.former(SHOP.id)) == (before, [], None)
    assert lesson.records.card(SHOP.id) == card


def test_a_model_younger_than_a_month_is_not_judged_and_nothing_heavy_is_imported() -> None:
    lesson = Lesson(contest=BETTER)

    assert lesson.train(AS_OF + timedelta(days=29)).decision is Decision.TOO_YOUNG
    assert lesson.asked == []


def test_a_store_with_few_second_orders_keeps_what_it_has() -> None:
    lesson = Lesson(contest=BETTER)
    lesson.house.held.facts.clear()

    assert lesson.train().decision is Decision.TOO_SMALL
    assert lesson.asked == []


@pytest.mark.parametrize("named", ["", MODEL.name])
def test_a_store_that_has_grown_out_of_the_prior_gets_its_own_model_without_a_contest(named: str) -> None:
    lesson = Lesson(contest=WORSE, second_orders=49)
    young = replace(lesson.shop.numbers, model=named, fitted_at=LATER - timedelta(days=1))
    lesson.shops.change(SHOP.id, numbers=young)

    card = lesson.train(LATER)

    assert (card.decision, card.champion, card.contest) == (Decision.PROMOTED, "", None)
    assert lesson.shop.numbers.model == OTHER.name


def test_the_first_model_pins_the_catalogue() -> None:
    lesson = Lesson()
    lesson.shops.change(SHOP.id, numbers=Numbers(), catalogue="", applied=False)

    lesson.train()

    assert lesson.shops.catalogues[lesson.shop.catalogue] == packaged_catalogue()
    assert lesson.records.former(SHOP.id) is None


def a_proposal() -> Lesson:
    lesson = Lesson(contest=BETTER, days=20)
    card = lesson.train()
    assert card.decision is Decision.PROPOSED
    return lesson


def test_what_would_move_more_than_a_tenth_waits_and_the_merchant_is_told() -> None:
    lesson = a_proposal()

    waits = lesson.records.proposal(SHOP.id)

    assert waits
    assert lesson.shop.numbers.model == MODEL.name
    assert lesson.told == [waits.card]
    assert (waits.card.changed_share or 0) > HELD_ABOVE
    assert not waits.card.taken
    assert waits.numbers.window.days == 20


def test_what_the_costs_do_not_carry_any_more_is_not_taken_away_unasked() -> None:
    lesson = Lesson(contest=BETTER, withheld=UNCARRIED)
    for place, state in list(lesson.house.held.states.items())[:2]:
        lesson.house.held.states[place] = replace(state, shown_in=(*state.shown_in, "value:gold"))

    card = lesson.train()

    assert card.decision is Decision.PROPOSED
    assert 0 < (card.changed_share or 0) < HELD_ABOVE
    assert lesson.told == [card]
    said = "nobody would be in value any more: Costs are told of 9 %. `nextorder audit` says what to do"
    assert [line for line in describe(card) if "any more" in line] == [said]
    accept(lesson.shop, shops=lesson.shops, records=lesson.records)
    assert lesson.shop.numbers.withheld == UNCARRIED


def test_what_nobody_is_in_is_withheld_without_asking() -> None:
    lesson = Lesson(contest=BETTER, withheld=UNCARRIED)

    assert lesson.train().decision is Decision.PROMOTED
    assert lesson.told == []


def test_what_is_accepted_is_in_force_and_the_sweep_begins() -> None:
    lesson = a_proposal()
    sweeper = Sweeper(
        judge=lesson.house.judge,
        waker=InMemoryQueue(),
        passes=InMemoryPasses(),
        sizes=InMemorySizes(),
        costs=InMemoryUnitCosts(lesson.house.held),
        notices=lambda _: {},
        denials=InMemoryDenials(),
    )
    while (now := sweep(lesson.shop, sweeper=sweeper, as_of=LATER)) and not now.ended_at:
        assert not sweeper.waker.waiting()
    assert sweep(lesson.shop, sweeper=sweeper, as_of=LATER) is None

    card = accept(lesson.shop, shops=lesson.shops, records=lesson.records)

    assert card.decision is Decision.PROMOTED
    assert lesson.shop.numbers.model == OTHER.name
    assert lesson.records.proposal(SHOP.id) is None
    begun = sweep(lesson.shop, sweeper=sweeper, as_of=LATER)
    assert begun
    assert (begun.looked_at, begun.ended_at) == (0, None)
    with pytest.raises(BadSettings, match="no model waits"):
        accept(lesson.shop, shops=lesson.shops, records=lesson.records)


def test_accepting_goes_on_after_a_crash_between_its_writes() -> None:
    lesson = a_proposal()
    waits = lesson.records.proposal(SHOP.id)
    assert waits
    lesson.shops.change(SHOP.id, numbers=waits.numbers)

    accept(lesson.shop, shops=lesson.shops, records=lesson.records)

    assert lesson.records.proposal(SHOP.id) is None


def test_what_was_held_against_other_numbers_is_not_put_in_force() -> None:
    lesson = a_proposal()
    lesson.shops.change(SHOP.id, numbers=replace(lesson.shop.numbers, fitted_at=LATER + timedelta(days=1)))

    with pytest.raises(BadSettings, match="other numbers since"):
        accept(lesson.shop, shops=lesson.shops, records=lesson.records)


CHANGES: Sequence[Callable[[Shop], Mapping[str, object]]] = (
    lambda shop: {"numbers": replace(shop.numbers, fitted_at=LATER)},
    lambda _: {"catalogue": "another"},
)


@pytest.mark.parametrize("change", CHANGES)
def test_a_shop_that_changed_during_the_training_is_left_alone(
    change: Callable[[Shop], Mapping[str, object]],
) -> None:
    lesson = Lesson(contest=BETTER)
    read = lesson.shop
    lesson.shops.change(SHOP.id, **change(read))

    with pytest.raises(RetryLater):
        promote(read, read.numbers, shops=lesson.shops, records=lesson.records)

    assert lesson.records.former(SHOP.id) is None


def test_going_back_twice_is_where_one_was() -> None:
    lesson = Lesson(contest=BETTER)
    before = lesson.shop.numbers
    lesson.train()
    after = lesson.shop.numbers
    seen = []

    for _ in range(2):
        shop = lesson.shop
        numbers = former_numbers(shop, shops=lesson.shops, records=lesson.records)
        lesson.shops.change(SHOP.id, numbers=numbers)
        keep_former(shop, records=lesson.records)
        seen.append(lesson.shop.numbers)

    assert seen == [before, after]


def test_there_is_no_way_back_to_another_catalogues_numbers_or_to_nothing() -> None:
    lesson = Lesson(contest=BETTER)
    with pytest.raises(BadSettings, match="no model before"):
        former_numbers(lesson.shop, shops=lesson.shops, records=lesson.records)
    lesson.train()
    lesson.shops.change(SHOP.id, catalogue="another")

    with pytest.raises(BadSettings, match="another catalogue"):
        former_numbers(lesson.shop, shops=lesson.shops, records=lesson.records)


def test_after_an_import_what_was_fitted_to_less_has_no_say_until_it_is_shown() -> None:
    young = TAUGHT.fitted_at
    assert young
    lesson = Lesson()
    lesson.shops.change(SHOP.id, applied=False)

    assert lesson.train(as_of=young + timedelta(days=1)).decision is Decision.TOO_YOUNG
    assert lesson.train(as_of=young + timedelta(days=1), anew=True).decision is Decision.PROMOTED

    shown = Lesson()
    assert shown.train(as_of=young + timedelta(days=1), anew=True).decision is Decision.TOO_YOUNG
