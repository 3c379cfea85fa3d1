"""A merchant's own segment in the catalogue file: an entry like the others, refused with its line."""

import pytest

from nextorder.domain.catalogue import parse_catalogue
from nextorder.domain.errors import BadSettings
from tests.unit.own_cases import TEXT, catalogue_with


def test_it_is_an_entry_like_the_others() -> None:
    catalogue = catalogue_with("life is loyal", "clv_gp2_365 in top 3 %", more="measured_days = 14\n")

    entry = catalogue.entry("own:mine")

    assert entry is not None
    assert (entry.on, entry.starter, entry.floor, entry.measured_days) == (True, False, True, 14)
    assert entry.rests_on == "life is loyal; clv_gp2_365 in top 3 %"
    assert catalogue.on("own:mine")
    assert "own:mine" in catalogue.shown
    assert 0.03 in catalogue.clv_shares
    assert catalogue.with_on(["own"]).shown == ("hold", "own:mine")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("lfie is loyal", "the word lfie is unknown; near it: life"),
        ("life is loyl", "the value loyl is unknown; near it: loyal"),
        ("hold is on", "the word hold is unknown"),
        ("own is other", "the word own is unknown"),
        ("gender is f", "the word gender is unknown"),
        ("care is due", "the value due is unknown; near it: off, on"),
        ("life loyal", "expected `is`, not loyal"),
        ("life is not", "nothing stands after is not"),
        ("consent mail is subscribed", "consent of mail is unknown; near it: email"),
        ("consent email is yes", "the value yes is unknown"),
        ("order_days = 3", "after order_days = is unknown"),
        ("order_days > many", "expected a number from 0, not many"),
        ("order_days > 3 days", "did not expect days"),
        ("gp2_to_date > -5", "expected a number from 0, not -5"),
        ("return_share > 20", "return_share is a share from 0 to 1, not 20"),
        ("p_30d > 0.5", "a chance is compared with the store's mean, as in `p_30d > 2 x base`"),
        ("p_31d > 2 x base", "the word p_31d is unknown; near it: p_30d"),
        ("p_12h > 2 x base", "the word p_12h is unknown"),
        ("clv_gp2_365 > 500", "expected a rank, as in `clv_gp2_365 in top 5 %`"),
        ("clv_gp2_365 in top 0 %", "a top share is above 0 %"),
        ("", "the word nothing is unknown"),
    ],
)
def test_a_wrong_condition_is_refused_with_its_line_and_what_is_near_it(condition: str, says: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        catalogue_with("order_days >= 1", condition)

    line = len(TEXT.splitlines()) + (8 if condition else 6)
    assert f"catalogue line {line}: own:mine.when: {condition!r}: " in str(refusal.value)
    assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[own.mine]", "[own.Mine]", "own:Mine: a name is of a-z, 0-9 and -"),
        ("[own.mine]", "[own.life]", "own:life: a name is of a-z, 0-9 and -, and no family's"),
        ("[own.mine]", f"[own.{'m' * 32}]", "a tag has at most 40 characters"),
        ("[own.mine]", "[mine]", "mine: unknown family"),
        ('flow = "A letter"', "", "own:mine.flow: is missing"),
        ('flow = "A letter"', 'flow = "A letter"\nfloor = false', "own:mine.floor: cannot be set"),
        ('flow = "A letter"', 'flow = "A letter"\nstarter = true', "own:mine.starter: cannot be set"),
        ('flow = "A letter"', 'flow = "A letter"\nrank = 0.1', "own:mine.rank: unknown key"),
        ("when = [", "when = []\nthen = [", "own:mine.when: must be a list of conditions"),
        ("when = [", "when = [1,", "own:mine.when: must be a list of conditions"),
    ],
)
def test_a_wrong_table_is_refused(old: str, new: str, says: str) -> None:
    table = '[own.mine]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = ["life is loyal"]\n'

    with pytest.raises(BadSettings, match=says):
        parse_catalogue(f"{TEXT}\n{table.replace(old, new)}")


def test_what_is_not_a_table_is_refused() -> None:
    with pytest.raises(BadSettings, match="own: a segment of your own is a table"):
        parse_catalogue(f"own = 3\n{TEXT}")


def test_it_counts_among_those_that_are_on() -> None:
    many = "\n".join(
        f'[own.n{n}]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = ["life is loyal"]'
        for n in range(15)
    )

    with pytest.raises(BadSettings, match="21 segments are switched on"):
        parse_catalogue(f"{TEXT}\n{many}")
