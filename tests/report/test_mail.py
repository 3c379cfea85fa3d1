"""The mail that brings the page."""

from dataclasses import replace
from datetime import UTC, datetime

from nextorder.domain.alarms import LONGEST_SUBJECT
from nextorder.report.mail import mail_of, subject_of
from tests.report.examples import a_page

LINK = "https://example.com/page.html?X-Amz-Signature=0"
UNTIL = datetime(2026, 11, 23, 17, tzinfo=UTC)


def test_it_has_the_figures_the_suggestion_and_the_link() -> None:
    page = a_page()

    said = mail_of(page, LINK, UNTIL)

    for figure in page.figures:
        assert f"{figure.title}: " in said
        assert figure.says in said
    assert page.suggestion in said
    assert f"\n{LINK}\n" in said


def test_a_figure_has_its_range_and_last_weeks_beside_it() -> None:
    said = mail_of(a_page(), LINK, UNTIL)

    assert "\nCame back within 171 days: 43 % (40 to 46 %, a week earlier 42 %). Of 100 customers" in said
    assert "\nOrders of the last 30 days: 1,204 (a week earlier 1,166). We had expected" in said


def test_it_says_how_long_the_link_holds_and_what_to_do_after() -> None:
    said = mail_of(a_page(), LINK, UNTIL)

    assert "until 2026-11-23 17:00 UTC at the latest; AWS may end it sooner" in said
    assert "`nextorder report --open`" in said


def test_what_is_not_known_is_said_to_be() -> None:
    page = a_page()
    figure = replace(page.figures[0], now=None, before=None, says="It takes a month more.")
    few = replace(page, figures=(figure,), suggestion="", too_few="There are too few orders.")

    said = mail_of(few, LINK, UNTIL)

    assert f"{figure.title}: not known. It takes a month more." in said
    assert "There are too few orders." in said
    assert "For this week" not in said


def test_the_subject_is_what_sns_takes_and_no_alarm() -> None:
    long = replace(a_page(), shop=f"{'a' * 120}.myshopify.com")

    assert len(subject_of(long)) == LONGEST_SUBJECT
    assert subject_of(a_page()).isascii()
    assert "alarm" not in subject_of(a_page()).lower()


def test_the_day_is_the_shops_as_on_the_page() -> None:
    monday = datetime(2026, 11, 23, 5, tzinfo=UTC)
    page = replace(a_page(), as_of=monday, timezone="America/Los_Angeles")

    assert mail_of(page, "https://example.com", monday).startswith(f"{page.shop}, 2026-11-22\n")
