"""The mail that brings the page: its figures and its suggestion in plain words, and where it lies."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from nextorder.domain.alarms import LONGEST_SUBJECT
from nextorder.report.page import Figure, Page
from nextorder.report.written import estimate


def subject_of(page: Page) -> str:
    """Return a subject that no alarm has."""
    return f"Your customers this week: {page.shop}"[:LONGEST_SUBJECT]


def mail_of(page: Page, link: str, until: datetime) -> str:
    """
    Return the text; `until` is when the link ends at the latest (aware, UTC).

    NOTE: a link that a Lambda signed ends with the keys of its role, which may be sooner.
    """
    return "\n\n".join(_parts(page, link, until))


def _parts(page: Page, link: str, until: datetime) -> Iterator[str]:
    yield f"{page.shop}, {page.as_of.astimezone(ZoneInfo(page.timezone)):%Y-%m-%d}"
    if page.too_few:
        yield page.too_few
    yield from (_figure(figure, page.currency) for figure in page.figures)
    if page.suggestion:
        yield f"For this week: {page.suggestion}"
    yield f"The whole page, with its pictures:\n{link}"
    yield (
        f"Whoever has this link can read the page, until {until:%Y-%m-%d %H:%M} UTC at the latest; AWS may "
        "end it sooner. After that `nextorder report --open` makes the page again."
    )


def _figure(figure: Figure, currency: str) -> str:
    if figure.now is None:
        return f"{figure.title}: not known. {figure.says}"
    value, range_ = estimate(figure.now, figure.kind, currency)
    before = estimate(figure.before, figure.kind, currency)[0] if figure.before else ""
    beside = ", ".join(part for part in (range_, before and f"a week earlier {before}") if part)
    return f"{figure.title}: {value}{f' ({beside})' if beside else ''}. {figure.says}"
