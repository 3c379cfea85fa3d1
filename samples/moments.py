"""The sample's calendar: the source's years moved by whole weeks to just before `now`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from samples.invented import SHOP, share
from samples.rows import Returned, Sale, sales

ZONE = ZoneInfo(SHOP["timezone"])
WEEK = timedelta(weeks=1)
TO_PAID = timedelta(seconds=5)


def placed_locally(sale: Sale) -> datetime:
    """The rows stop at minutes; orders get a second in the first half of theirs, by hash."""
    return sale.moment.replace(second=int(30 * share(f"second:{sale.number}")))


def returned_locally(returned: Returned) -> datetime:
    """Refunds get a second behind any order of their minute."""
    return returned.moment.replace(second=40)


@cache
def last_locally() -> datetime:
    """Return the last moment of the set, in its own years."""
    return max(_all_moments())


def _all_moments() -> Iterator[datetime]:
    for sale in sales():
        yield placed_locally(sale)
        yield from map(returned_locally, sale.returns)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How far the set is moved; weekday and local time of day stay what they were."""

    weeks: int

    @classmethod
    def ending_before(cls, now: datetime) -> "Calendar":
        """Return the calendar whose last moment lies in the seven local days up to `now` (aware)."""
        local = now.astimezone(ZONE).replace(tzinfo=None)
        return cls((local - last_locally()) // WEEK)

    def moment(self, local: datetime) -> datetime:
        """
        Return the moved moment, aware, in the shop's zone.

        NOTE: no moment of the set lies in the hour that a clock change skips or repeats.
        """
        return (local + self.weeks * WEEK).replace(tzinfo=ZONE)

    def cut(self, weeks: int) -> datetime:
        """Return the moment so many weeks before the last one, in UTC."""
        return self.moment(last_locally() - weeks * WEEK).astimezone(UTC)


def fulfilled_after(sale: Sale) -> timedelta:
    """Return 18 to 30 hours, by hash."""
    return timedelta(minutes=int(60 * (18 + 12 * share(f"parcel:{sale.number}"))))
