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


def test_all_switches_on_the_starter_pack_and_what_fits_in_the_order_of_the_file(
    catalogue: Catalogue,
) -> None:
    everything = catalogue.with_on("all")

    on = set(everything.shown)
    others = [name for name in catalogue.entries if name not in catalogue.shown]
    offered = [name for name in others if not catalogue.entries[name].internal]

    assert len(on) == MAX_ON
    assert on == {*catalogue.shown, *offered[: MAX_ON - len(catalogue.shown)]}


def test_what_is_internal_or_on_request_needs_its_own_name(catalogue: Catalogue) -> None:
    by_family = catalogue.with_on(["risk", "care"])
    by_name = catalogue.with_on(["risk:lost", "value:negative", "overstock:*"])

    assert set(by_family.shown) == {"risk:cooling", "risk:at-risk", "care", "hold"}
    assert set(by_name.shown) == {"risk:lost", "value:negative", "overstock:*", "hold"}


def test_one_table_speaks_for_all_values_of_an_open_family(catalogue: Catalogue) -> None:
    chosen = catalogue.with_on(["starter", "love"])

    assert chosen.on("love:shoes")
    assert not chosen.on("replenish:shoes")
    assert chosen.threshold("love:shoes", "at_most") == 2
    assert chosen.open_families == {"love", "replenish", "overstock"}


def test_the_roll_up_of_an_open_family_is_one_of_its_values(catalogue: Catalogue) -> None:
    assert catalogue.entry("replenish:any") is catalogue.entry("replenish:*")


def test_a_number_of_an_unknown_segment_is_an_error(catalogue: Catalogue) -> None:
    with pytest.raises(KeyError, match="life:gone"):
        catalogue.threshold("life:gone", "order_days")


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
    assert catalogue.chance_shares == (0.1, 0.15)


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
        ("rank_out = 0.15", "rank_out = 0.05", "buy:5d.rank_out: must not be below rank"),
        ("share_out = 0.65", "share_out = 0.85", "promo:only.share_out: must not be above share"),
        ("share_out = 0.20", "share_out = 0.05", "promo:fullprice.share_out: must not be below share"),
        ("over_base_out = 2.0", "over_base_out = 4.0", "love:*.over_base_out: must not be above over_base"),
        ("over_store = 2.0", "over_store = 0", "returns:high.over_store: must be a number above 0"),
        ("over_base = 3.0", "over_base = inf", "love:*.over_base: must be a number above 0"),
        ("p = 0.15", "p = 1.5", "cart:warm.p: must be a number above 0 and at most 1"),
        ("hours = 6", "hours = 0.5", "buy:now.hours: must be a whole number from 1"),
        ("days = 30", "day = 30", "care.day: unknown key"),
        ("at_most = 2", "at_most = true", "love:*.at_most: must be a whole number from 1"),
        ('flow = "Excluded everywhere"', 'folw = "Excluded everywhere"', "hold.folw: unknown key"),
    ],
)
def test_a_wrong_value_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        parse_catalogue(TEXT.replace(f"\n{old}\n", f"\n{new}\n"))

    assert says in str(refusal.value)
    assert f"line {line_of(old)}:" in str(refusal.value)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('[love."*"]', "[love.shoes]", "love:shoes: unknown value"),
        ("[care]", "[care.needed]", "care.needed: unknown key"),
        ("[life.new]", "[lief.new]", "line {head}: lief: unknown family"),
        ("[life.new]", "[life.newish]", "line {head}: life:newish: unknown value"),
        ("[risk.lost]\non = false", "[risk.lost]", "risk:lost.on: is missing"),
        ("[hold]\non = true", "[hold]\non = false", "hold.on: held-out customers are always marked"),
        ("[hold]\non = true", "[hold]\non = 1", "hold.on: must be true or false"),
        ("version = 1", 'version = "1"', "version: must be a whole number"),
        ("version = 1", "version = 1\nversion = 2", "line {version}"),
        ("[life.new]", "[life.new", "line {head}"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    where = says.format(head=line_of("[life.new]"), version=line_of("version = 1") + 1)

    with pytest.raises(BadSettings, match=where):
        parse_catalogue(TEXT.replace(old, new))


def test_a_missing_segment_is_refused() -> None:
    head, _, _ = TEXT.partition("[overstock")

    with pytest.raises(BadSettings, match="overstock:\\*: is missing"):
        parse_catalogue(head)


def test_a_tag_that_grows_too_long_is_refused() -> None:
    with pytest.raises(BadSettings, match="at most 40 characters"):
        parse_catalogue(TEXT, prefix="a-very-long-name-of-a-shop:")


def test_more_than_the_most_is_refused(catalogue: Catalogue) -> None:
    with pytest.raises(BadSettings, match="30 segments are switched on, at most 20"):
        catalogue.with_on(catalogue.entries)
