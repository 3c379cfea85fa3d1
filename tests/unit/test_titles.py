"""What products are called: by their titles, and nobody is taken for another."""

from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.titles import told_apart

TITLES = st.dictionaries(st.integers(1, 10**13).map(str), st.sampled_from(["Mug", "mug", "Pot", "Cup"]))


def test_products_of_the_same_title_carry_their_ids() -> None:
    assert told_apart({"1": "Mug", "2": "mug", "3": "Pot"}) == {"1": "Mug (1)", "2": "mug (2)", "3": "Pot"}


@given(titles=TITLES)
def test_no_two_products_are_called_alike_whatever_the_capitals(titles: dict[str, str]) -> None:
    called = told_apart(titles)

    assert called.keys() == titles.keys()
    assert len({name.casefold() for name in called.values()}) == len(titles)
