"""--as-of: a day or a time of the shop's, never one to come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from nextorder.cli.moments import read_as_of
from nextorder.domain.errors import BadSettings

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
OSLO = ZoneInfo("Europe/Oslo")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("", NOW),
        ("2026-11-21", datetime(2026, 11, 20, 23, tzinfo=UTC)),
        ("2026-11-22T09:00", NOW),
        ("2026-07-01T12:30", datetime(2026, 7, 1, 10, 30, tzinfo=UTC)),
        ("2026-11-21T00:00:00+00:00", datetime(2026, 11, 21, tzinfo=UTC)),
    ],
)
def test_a_moment_is_the_shops_where_it_names_no_zone(text: str, moment: datetime) -> None:
    assert read_as_of(text, OSLO, NOW) == moment


@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "12:30", "0001-01-01"])
def test_what_is_no_moment_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(BadSettings, match="write 2026-11-21"):
        read_as_of(text, OSLO, NOW)


@pytest.mark.parametrize("text", ["2026-11-23", "2026-11-22T09:01", "2031-01-01T00:00:00Z"])
def test_what_has_not_come_yet_is_refused(text: str) -> None:
    with pytest.raises(BadSettings, match="not come yet; write a moment of the past"):
        read_as_of(text, OSLO, NOW)
