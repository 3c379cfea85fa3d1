"""One settings file says all that a merchant decides, and is read back as it was written."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.domain.errors import BadSettings
from nextorder.domain.settings import SETTINGS, read_settings, write_settings
from nextorder.domain.shop import Costs, CountryCosts, Incentives, Odds, Rate, Shop

SHOP = Shop(id="a.myshopify.com", currency="SEK")
TEXT = write_settings(SHOP, "Found in the history:\n  a window of 171 days")

amounts = st.integers(0, 10**6)
shares = st.decimals(0, 1, places=4)
texts = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)
of_country = st.builds(CountryCosts, outbound_shipping=amounts, return_handling=amounts | st.none())
shops = st.builds(
    Shop,
    id=st.just("a.myshopify.com"),
    currency=st.sampled_from(["SEK", "JPY", "KWD"]),
    objective=texts,
    holdout_share=shares,
    loyal_order_days=st.integers(2, 9),
    count_wholesale=st.booleans(),
    delivery_days=st.integers(0, 60),
    rates=st.sampled_from([(), (Rate(currency="USD", into="JPY", rate=Decimal("152.5")),)]),
    costs=st.builds(
        Costs,
        payment_rate=shares,
        payment_fixed=amounts,
        outbound_shipping=amounts,
        unsellable_share=shares,
        margin_by_category=st.dictionaries(texts, shares, max_size=3),
        by_country=st.dictionaries(st.sampled_from(["SE", "NO", "US"]), of_country),
    ),
    incentives=st.builds(
        Incentives,
        on=st.booleans(),
        light_cost=st.integers(1, 500),
        strong_cost=st.integers(500, 900),
        light=st.just(Odds(value=1.2, lo=1.05, hi=1.4)),
        readout=texts,
    ),
)


def test_rates_are_told_into_the_shops_currency_and_convert_what_was_told_in_another() -> None:
    shop = replace(SHOP, told_in="JPY", costs=Costs(pick_pack=100, payment_fixed=30))

    changes = read_settings("[rates]\nJPY = 0.07\nUSD = 9.5\n[costs]\npick_pack = 4\n", shop)

    assert changes["rates"] == (
        Rate(currency="JPY", into="SEK", rate=Decimal("0.07")),
        Rate(currency="USD", into="SEK", rate=Decimal("9.5")),
    )
    assert (changes["costs"].pick_pack, changes["costs"].payment_fixed) == (400, 210)
    assert changes["told_in"] == "SEK"
    assert "[rates]" in TEXT


@pytest.mark.parametrize("line", ["SEK = 1", "usd = 2", "USD = 0", 'USD = "much"', "USDT = 2"])
def test_a_rate_that_cannot_be_one_is_refused(line: str) -> None:
    with pytest.raises(BadSettings, match="rates"):
        read_settings(f"[rates]\n{line}\n", SHOP)


@given(shops)
def test_what_is_written_is_read_back_digit_by_digit(shop: Shop) -> None:
    again = replace(shop, **read_settings(write_settings(shop), shop))

    assert again == shop
    assert repr(again.costs.payment_rate) == repr(shop.costs.payment_rate)


def test_every_setting_is_in_the_file_with_its_meaning() -> None:
    for setting in SETTINGS:
        assert f"# {setting.meaning}\n{setting.key} = " in TEXT
    assert "#   a window of 171 days\n" in TEXT


def test_every_field_that_a_merchant_decides_can_be_set() -> None:
    said = {(one.table, one.key) for one in SETTINGS}

    assert {key for table, key in said if table == "costs"} == set(Costs.__slots__) - {
        "margin_by_category",
        "by_country",
    }
    assert {key for table, key in said if table == "incentives"} == set(Incentives.__slots__)


def test_what_is_left_out_stays_as_it_is() -> None:
    shop = replace(SHOP, costs=Costs(pick_pack=150, margin_by_category={"tea": Decimal("0.6")}))

    changes = read_settings("[costs]\noutbound_shipping = 49\n", shop)

    assert changes == {"costs": replace(shop.costs, outbound_shipping=4_900)}


NORWAY = CountryCosts(pick_pack=100, outbound_shipping=700)
TOLD = replace(
    SHOP, costs=Costs(by_country={"NO": NORWAY}, margin_by_category={"tea": Decimal("0.6")}, pick_pack=5)
)


def test_countries_and_categories_that_a_file_leaves_out_stay_as_they_are() -> None:
    text = "[costs.by_country.SE]\npick_pack = 0\n[costs.margin_by_category]\ncups = 0.25\n"

    assert read_settings(text, TOLD) == {
        "costs": replace(
            TOLD.costs,
            by_country={"NO": NORWAY, "SE": CountryCosts(pick_pack=0)},
            margin_by_category={"tea": Decimal("0.6"), "cups": Decimal("0.25")},
        )
    }


def test_of_a_country_a_cost_that_is_left_out_stays_as_it_is() -> None:
    changes = read_settings("[costs.by_country.NO]\npick_pack = 2\n[costs]\npick_pack = 3\n", TOLD)

    assert changes["costs"] == replace(
        TOLD.costs, pick_pack=300, by_country={"NO": replace(NORWAY, pick_pack=200)}
    )


@pytest.mark.parametrize(
    "text",
    [
        '[costs.by_country.NO]\npick_pack = ""\noutbound_shipping = ""\n',
        "[costs.by_country.NO]\n",
        "[costs.by_country]\nNO = {}\n",
    ],
)
def test_an_empty_country_or_nothing_for_all_its_costs_takes_it_away(text: str) -> None:
    assert read_settings(text, TOLD) == {"costs": replace(TOLD.costs, by_country={})}


def test_nothing_for_one_cost_or_margin_takes_that_away_and_the_head_of_the_file_says_so() -> None:
    text = '[costs.by_country.NO]\npick_pack = ""\n[costs.margin_by_category]\ntea = ""\n'

    assert read_settings(text, TOLD) == {
        "costs": replace(
            TOLD.costs, by_country={"NO": CountryCosts(outbound_shipping=700)}, margin_by_category={}
        )
    }
    assert 'is taken away by ""' in TEXT.partition("\n\n")[0]


@pytest.mark.parametrize("text", ['[costs]\npick_pack = ""\n', '[rates]\nUSD = ""\n'])
def test_what_has_to_be_known_cannot_be_taken_away(text: str) -> None:
    with pytest.raises(BadSettings, match="nothing is no number"):
        read_settings(text, SHOP)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "[costs.by_country.SE]\npostage = 49\n",
            "line 2: costs:by_country:SE.postage: unknown key; there are out",
        ),
        (
            "[costs.by_country.SE]\npick_pack = -1\n",
            "line 2: costs:by_country:SE.pick_pack: expected a number",
        ),
        ("[costs.by_country.Sweden]\npick_pack = 1\n", "line 1: costs:by_country:Sweden: expected a table"),
        ("[costs.by_country]\nSE = 4\n", "expected a table by two letters"),
        ("[costs]\nby_country = 4\n", "line 2: costs.by_country: must be tables"),
    ],
)
def test_a_wrong_cost_of_a_country_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(BadSettings, match=says):
        read_settings(text, SHOP)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("holdout_share = 0.10", "holdout_share = 10", "holdout_share: expected a share from 0 to 1, not 10"),
        (
            "holdout_share = 0.10",
            "holdout = 0.10",
            "holdout: unknown key; there are objective, holdout_share",
        ),
        ("loyal_order_days = 4", "loyal_order_days = 1", "loyal_order_days: expected a whole number from 2"),
        ("delivery_days = 5", "delivery_days = 2.5", "delivery_days: expected a whole number from 0"),
        ("delivery_days = 5", "delivery_days = 366", "expected a whole number from 0 to 365, not 366"),
        ("count_wholesale = false", 'count_wholesale = "no"', "count_wholesale: expected true or false"),
        ('objective = ""', "objective = 15", "objective: expected words in quotes"),
        ("payment_rate = 0.029", "payment_rate = true", "costs.payment_rate: True is no number"),
        ("payment_rate = 0.029", 'payment_rate = "much"', "costs.payment_rate: much is no number"),
        ("pick_pack = 0.00", "pick_pack = 1.005", "costs.pick_pack: expected SEK with at most 2 decimals"),
        ("pick_pack = 0.00", "picking = 1", "costs.picking: unknown key; there are default_margin"),
        (
            "light = [1.1, 1, 1.25]",
            "light = [1.1, 1.2, 1.25]",
            "incentives.light: expected [value, low, high], low",
        ),
        ("light = [1.1, 1, 1.25]", "light = 1.1", "incentives.light: expected [value, low, high]"),
        ("on = false", "on = true", "incentives.on: say what offers cost first"),
        ("[incentives]", "[offers]", "offers: unknown; there are costs, incentives"),
        ("pick_pack = 0.00", "pick_pack =", "settings: "),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(old: str, new: str, says: str) -> None:
    line = TEXT.splitlines().index(old) + 1

    with pytest.raises(BadSettings) as refusal:
        read_settings(TEXT.replace(f"{old}\n", f"{new}\n"), SHOP)

    assert f"line {line}" in str(refusal.value)
    assert says in str(refusal.value)


def test_a_wrong_margin_of_a_category_is_refused_with_its_line() -> None:
    lines = TEXT.count("\n")

    with pytest.raises(BadSettings, match=f"settings line {lines + 1}: costs:margin_by_category.tea: "):
        read_settings(TEXT + '"tea" = 1.5\n', SHOP)


def test_margins_that_are_no_table_are_refused() -> None:
    with pytest.raises(BadSettings, match=r"settings line 2: costs\.margin_by_category: must be a table"):
        read_settings("[costs]\nmargin_by_category = 0.5\n", SHOP)
