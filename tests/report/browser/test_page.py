"""The merchant's page as it is seen, heard, printed and touched."""

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from nextorder.report.html import OPEN, render
from nextorder.report.page import Picture
from nextorder.report.palette import PALETTE
from nextorder.report.written import headings
from tests.report.browser.conftest import Look, Window, texts
from tests.report.examples import a_page, columns

pytestmark = pytest.mark.browser

PAGE: Final = a_page()
PHONE, SMALLEST_PHONE, DESKTOP = 390, 360, 1280
PAPER: Final = 688
"""Pixels between the margins of A4."""
MOST_PAGES: Final = 12
LEGIBLE_PIXELS: Final = 9
HOSTILE: Final = '<script>document.title="taken"</script><img src=x onerror=alert(1)>'
TABLES: Final = "[...document.querySelectorAll('figure table')]"
BOXES: Final = "[...document.querySelectorAll('.scroll')]"
FIRST_LABELS: Final = """(cells) => [...document.querySelectorAll(cells)]
  .map((one) => JSON.parse(getComputedStyle(one, "::before").content))"""
RENDERED_LETTERS: Final = """() => [...document.querySelectorAll(".drawing svg")]
  .filter((svg) => svg.getBoundingClientRect().width)
  .flatMap((svg) => {
    const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
    const texts = [...svg.querySelectorAll("text")];
    return texts.map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
  })"""


def test_the_page_loads_nothing_and_complains_of_nothing_while_all_of_it_is_looked_at(
    seen: Window, address: str
) -> None:
    assert seen.requests == [address]
    assert seen.complaints == []


@pytest.mark.parametrize(("width", "scheme"), [(PHONE, "dark"), (DESKTOP, "light")])
def test_nothing_keeps_anybody_from_reading_it(look: Look, width: int, scheme: str) -> None:
    window = look(width, scheme)
    window.page.evaluate("document.querySelector('details').open = true")

    # what is drawn is hidden from those who do not see it: they are given the sentence and the table
    found = Axe().run(window.page, context={"exclude": [[".drawing > *"]]})

    assert found.response["violations"] == []


def test_a_screen_reader_hears_each_picture_as_its_sentence(seen: Window) -> None:
    said = [node["name"] for node in _accessible(seen.page) if node["role"] in ("image", "img")]

    assert sorted(said) == sorted(picture.says for picture in PAGE.pictures)


def test_headings_lead_through_the_page_without_a_step_left_out(seen: Window) -> None:
    names = seen.page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((one) => one.tagName)"
    )
    levels = [int(name[1]) for name in names]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_keyboard_reaches_everything_in_the_order_of_the_page_and_shows_where_it_is(look: Look) -> None:
    window = look()
    page = window.page
    page.evaluate("document.querySelector('details').open = true")
    wanted = page.evaluate("""() => [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
      .filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 90))""")

    reached = []
    for _ in wanted:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.outerHTML.slice(0, 90)"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"

    assert reached == wanted


def test_the_first_key_leads_past_the_head_of_the_page(look: Look) -> None:
    window = look()

    window.page.keyboard.press("Tab")
    window.page.keyboard.press("Enter")

    assert window.page.evaluate("document.activeElement.id") == "main"


def test_the_pointer_is_told_how_many_and_the_range(seen: Window) -> None:
    _point_at(seen.page, "#lift .wide .role-mark.mark-text text")

    told = seen.page.locator("#vg-tooltip-element").inner_text()
    assert "452" in told
    assert "62 % (59 to 65 %)" in told


def test_the_pictures_are_there_without_the_script(look: Look) -> None:
    page = look(script=False).page

    sizes = [box for one in page.locator(".drawing .wide svg").all() if (box := one.bounding_box())]

    assert len(sizes) == len(PAGE.pictures)
    assert all(box["width"] > DESKTOP / 3 and box["height"] > 50 for box in sizes)


@pytest.mark.parametrize("width", [SMALLEST_PHONE, PHONE, 700, DESKTOP])
def test_it_fits_every_width_with_letters_that_can_be_read(look: Look, width: int) -> None:
    window = look(width)

    assert window.page.evaluate("document.documentElement.scrollWidth") <= width
    assert min(window.page.evaluate(RENDERED_LETTERS)) >= LEGIBLE_PIXELS


@pytest.mark.parametrize("width", [SMALLEST_PHONE, PHONE])
def test_on_a_phone_no_table_is_wider_than_it_and_each_value_stands_beside_its_name(
    look: Look, width: int
) -> None:
    page = look(width).page
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert page.evaluate(f"{BOXES}.every((one) => one.scrollWidth <= one.clientWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for picture in PAGE.pictures:
        labels = page.evaluate(FIRST_LABELS, f"#{picture.key} tbody tr:first-child td")
        assert labels == [column.label for column in headings(picture)]


def test_a_table_of_cards_is_still_heard_as_a_table(look: Look) -> None:
    [picture] = (one for one in PAGE.pictures if one.key in OPEN)
    found = _accessible(look(PHONE).page)

    roles = [node["role"] for node in found]
    names = [node["name"] for node in found if node["role"] == "columnheader"]
    assert roles.count("cell") >= len(picture.rows) * len(headings(picture))
    assert {column.label for column in headings(picture)} <= set(names)


def test_on_paper_stands_what_is_open_and_whole_in_the_colours_of_paper(look: Look) -> None:
    page = look(PAPER, "dark").page
    page.evaluate("document.querySelector('details:not([open])').open = true")
    page.emulate_media(media="print")

    printed = page.evaluate(f"{TABLES}.filter((one) => one.getBoundingClientRect().height).length")
    cut = page.evaluate(f"{BOXES}.filter((one) => one.scrollHeight > one.clientHeight + 1).length")

    assert (printed, cut) == (len(OPEN) + 1, 0)
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER
    assert page.evaluate("getComputedStyle(document.body).color") == _rgb(PALETTE["ink"][0])
    assert 1 < len(re.findall(rb"/Type /Page\b", page.pdf(format="A4"))) <= MOST_PAGES


def test_the_pictures_follow_the_readers_choice_of_dark(look: Look) -> None:
    window = look(scheme="dark")

    inks = window.page.evaluate(
        "[...document.querySelectorAll('#second_order svg text')].map((one) => getComputedStyle(one).fill)"
    )

    assert {_rgb(PALETTE[name][1]) for name in ("muted", "orange")} <= set(inks)
    assert _rgb("#000000") not in inks


def test_a_name_that_is_a_program_is_written_and_never_run(look: Look, tmp_path: Path) -> None:
    picture = Picture(
        key="moves",
        title=HOSTILE,
        says=HOSTILE,
        n=1,
        unit=HOSTILE,
        columns=columns(start="text: from", end="text: to", customers="count: customers"),
        rows=((HOSTILE, "repeat", 3), ("new", HOSTILE, 4)),
    )
    path = tmp_path / "hostile.html"
    path.write_text(render(a_page(picture)), "utf-8")
    window = look(at=path.as_uri())
    window.enliven()
    _point_at(window.page, "#moves .wide .role-mark.mark-text text")

    assert HOSTILE in window.page.locator("#vg-tooltip-element").inner_text()
    assert HOSTILE in texts(window.page, "#moves td")
    assert "taken" not in window.page.title()
    assert window.requests == [path.as_uri()]
    assert window.complaints == []


def _point_at(page: Page, selector: str) -> None:
    page.locator(selector).first.hover()
    page.locator("#vg-tooltip-element.visible").wait_for()


def _accessible(page: Page) -> Sequence[dict[str, Any]]:
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"role": node["role"]["value"], "name": node.get("name", {}).get("value", "")}
        for node in nodes
        if not node["ignored"]
    ]


def _rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"
