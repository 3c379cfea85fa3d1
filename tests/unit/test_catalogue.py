"""The catalogue file is read whole, or refused with the line that is wrong."""

from pathlib import Path

import pytest

from nextorder.domain import catalogue as module
from nextorder.domain.catalogue import MAX_ON, Catalogue, parse_catalogue
from nextorder.domain.errors import BadSettings

TEXT = Path(module.__file__).with_name("catalogue.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return parse_catalogue(TEXT)


def line_of(text: str) -> int:
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if line == text)


def test_the_starter_pack_and_nothing_else_is_on(catalogue: Catalogue) -> None:
    on = {name for name in catalogue.entries if catalogue.on(name)}

    assert on == {
        "life:new",
        "life:second-window",
        "life:closing",
        "life:champion",
        "risk:at-risk",
        "hold",
    }
    assert on == {entry.name for entry in catalogue.entries.values() if entry.starter}


def test_all_switches_on_what_is_not_internal(catalogue: Catalogue) -> None:
    everything = catalogue.with_on("all")

    off = {name for name in everything.entries if not everything.on(name)}

    assert off == {"risk:lost", "value:negative"}


def test_names_switch_on_exactly_these_and_the_hold_mark(catalogue: Catalogue) -> None:
    chosen = catalogue.with_on(["risk:lost"])

    assert {name for name in chosen.entries if chosen.on(name)} == {"risk:lost", "hold"}


def test_an_unknown_name_cannot_be_switched_on(catalogue: Catalogue) -> None:
    with pytest.raises(BadSettings, match="risk:gone"):
        catalogue.with_on(["risk:gone"])


def test_a_segment_that_is_not_declared_is_off(catalogue: Catalogue) -> None:
    assert not catalogue.on("life:unheard")


def test_the_fit_learns_which_ranks_to_freeze(catalogue: Catalogue) -> None:
    assert catalogue.clv_shares == (0.01, 0.015, 0.05, 0.065, 0.1, 0.15, 0.2, 0.24, 0.5, 0.55)


def test_the_thresholds_are_those_of_the_file(catalogue: Catalogue) -> None:
    assert catalogue.threshold("life:closing", "until_share_of_c") == 1.0
    assert catalogue.threshold("risk:at-risk", "refit_back") == 0.53


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "chance_kept_out = 0.47",
            "chance_kept_out = 0.57",
            "life:champion.chance_kept_out: must not be above",
        ),
        ("refit_back = 0.53", "refit_back = 0.43", "risk:at-risk.refit_back: must not be below"),
        ("clv_rank_out = 0.065", "clv_rank_out = 0.04", "value:gold.clv_rank_out: must not be below"),
        ("until_share_of_c = 0.7", "until_share_of_c = 1.7", "must be a number above 0 and at most 1"),
        ("until_share_of_c = 0.7", 'until_share_of_c = "half"', "must be a number above 0"),
        ("until_share_of_c = 0.7", "until_share_of_c = 0.1", "must be above that of life:new"),
        ("order_days = 3", "order_days = 2.5", "value:negative.order_days: must be a whole number"),
        ("flow_days = 60", "flow_days = 0", "value:negative.flow_days: must be a whole number"),
        ('flow = "Sunset, ads only"', 'flow = ""', "risk:lost.flow: must be words"),
        ('rolls_up_into = "life:repeat"', 'rolls_up_into = "life:gone"', "must name a segment"),
        ('flow = "Excluded everywhere"', 'folw = "Excluded everywhere"', "hold.folw: unknown key"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        parse_catalogue(TEXT.replace(old, new))

    assert says in str(refusal.value)
    assert f"line {line_of(old)}:" in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[life.new]", "[lief.new]", "line 31: lief: unknown family"),
        ("[life.new]", "[life.newish]", "line 31: life:newish: unknown value"),
        ("[risk.lost]\non = false", "[risk.lost]", "risk:lost.on: is missing"),
        ("[hold]\non = true", "[hold]\non = false", "hold.on: held-out customers are always marked"),
        ("[hold]\non = true", "[hold]\non = 1", "hold.on: must be true or false"),
        ("version = 1", 'version = "1"', "version: must be a whole number"),
        ("version = 1", "version = 1\nversion = 2", "line 22"),
        ("[life.new]", "[life.new", "line 31"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        parse_catalogue(TEXT.replace(old, new))


def test_a_missing_segment_is_refused() -> None:
    head, _, _ = TEXT.partition("[hold]")

    with pytest.raises(BadSettings, match="hold: is missing"):
        parse_catalogue(head)


def test_a_tag_that_grows_too_long_is_refused() -> None:
    with pytest.raises(BadSettings, match="at most 40 characters"):
        parse_catalogue(TEXT, prefix="a-very-long-name-of-a-shop:")


def test_everything_together_stays_within_the_most_that_may_be_on(catalogue: Catalogue) -> None:
    everything = catalogue.with_on(list(catalogue.entries))

    assert sum(everything.on(name) for name in everything.entries) <= MAX_ON


def test_more_than_the_most_is_refused(catalogue: Catalogue) -> None:
    many = {f"life:extra-{n}": catalogue.entries["life:new"] for n in range(MAX_ON)}

    with pytest.raises(BadSettings, match="at most 20"):
        Catalogue(version=1, entries={**catalogue.entries, **many}).with_on([*many, "life:new"])
