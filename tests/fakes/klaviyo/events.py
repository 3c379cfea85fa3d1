"""Taking events, one by one and many at once."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tests.fakes.klaviyo import profiles
from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.errors import invalid
from tests.fakes.klaviyo.store import Account, Event, Profile

MOST_METRIC_NAME = 127
MOST_PROPERTIES = 400
MOST_STRING_BYTES = 100_000
MOST_ITEMS = 4_000
MOST_LEVELS = 10
MOST_EVENTS = 1_000
YEAR_SECONDS = 365 * 86_400
FIRST_TIME = datetime(1990, 1, 1, tzinfo=UTC).timestamp()

Json = Mapping[str, Any]


def take_one(account: Account, data: Json, now: float) -> None:
    """
    Take one event; one that is there already stays as it was, and nothing is said.

    Raises:
        Refusal: The event cannot be one.
    """
    attributes = data["attributes"]
    check(attributes, now, "/data/attributes")
    person, backfill = attributes["profile"]["data"], bool(attributes.get("backfill"))
    event = _event(account, attributes, person, now, backfill=backfill)
    if event is None:
        return
    if event.key in account.events:
        account.counters["events_repeated"] += 1
        return
    _keep(account, event)


def take_many(account: Account, data: Json, now: float) -> None:
    """
    Take many events, or none when one of them is invalid or a repetition.

    Raises:
        Refusal: Too many, or one of them cannot be one.
    """
    groups = data["attributes"]["events-bulk-create"]["data"]
    rows = [(group["attributes"], one["attributes"]) for group in groups for one in _events_of(group)]
    if len(rows) > MOST_EVENTS:
        detail = f"At most {MOST_EVENTS} events are allowed."
        raise invalid(Flaw("/data/attributes/events-bulk-create/data", detail))
    for at, group in enumerate(groups):
        place = f"/data/attributes/events-bulk-create/data/{at}/attributes"
        profiles.check(_person(group)["attributes"], f"{place}/profile/data/attributes")
        for one in _events_of(group):
            check(one["attributes"], now, f"{place}/events/data")
    # NOTE: "the whole request fails and no event is processed", after the 202.
    marks = [_mark(account, one, group["profile"]["data"], now) for group, one in rows]
    if len(set(marks)) < len(marks) or not account.events.keys().isdisjoint(marks):
        account.counters["events_repeated"] += 1
        return
    for group, one in rows:
        backfill = bool(one.get("backfill") or group.get("backfill"))
        if event := _event(account, one, group["profile"]["data"], now, backfill=backfill):
            _keep(account, event)


def _events_of(group: Json) -> list[Json]:
    found: list[Json] = group["attributes"]["events"]["data"]
    return found


def _person(group: Json) -> Json:
    person: Json = group["attributes"]["profile"]["data"]
    return person


def _mark(account: Account, attributes: Json, person: Json, now: float) -> tuple[str, str, str]:
    """Return what may be there once only, before the person has a profile."""
    known = next(account.holders(person["attributes"]), None)
    id_ = person.get("id") or (known.id if known else json.dumps(person["attributes"], sort_keys=True))
    return id_, _metric(attributes), _unique_id(attributes, now)


def _metric(attributes: Json) -> str:
    return str(attributes["metric"]["data"]["attributes"]["name"])


def _unique_id(attributes: Json, now: float) -> str:
    return str(attributes.get("unique_id") or int(_time(attributes.get("time"), now, "")))


def check(attributes: Json, now: float, pointer: str) -> None:
    """
    Check what no schema says.

    Raises:
        Refusal: Too long, too deep, too old or too far ahead.
    """
    if len(_metric(attributes)) > MOST_METRIC_NAME:
        raise invalid(Flaw(f"{pointer}/metric", "A metric's name must have fewer than 128 characters."))
    time = _time(attributes.get("time"), now, pointer)
    if not FIRST_TIME <= time <= now + YEAR_SECONDS:
        raise invalid(Flaw(f"{pointer}/time", "The time must be after 1990 and at most a year ahead."))
    if attributes.get("value_currency") and attributes.get("value") is None:
        raise invalid(Flaw(f"{pointer}/value_currency", "A currency needs a value."))
    if len(attributes["properties"]) > MOST_PROPERTIES:
        raise invalid(Flaw(f"{pointer}/properties", f"At most {MOST_PROPERTIES} properties are allowed."))
    if not _fits(attributes["properties"], MOST_LEVELS):
        raise invalid(Flaw(f"{pointer}/properties", "A property is too long or too deep."))


def _fits(value: Any, levels: int) -> bool:
    if isinstance(value, str):
        return len(value.encode()) <= MOST_STRING_BYTES
    if not isinstance(value, dict | list):
        return True
    items = list(value.values()) if isinstance(value, dict) else value
    return levels > 0 and len(items) <= MOST_ITEMS and all(_fits(item, levels - 1) for item in items)


def _time(given: str | None, now: float, pointer: str) -> float:
    if given is None:
        return now
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError as error:
        raise invalid(Flaw(f"{pointer}/time", "Not a valid datetime.")) from error
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()


def _event(account: Account, attributes: Json, person: Json, now: float, *, backfill: bool) -> Event | None:
    profile = _profile(account, person, now)
    if profile is None:
        return None
    return Event(
        profile=profile.id,
        metric=_metric(attributes),
        unique_id=_unique_id(attributes, now),
        time=_time(attributes.get("time"), now, ""),
        properties=attributes["properties"],
        value=attributes.get("value"),
        value_currency=attributes.get("value_currency"),
        backfill=backfill,
    )


def _profile(account: Account, person: Json, now: float) -> Profile | None:
    # NOTE: what Klaviyo does with the id of no one is not documented; the event is dropped and counted.
    if (id_ := person.get("id")) and id_ not in account.profiles:
        account.counters["events_for_unknown_profiles"] += 1
        return None
    meta = person["attributes"].get("meta") or person.get("meta") or {}
    return profiles.upsert(account, {**person, "meta": meta}, now)[0]


def _keep(account: Account, event: Event) -> None:
    account.events[event.key] = event
    account.metrics.setdefault(event.metric, event.time)
    profile = account.profiles[event.profile]
    profile.last_event = max(profile.last_event or 0.0, event.time)
