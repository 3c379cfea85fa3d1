"""A segment that is too small says so, with its size, the least size, and what to ask for instead."""

from dataclasses import replace

import pytest

from nextorder.domain.shop import Numbers
from nextorder.domain.too_small import too_small_in_words
from tests.unit.shop_cases import CATALOGUE

ALL = replace(CATALOGUE, entries={n: replace(e, on=True) for n, e in CATALOGUE.entries.items()})
INTO = {"life:closing": "life:second-window", "value:bronze": "", "love:tea": ""}
NUMBERS = Numbers(customers=20_000, shown_as=INTO, too_small={"life:closing": 28, "love:tea": 0})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "life:closing",
            "life:closing is shown as life:second-window: it had 28 customers at the last fit, it takes 50",
        ),
        ("love:tea", "love:tea is not shown: it had no customers at the last fit, it takes 50"),
        ("value:bronze", "value:bronze is not shown: it had too few customers at the last fit, it takes 50"),
        ("life:new", ""),
    ],
)
def test_its_place_its_size_and_the_least_are_said(name: str, said: str) -> None:
    assert too_small_in_words(name, ALL, NUMBERS) == said


def test_with_customers_enough_it_is_the_orders_that_are_too_few() -> None:
    many = replace(NUMBERS, too_small={"value:bronze": 60})

    assert too_small_in_words("value:bronze", ALL, many) == (
        "value:bronze is not shown: it had 60 customers at the last fit, "
        "and fewer than 10 orders were to be expected of them"
    )


def test_nothing_is_said_of_what_is_off_or_of_a_band_whose_neighbour_is() -> None:
    into = {"value:bronze": "", "life:champion": "life:loyal"}
    numbers = replace(NUMBERS, shown_as=into)

    assert not any(too_small_in_words(name, CATALOGUE, numbers) for name in into)
