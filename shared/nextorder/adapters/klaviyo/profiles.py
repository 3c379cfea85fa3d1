"""Find profiles without ever creating one."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.domain.changes import Person

PAGE = 100
"""The most profiles of one page, so the most that one query asks for."""
MOST_FILTER_CHARACTERS = 6_000
"""Keeps the address within what servers take once it is percent-encoded."""
_E164 = re.compile(r"\+[1-9]\d{6,14}")


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile as found."""

    id: str
    email: str
    phone: str


def find_profiles(client: KlaviyoClient, shop: str, people: Iterable[Person]) -> Mapping[str, str]:
    """
    Return profile ids by customer; whoever has no profile is missing.

    A known id is taken as it is. The e-mail decides; the phone only where it finds a profile
    without an e-mail or the customer has none: a family may share a phone.
    """
    found: dict[str, str] = {}
    unknown: list[Person] = []
    for person in people:
        if person.remote_id:
            found[person.customer] = person.remote_id
        else:
            unknown.append(person)

    by_email = _by(client, shop, "email", {key for p in unknown if (key := _email(p.email))})
    found |= {p.customer: by_email[key].id for p in unknown if (key := _email(p.email)) in by_email}

    unknown = [p for p in unknown if p.customer not in found and _E164.fullmatch(p.phone)]
    by_phone = _by(client, shop, "phone_number", {p.phone for p in unknown})
    for person in unknown:
        profile = by_phone.get(person.phone)
        if profile and not (profile.email and person.email):
            found[person.customer] = profile.id
    return found


def present(client: KlaviyoClient, shop: str, ids: Iterable[str]) -> frozenset[str]:
    """Return which of these profiles are there under their own ids."""
    return frozenset(_by(client, shop, "id", set(ids)))


def any_of(field: str, values: Sequence[str]) -> str:
    """Write Klaviyo's any() filter; quotes and backslashes inside a value are escaped."""
    return f"any({field},[{','.join(map(_quoted, values))}])"


def equals(field: str, value: str) -> str:
    """Write Klaviyo's filter for one value."""
    return f"equals({field},{_quoted(value)})"


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _by(client: KlaviyoClient, shop: str, field: str, values: set[str]) -> dict[str, Profile]:
    profiles: dict[str, Profile] = {}
    for chunk in _chunks(sorted(values)):
        query = {
            "filter": any_of(field, chunk),
            "fields[profile]": "email,phone_number",
            "page[size]": str(PAGE),
        }
        for data in client.call(shop, "GET", "/api/profiles", params=query)["data"]:
            profile = _profile(data)
            profiles[{"id": profile.id, "email": profile.email}.get(field, profile.phone)] = profile
    return profiles


def _chunks(values: Sequence[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    for value in values:
        if len(chunk) == PAGE or sum(map(len, chunk)) + len(value) > MOST_FILTER_CHARACTERS:
            yield chunk
            chunk = []
        chunk.append(value)
    if chunk:
        yield chunk


def _profile(data: dict[str, Any]) -> Profile:
    attributes = data["attributes"]
    return Profile(
        id=data["id"],
        email=_email(attributes.get("email") or ""),
        phone=attributes.get("phone_number") or "",
    )


def _email(address: str) -> str:
    return address.strip().lower()
