"""Segments that are too small to act on, and where their people are shown instead."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.catalogue import parse_catalogue
from nextorder.training.floors import Size, merged, sizes_of

PACKAGED = parse_catalogue(files("nextorder.domain").joinpath("catalogue.toml").read_text(encoding="utf-8"))
LARGE = Size(1_000, 100.0)
NAMES = [name for name in PACKAGED.entries if not name.endswith("*")]


def shown(*, before: dict[str, str] | None = None, **sizes: Size) -> dict[str, str]:
    """Merge with everything large but what is named, `life_new` for life:new."""
    told = {name.replace("_", ":", 1).replace("_", "-"): size for name, size in sizes.items()}
    return merged(dict.fromkeys(NAMES, LARGE) | told, 4_000, PACKAGED, before)


def test_nothing_is_merged_while_all_are_large_enough() -> None:
    assert shown() == {}


def test_a_small_tier_is_shown_in_the_next() -> None:
    assert shown(value_gold=Size(29, 100.0)) == {"value:gold": "value:silver"}


def test_few_expected_orders_are_too_few_too() -> None:
    assert shown(value_gold=Size(300, 9.9)) == {"value:gold": "value:silver"}


def test_the_floor_grows_with_the_shop() -> None:
    sizes = {"value:gold": Size(30, 100.0), "value:silver": LARGE}

    assert merged(sizes, 12_000, PACKAGED, None) == {}
    assert merged(sizes, 12_001, PACKAGED, None) == {"value:gold": "value:silver"}


def test_what_was_shown_stays_down_to_four_fifths_of_the_floor() -> None:
    was_merged = {"value:gold": "value:silver"}

    assert shown(value_gold=Size(24, 8.0), before={}) == {}
    assert shown(value_gold=Size(23, 8.0), before={}) == was_merged
    assert shown(value_gold=Size(29, 100.0), before=was_merged) == was_merged
    assert shown(value_gold=Size(30, 10.0), before=was_merged) == {}


def test_people_of_a_merged_segment_count_where_they_went() -> None:
    few = Size(20, 6.0)

    assert shown(value_platinum=few, value_gold=few) == {"value:platinum": "value:gold"}


def test_a_chain_of_small_tiers_ends_in_none() -> None:
    nobody = Size()

    assert shown(value_platinum=nobody, value_gold=nobody, value_silver=nobody, value_bronze=nobody) == {
        "value:platinum": "",
        "value:gold": "",
        "value:silver": "",
        "value:bronze": "",
    }


def test_of_two_that_name_each_other_the_smaller_goes_into_the_larger() -> None:
    assert shown(life_new=Size(5, 9.0), life_second_window=Size(40, 9.0)) == {
        "life:new": "life:second-window"
    }
    assert shown(life_new=Size(29, 9.0), life_second_window=Size(3, 9.0)) == {
        "life:second-window": "life:new"
    }


def test_a_small_champion_is_shown_as_loyal() -> None:
    assert shown(life_champion=Size(3, 9.0)) == {"life:champion": "life:loyal"}


@pytest.mark.parametrize("name", ["hold", "care", "cart:hot", "cart:warm", "life:missed", "life:repeat"])
def test_what_has_no_floor_is_always_shown(name: str) -> None:
    assert name not in merged(dict.fromkeys(NAMES, LARGE) | {name: Size(1, 0.1)}, 4_000, PACKAGED, None)


@given(st.dictionaries(st.sampled_from(NAMES), st.builds(Size, st.integers(0, 60), st.floats(0, 20))))
def test_every_merged_segment_ends_in_one_that_is_shown(sizes: dict[str, Size]) -> None:
    into = merged(sizes, 4_000, PACKAGED, None)

    assert all(target not in into for target in into.values())
    assert all(target or not name.startswith(("life:", "risk:")) for name, target in into.items())


def test_sizes_count_customers_and_their_orders_and_know_the_empty_ones() -> None:
    sizes = sizes_of(["care"], [{"life:new": 0.25, "hold": 0.25}, {"life:new": 0.5}])

    assert sizes == {"care": Size(), "life:new": Size(2, 0.75), "hold": Size(1, 0.25)}
