"""The list of spend: what is read of it, and each line that cannot be used with its reason."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Rate, Shop
from nextorder.domain.spend_file import Spend, by_title, read_spend

SHOP = Shop(id="a.myshopify.com", currency="EUR")
HEADER = "from,to,dimension,name,spend,currency\n"
LINE = "2026-06-01,2026-06-30,source,Google / CPC,1200.50,EUR\n"


def test_a_line_says_what_was_spent_on_what_and_when() -> None:
    [spend] = read_spend(HEADER + LINE, SHOP)
    assert spend == Spend(
        first=date(2026, 6, 1),
        last=date(2026, 6, 30),
        dimension="source",
        name="google / cpc",
        amount=120_050,
        line=2,
    )
    assert spend.days == 30


def test_columns_may_stand_in_any_order_and_the_currency_may_be_left_out() -> None:
    text = "\ufeffName;Spend;From;To;Dimension\nSPRING10;99,90;2026-06-01;2026-06-01;code\n"
    [spend] = read_spend(text, SHOP)
    assert (spend.dimension, spend.name, spend.amount) == ("code", "spring10", 9990)


def test_another_currency_is_converted_at_the_merchants_rate() -> None:
    line = LINE.replace("EUR", "JPY").replace("1200.50", "10000")
    rated = replace(SHOP, rates=(Rate(currency="JPY", into="EUR", rate=Decimal("0.006")),))
    assert [one.amount for one in read_spend(HEADER + line, rated)] == [6000]
    with pytest.raises(BadSettings, match=r"line 2: currency: .*--rate JPY"):
        read_spend(HEADER + line, SHOP)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("1 June,2026-06-30,source,google,1,EUR", "line 2: from: expected a day such as 2026-06-01"),
        ("2026-06-30,2026-06-01,source,google,1,EUR", "line 2: to: 2026-06-01 is before 2026-06-30"),
        ("2026-06-01,2026-06-30,advert,google,1,EUR", "line 2: dimension: expected one of source, landing"),
        ("2026-06-01,2026-06-30,source,,1,EUR", "line 2: name: it is empty"),
        ("2026-06-01,2026-06-30,source,google,1k,EUR", "line 2: spend: expected an amount such as 1234.50"),
        ("2026-06-01,2026-06-30,source,google,-1,EUR", "line 2: spend: expected an amount from 0"),
        ("2026-06-01,2026-06-30,source,google,nan,EUR", "line 2: spend: expected an amount from 0"),
        ("2026-06-01,2026-06-30,source,google,1,euro", "line 2: currency: expected a code such as EUR"),
        ("2026-06-01", "line 2: to: expected a day"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_column(line: str, reason: str) -> None:
    with pytest.raises(BadSettings) as refusal:
        read_spend(f"{HEADER}{line}\n", SHOP)
    assert reason in str(refusal.value)


@pytest.mark.parametrize("text", ["1.234", "12.345.678"])
def test_thousands_with_points_are_no_fractions(text: str) -> None:
    """A list with commas for cents writes a thousand so: read as 1.23 the spend would be next to nothing."""
    line = f"from;to;dimension;name;spend\n2026-06-01;2026-06-01;source;google;{text}\n"

    with pytest.raises(BadSettings, match=r"line 2: spend: .* may be thousands or a fraction"):
        read_spend(line, SHOP)
    if text == "1.234":
        assert read_spend(line, replace(SHOP, currency="KWD"))[0].amount == 1234


def test_every_wrong_line_is_named_up_to_ten() -> None:
    with pytest.raises(BadSettings) as refusal:
        read_spend(HEADER + "x,y,source,google,1,EUR\n" * 12, SHOP)
    assert "line 11" in str(refusal.value)
    assert "line 12" not in str(refusal.value)
    assert str(refusal.value).endswith("; and 2 more")


def test_days_that_two_lines_count_are_refused() -> None:
    """The same money would be told twice; another name, or other days, are another matter."""
    again = LINE.replace("2026-06-01", "2026-06-30").replace("2026-06-30,source", "2026-07-02,source")
    with pytest.raises(BadSettings, match="line 3: line 2 tells of the same source"):
        read_spend(HEADER + LINE + again, SHOP)
    assert len(read_spend(HEADER + LINE + LINE.replace("Google", "Bing"), SHOP)) == 2


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("from,to,name,spend", "dimension missing"),
        ("from,to,dimension,name,spend,spend", "two columns say spend"),
        ("", "from, to, dimension, name, spend missing"),
    ],
)
def test_a_list_without_its_columns_is_refused(header: str, reason: str) -> None:
    with pytest.raises(BadSettings, match=f"line 1: .*{reason}"):
        read_spend(header + "\n", SHOP)


def test_a_product_may_go_by_its_id_whatever_it_is_called() -> None:
    lines = [LINE.replace("source,Google / CPC", named) for named in ("product,77", "product,Pot", "code,77")]

    found = by_title(read_spend(HEADER + "".join(lines), SHOP), {"77": "Mug (77)"})

    assert [(one.dimension, one.name) for one in found] == [
        ("product", "mug (77)"),
        ("product", "pot"),
        ("code", "77"),
    ]


def test_a_product_by_its_id_and_by_its_title_is_the_same_product() -> None:
    lines = [LINE.replace("source,Google / CPC", named) for named in ("product,77", "product,Mug")]
    spend = read_spend(HEADER + "".join(lines), SHOP)

    with pytest.raises(BadSettings, match="line 3: line 2 tells of the same product"):
        by_title(spend, {"77": "Mug"})
