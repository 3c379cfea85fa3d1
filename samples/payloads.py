"""
Write the sample store's past as Shopify payloads, its last moment just before `now`.

    python -m samples.payloads --now 2026-11-21 --weeks 1 --history h.jsonl --deliveries d.jsonl
"""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from samples import events
from samples.invented import Person, has_profile, person
from samples.moments import ZONE, Calendar

EVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One webhook, or one line of an import: what it says, and when Shopify would have said it (UTC)."""

    topic: str
    payload: Mapping[str, Any]
    at: datetime

    def body(self) -> bytes:
        """Return the payload as it goes over the wire."""
        return json.dumps(self.payload, separators=(",", ":")).encode()

    def to_json(self) -> str:
        """Return one line of a JSONL file, without its end."""
        line = {"topic": self.topic, "triggered_at": self.at.isoformat(), "payload": self.payload}
        return json.dumps(line, separators=(",", ":"))


def customers(now: datetime) -> list[Person]:
    """Return everyone who has signed up by `now`, by number; for seeding a Shopify."""
    since = events.sign_ups(Calendar.ending_before(now))
    return [person(number) for number in sorted(since) if since[number] <= now]


def profiles(now: datetime) -> list[Person]:
    """Return those of `customers` whom Klaviyo knows."""
    return [each for each in customers(now) if has_profile(each.number)]


def history(now: datetime) -> Iterator[Delivery]:
    """
    Yield everything up to `now` as an import has it, in time order.

    Each order comes once, as it stands at `now`, in the place of its creation; its
    refunds come again by themselves when they were made.
    """
    return _import(Calendar.ending_before(now), now)


def split(now: datetime, weeks: int) -> tuple[Iterator[Delivery], list[Delivery]]:
    """
    Return the import as of a cut and the webhooks from then to `now`, both in time order.

    The cut lies `weeks` weeks before the last order, so that the number of webhooks
    hardly depends on the weekday of `now`.
    """
    calendar = Calendar.ending_before(now)
    cut = calendar.cut(weeks)
    return _import(calendar, cut), list(_in_time_order(_live(calendar), after=cut, until=now))


def _import(calendar: Calendar, as_of: datetime) -> Iterator[Delivery]:
    orders = (
        event for order in events.orders(calendar) for event in events.of_order_as_it_stands(order, as_of)
    )
    happened = (
        *events.of_catalogue(calendar),
        *events.of_people(calendar),
        *events.of_checkouts(calendar),
        *orders,
    )
    return _in_time_order(happened, until=as_of)


def _live(calendar: Calendar) -> Iterator[events.Event]:
    """Yield what Shopify sends as things happen; of one moment, in the order in which it happens."""
    yield from events.of_people(calendar)
    yield from events.of_checkouts(calendar)
    for order in events.orders(calendar):
        yield from events.of_order_as_it_happens(order)


def _in_time_order(
    happened: Iterable[events.Event], *, until: datetime, after: datetime = EVER
) -> Iterator[Delivery]:
    """Write each body only when it is its turn: all of them together are some hundred megabytes."""
    timed = ((event.at.astimezone(UTC), event) for event in happened)
    chosen = sorted((each for each in timed if after < each[0] <= until), key=lambda each: each[0])
    return (Delivery(event.topic, event.body(), at) for at, event in chosen)


def write(path: Path, deliveries: Iterable[Delivery]) -> int:
    """Write JSONL and return the number of lines."""
    count = 0
    with path.open("w") as file:
        for count, delivery in enumerate(deliveries, start=1):  # noqa: B007 - the last one counts
            file.write(delivery.to_json() + "\n")
    return count


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)


def main() -> None:
    """Write both files and say how long they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--now", type=_moment, required=True, help="ISO date or moment; London without offset"
    )
    parser.add_argument("--weeks", type=int, default=1, help="how many of the last weeks are deliveries")
    parser.add_argument("--history", type=Path, required=True)
    parser.add_argument("--deliveries", type=Path, required=True)
    asked = parser.parse_args()
    before, lately = split(asked.now, asked.weeks)
    print(f"{write(asked.history, before)} lines of history, {write(asked.deliveries, lately)} deliveries")


if __name__ == "__main__":
    main()
