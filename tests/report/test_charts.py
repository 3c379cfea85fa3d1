"""Every picture is drawn, for both widths, in the page's own colours."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import pytest

from nextorder.report.charts import DRAWS, Drawing, draw
from nextorder.report.charts_canvas import NARROW, WIDE
from nextorder.report.page import Page, Picture
from nextorder.report.palette import HEATS, PALETTE
from nextorder.report.written import headings
from tests.report.examples import PICTURES

LEAST_CONTRAST, LEAST_CONTRAST_OF_MARKS = 4.5, 3.0
"""Of words and of marks on what is behind them: WCAG 2.2, 1.4.3 and 1.4.11, level AA."""
SLACK_PIXELS: Final = 40
"""Words may be measured wider than they are."""
ON_PAPER: Final = ("ink", "muted", "blue", "orange", "fine", "watch", "mend")


def test_every_key_that_can_be_drawn_has_an_example() -> None:
    assert {picture.key for picture in PICTURES} == set(DRAWS)


@pytest.mark.parametrize("picture", PICTURES, ids=lambda one: one.key)
def test_a_picture_fits_both_widths_in_the_pages_colours_and_tells_all_of_a_row(picture: Picture) -> None:
    drawings = draw(picture, "GBP")

    assert drawings
    for drawing, width in ((drawings.wide, WIDE), (drawings.narrow, NARROW)):
        assert width_of(drawing) <= width + SLACK_PIXELS
        assert set(re.findall(r'(?:fill|stroke)="([^v][^"]*)"', drawing.svg)) <= {"none", "transparent"}
        assert "var(" not in drawing.alone
        assert "url(" not in drawing.svg
        under_the_pointer = json.dumps(drawing.specification)
        assert all(f'"{column.name}_words"' in under_the_pointer for column in headings(picture))


def test_a_picture_without_rows_is_not_drawn() -> None:
    assert draw(replace(PICTURES[0], rows=()), "GBP") is None


def test_who_came_back_is_not_drawn_of_the_day_of_the_first_order() -> None:
    [cohorts] = (one for one in PICTURES if one.key == "cohorts")
    first_days = [row for row in cohorts.rows if row[1] == 0]

    drawings, alone = draw(cohorts, "GBP"), draw(replace(cohorts, rows=first_days), "GBP")

    assert drawings
    assert alone
    share, profit = drawings.wide.specification["vconcat"]
    assert len(share["layer"]) == len(profit["layer"])
    assert "(0: " not in str(share)
    assert "(0: its own day)" in str(profit)
    assert len(alone.wide.specification["vconcat"]) == 1


@pytest.mark.parametrize(("until", "style"), [("2026-11-20", "%-d %b"), ("2027-11-20", "%b %y")])
def test_a_short_time_is_told_by_days_so_that_no_month_stands_there_twice(until: str, style: str) -> None:
    sizes = next(one for one in PICTURES if one.key == "sizes")
    names = [column.name for column in sizes.columns]
    first, *_ = sizes.rows
    rows = [
        tuple(day if name == "day" else value for name, value in zip(names, first, strict=True))
        for day in ("2026-10-31", until)
    ]

    drawings = draw(replace(sizes, rows=rows), "EUR")
    assert drawings
    for drawing in (drawings.wide, drawings.narrow):
        assert f'"format": "{style}"' in json.dumps(drawing.specification)


@pytest.mark.parametrize(("days", "align"), [(14, "left"), (123, "left"), (340, "right")])
def test_what_a_line_is_stands_on_the_side_where_there_is_room_and_never_on_another(
    days: int, align: str
) -> None:
    picture = next(one for one in PICTURES if one.key == "second_order")
    place = [column.name for column in picture.columns].index("day")
    rows = [(*row[:place], days, *row[place + 1 :]) if row[0] == "window" else row for row in picture.rows]

    drawings = draw(replace(picture, rows=rows), "EUR")
    assert drawings
    layers = drawings.narrow.specification["layer"]
    words = [one for one in layers if one["mark"]["type"] == "text"]
    assert words[0]["mark"]["align"] == align
    assert len({one["encoding"]["y"]["value"] for one in words}) == len(words) == 2


def test_a_picture_that_nobody_has_thought_of_is_told_as_a_table_alone() -> None:
    assert draw(replace(PICTURES[0], key="something new"), "GBP") is None


def test_a_name_that_looks_like_a_colour_stays_a_name() -> None:
    name = "var(--tea)"
    picture = next(one for one in PICTURES if one.key == "moves")

    drawings = draw(replace(picture, rows=((name, "new", 3, None, None, None),)), "GBP")

    assert drawings
    assert name in drawings.wide.alone


def test_the_sample_store_is_drawn_whole(page: Page) -> None:
    told = [picture for picture in page.pictures if picture.rows]

    assert len(told) == len(DRAWS)
    assert all(draw(picture, page.currency) for picture in told)


@pytest.mark.parametrize("dark", [False, True])
def test_words_and_marks_stand_out_from_what_is_behind_them(*, dark: bool) -> None:
    colours = {name: pair[dark] for name, pair in PALETTE.items()}

    pairs = [(name, behind) for name in ON_PAPER for behind in ("paper", "panel")]
    pairs += [(f"on-heat{step}", f"heat{step}") for step in range(HEATS)]
    for word, behind in pairs:
        assert contrast(colours[word], colours[behind]) >= LEAST_CONTRAST, (word, behind)
    assert contrast(colours["grey"], colours["paper"]) >= LEAST_CONTRAST_OF_MARKS


@pytest.mark.parametrize("dark", [False, True])
def test_steps_of_a_map_are_told_apart_by_lightness_alone(*, dark: bool) -> None:
    """So they are by every kind of colour vision, and on grey paper."""
    steps = [luminance(PALETTE[f"heat{step}"][dark]) for step in range(HEATS)]

    assert steps == sorted(steps, reverse=not dark)
    assert min(abs(one - other) for one, other in pairwise(steps)) > 0.005


def width_of(drawing: Drawing) -> float:
    found = re.search(r'<svg [^>]*width="([\d.]+)"', drawing.svg)
    assert found
    return float(found[1])


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio by WCAG 2.2."""
    bright, dim = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance by WCAG 2.2."""
    parts: Sequence[float] = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
