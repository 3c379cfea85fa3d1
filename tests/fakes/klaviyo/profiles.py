"""Reading, creating and changing profiles."""

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.errors import duplicate, invalid, not_found
from tests.fakes.klaviyo.store import IDENTIFIERS, PLAIN, Account, Profile, moment

EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
PHONE = re.compile(r"\+[1-9]\d{6,14}")
MOST_BYTES = 100_000

Json = Mapping[str, Any]


def upsert(account: Account, data: Json, now: float, *, nulls_clear: bool = True) -> tuple[Profile, bool]:
    """
    Change the profile that any identifier finds, or create one; tell whether it was created.

    Raises:
        Refusal: Nothing identifies the person, or the id and an address belong to two profiles.
    """
    attributes = data.get("attributes", {})
    check(attributes)
    profile, created = _found(account, data), False
    if profile is None:
        if not any(attributes.get(name) for name in IDENTIFIERS):
            raise invalid(
                Flaw("/data/attributes", "One of email, phone_number, external_id or id is required.")
            )
        profile, created = account.create(now), True
        account.counters["profiles_created"] += 1
    change(account, profile, data, now, nulls_clear=nulls_clear)
    return profile, created


def create(account: Account, data: Json, now: float) -> Profile:
    """
    Create a profile.

    Raises:
        Refusal: There is one with such an identifier.
    """
    for holder in account.holders(data["attributes"]):
        raise duplicate(holder.id)
    return upsert(account, {"attributes": data["attributes"], "meta": data.get("meta", {})}, now)[0]


def update(account: Account, id_: str, data: Json, now: float) -> Profile:
    """
    Change the profile with this id.

    Raises:
        Refusal: No such profile, another id in the body, or an address that another profile has.
    """
    profile = account.profiles.get(id_)
    if profile is None:
        raise not_found("profile", id_)
    if data["id"] != id_:
        raise invalid(Flaw("/data/id", "The id in the body is not the id in the path."))
    check(data.get("attributes", {}))
    for holder in account.holders(data.get("attributes", {})):
        if holder is not profile:
            raise duplicate(holder.id)
    change(account, profile, data, now)
    return profile


def change(account: Account, profile: Profile, data: Json, now: float, *, nulls_clear: bool = True) -> None:
    """Write what the body gives: null clears, absence leaves, `unset` removes custom keys."""
    attributes = data.get("attributes", {})
    for name in (*IDENTIFIERS, *PLAIN, "location"):
        if name in attributes and (attributes[name] is not None or nulls_clear):
            account.put(profile, name, attributes[name])
    for name, value in (attributes.get("properties") or {}).items():
        if value is not None:
            profile.properties[name] = value
        elif nulls_clear:
            profile.properties.pop(name, None)
    patch((data.get("meta") or {}).get("patch_properties") or {}, profile.properties)
    profile.updated = now


def patch(wanted: Json, properties: dict[str, Any]) -> None:
    """Apply append, unappend and unset."""
    for name, value in (wanted.get("append") or {}).items():
        present = _listed(properties.get(name))
        properties[name] = present + [one for one in _listed(value) if one not in present]
    for name, value in (wanted.get("unappend") or {}).items():
        properties[name] = [one for one in _listed(properties.get(name)) if one not in _listed(value)]
    for name in _listed(wanted.get("unset")):
        properties.pop(name, None)


def check(attributes: Json, pointer: str = "/data/attributes") -> None:
    """
    Check what no schema says.

    Raises:
        Refusal: An address or a number that cannot be one.
    """
    if (email := attributes.get("email")) and not EMAIL.fullmatch(email):
        raise invalid(Flaw(f"{pointer}/email", "Invalid email address"))
    # NOTE: Klaviyo takes E.164 only.
    if (phone := attributes.get("phone_number")) and not PHONE.fullmatch(phone):
        raise invalid(
            Flaw(
                f"{pointer}/phone_number",
                "Invalid phone number format (Example of a valid format: +12345678901)",
            )
        )


def resource(
    profile: Profile, base: str, fields: frozenset[str] | None = None, more: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Return the profile as JSON:API; `fields` None means all but those that are only shown as `more`."""
    attributes: dict[str, Any] = {
        **dict.fromkeys((*IDENTIFIERS, *PLAIN)),
        **profile.attributes,
        "location": profile.attributes.get("location") or {},
        "created": moment(profile.created),
        "updated": moment(profile.updated),
        "last_event_date": moment(profile.last_event) if profile.last_event else None,
        "properties": profile.properties,
    }
    shown = {name: value for name, value in attributes.items() if fields is None or name in fields}
    if "predictive_analytics" in more:
        shown["predictive_analytics"] = profile.predictions
    return {
        "type": "profile",
        "id": profile.id,
        "attributes": shown,
        "links": {"self": f"{base}/api/profiles/{profile.id}/"},
    }


def _found(account: Account, data: Json) -> Profile | None:
    holders = list(account.holders(data.get("attributes", {})))
    if not data.get("id"):
        others = [one for one in holders if one is not holders[0]]
        if others:
            raise duplicate(others[0].id)
        return holders[0] if holders else None
    profile = account.profiles.get(data["id"])
    # NOTE: recorded by users: an id beside an address of another profile is a 404, not a 409.
    if profile is None or any(one is not profile for one in holders):
        raise not_found("profile", data["id"])
    return profile


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]
