"""What other terms would change is known before they are in force."""

from dataclasses import replace
from datetime import timedelta

import pytest

from nextorder.use_cases.preview import Preview, preview
from tests.unit.sweep_cases import AS_OF, COUNT, Swept


def test_the_same_terms_change_nobody() -> None:
    swept = Swept()

    seen = preview(swept.shop, judge=swept.house.judge, as_of=AS_OF)

    assert (seen.customers, seen.changed, seen.moves) == (COUNT, 0, {})


def test_who_would_be_shown_elsewhere_is_counted_by_family_and_nothing_is_written() -> None:
    swept = Swept(step=timedelta())
    before = swept.states
    window = replace(swept.shop.numbers.window, days=60)
    other = replace(swept.shop, numbers=replace(swept.shop.numbers, window=window, model="", fitted_at=AS_OF))

    seen = preview(other, judge=swept.house.judge, as_of=AS_OF)

    assert swept.states == before
    assert seen.held
    assert seen.changed == sum(seen.moves.values())
    assert {old.partition(":")[0] for old, _ in seen.moves} == {"life"}
    swept.house.shops.change(other.id, numbers=other.numbers)
    swept.run()
    after = swept.states
    assert seen.changed == sum(old.shown_in != new.shown_in for old, new in zip(before, after, strict=True))


@pytest.mark.parametrize(("changed", "held"), [(0, False), (10, False), (11, True)])
def test_more_than_a_tenth_is_held(changed: int, *, held: bool) -> None:
    assert Preview(customers=100, changed=changed, moves={}).held is held


def test_an_empty_shop_holds_nothing() -> None:
    assert not Preview(customers=0, changed=0, moves={}).held
