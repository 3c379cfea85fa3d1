"""Each number of the data stands on the page: on one that was made by hand, and on the sample store's."""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page as Seen

from nextorder.domain.finding import Finding
from nextorder.report.html import LIGHTS, render
from nextorder.report.page import Estimate, Figure, Page, Picture
from nextorder.report.words import number, of_unit
from nextorder.report.written import day, estimate, headings, lines
from tests.report.browser.conftest import Look, texts
from tests.report.examples import a_page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def sample_address(tmp_path_factory: pytest.TempPathFactory, sample_page: Page) -> str:
    """Write the sample store's page to a disk."""
    path = tmp_path_factory.mktemp("sample") / "page.html"
    path.write_text(render(sample_page), "utf-8")
    return path.as_uri()


def test_the_page_that_was_made_by_hand_says_what_its_data_say(look: Look) -> None:
    assert_said(look().page, a_page())


def test_the_sample_stores_page_says_what_its_data_say_and_complains_of_nothing(
    look: Look, sample_address: str, sample_page: Page
) -> None:
    window = look(at=sample_address)
    window.enliven()

    assert_said(window.page, sample_page)
    assert window.requests == [sample_address]
    assert window.complaints == []


def assert_said(seen: Seen, page: Page) -> None:
    """Compare all that is told by numbers with what is seen."""
    for place, told in _figures(page).items():
        assert texts(seen, f".figures {place}") == told
    for picture in page.pictures:
        _assert_picture(seen, page, picture)
    whom = f"{number(page.sampled or page.customers)} customers who ordered"
    assert texts(seen, "#data .basis") == [
        f"{whom}{', looked at for all' * bool(page.sampled)}, {_day(page)}."
    ]
    worst_first = sorted(page.findings, key=lambda one: -list(LIGHTS).index(one.light))
    cells = [cell for one in worst_first for cell in _audit(one)]
    assert [_spaced(text) for text in texts(seen, ".audit tbody :is(td, th)")] == cells


def _figures(page: Page) -> dict[str, Sequence[str]]:
    now = [_estimate(one.now, one, page) for one in page.figures]
    before = [_estimate(one.before, one, page) for one in page.figures]
    return {
        "h3": [one.title for one in page.figures],
        ".value": [value or "not known" for value, _ in now],
        ".range": [range_ for _, range_ in now],
        ".before": [
            f"a week earlier {value}{range_ and f',{range_}'}" if value else "" for value, range_ in before
        ],
    }


def _estimate(told: Estimate | None, figure: Figure, page: Page) -> tuple[str, str]:
    return estimate(told, figure.kind, page.currency) if told else ("", "")


def _assert_picture(seen: Seen, page: Page, picture: Picture) -> None:
    ranges = f" Ranges: {picture.interval}." if picture.interval and picture.rows else ""
    assert texts(seen, f"#{picture.key} .basis") == [
        f"{of_unit(picture.n, picture.unit)}, {_day(page)}.{ranges}"
    ]
    assert texts(seen, f"#{picture.key} th") == [column.label for column in headings(picture)] * bool(
        picture.rows
    )
    cells = [cell.text for line in lines(picture, page.currency) for cell in line]
    assert texts(seen, f"#{picture.key} td") == cells


def _day(page: Page) -> str:
    return day(page.as_of.astimezone(ZoneInfo(page.timezone)).isoformat())


def _audit(one: Finding) -> Iterator[str]:
    _, shape, word = LIGHTS[one.light]
    to_do = f"To do: {one.what}" if one.what else ""
    rests = f"Rests on it: {', '.join(one.families)}" if one.families else ""
    kept = f"Kept back until then: {', '.join(one.withheld)}" if one.withheld else rests
    yield from (f"{shape} {word}", one.name, one.number, f"{one.why}{to_do}{kept}".replace("`", ""))


def _spaced(text: str) -> str:
    return text.replace("\u00a0", " ")
