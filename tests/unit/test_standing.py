"""How a destination stands: whoever has nothing to show there is neither behind nor forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from nextorder.domain.changes import Accepted, Desired
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from nextorder.domain.standing import Standing
from nextorder.domain.verdict import State, Verdict
from nextorder.use_cases.status import Held, standing
from tests.fakes.board import Board
from tests.unit.bulk_cases import Town
from tests.unit.publish_cases import SHOP, a_verdict


class Tags(Board):
    """As Shopify: the hold mark is a tag, and there is nothing else of who is held out."""

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        return replace(super().project(shop, verdict), attributes={} if held_out(verdict) else {"stage": "x"})


def held_out(verdict: Verdict | None) -> bool:
    return bool(verdict and verdict.held_out)


def stands(town: Town, held: Held) -> Standing:
    """Look at a town of whom a destination has taken so much of each."""

    def take(_: str, note: Callable[[str, State | None, Held], None]) -> None:
        for (_, customer), state in town.customers.states.items():
            note(customer, state, held)

    [found] = standing(town.shop, [town.publisher], take).values()
    return found


@pytest.mark.parametrize(("step", "bare", "behind"), [(Step.PROPERTIES, 2, 0), (Step.TAGS, 0, 2)])
def test_who_is_held_out_has_nothing_to_show_before_the_tags(step: Step, bare: int, behind: int) -> None:
    town = Town(count=5, shop=replace(SHOP, going_live=GoingLive(step=step)))
    town.board = Tags(profiles=town.board.profiles)
    for n in (1, 2):
        town.place(n, replace(a_verdict(), held_out=True))

    found = stands(town, {})

    assert (found.bare, found.first, found.behind, found.outside) == (bare, 3, behind, 0)


def test_who_is_shown_anything_is_not_asked_what_they_would_show() -> None:
    town = Town(count=3)
    held: dict[str, tuple[Accepted, datetime | None]] = {"board": (Accepted(version=1), None)}

    found = stands(town, held)

    assert (found.shown, found.bare, found.first) == (3, 0, 0)
