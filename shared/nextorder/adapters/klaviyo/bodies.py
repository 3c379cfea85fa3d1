"""The request bodies we send to Klaviyo."""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, Final

from nextorder.adapters.klaviyo.projection import Told
from nextorder.domain.changes import Change

MOST_PROFILES_PER_JOB: Final = 10_000
MOST_BYTES_PER_JOB: Final = 5_000_000
"""https://developers.klaviyo.com/en/reference/bulk_import_profiles"""
_JOB_HEAD: Final = b'{"data":{"type":"profile-bulk-import-job","attributes":{"profiles":{"data":['
_JOB_END: Final = b"]}}}}"
MOST_BYTES_OF_ROWS: Final = MOST_BYTES_PER_JOB - len(_JOB_HEAD) - len(_JOB_END)
_ID_CHARACTERS: Final = 26

Json = dict[str, Any]


def update(change: Change, profile: str) -> bytes:
    """Write the body of PATCH /api/profiles/{id}, which updates or fails and never creates."""
    meta = {"meta": {"patch_properties": {"unset": list(change.unset)}}} if change.unset else {}
    return encode({"data": {**_profile(change, profile), **meta}})


def event(told: Told, profile: str) -> bytes:
    """Write the body of POST /api/events."""
    attributes = {
        "metric": {"data": {"type": "metric", "attributes": {"name": told.metric}}},
        "profile": {"data": {"type": "profile", "id": profile, "attributes": {}}},
        "properties": dict(told.properties),
        "time": f"{told.at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "unique_id": told.unique_id,
    }
    return encode({"data": {"type": "event", "attributes": attributes}})


def deletion(profile: str) -> bytes:
    """Write the body of POST /api/data-privacy-deletion-jobs, which deletes a whole profile."""
    person = {"data": {"type": "profile", "id": profile, "attributes": {}}}
    return encode({"data": {"type": "data-privacy-deletion-job", "attributes": {"profile": person}}})


def members(profiles: Iterable[str]) -> bytes:
    """Write the body of POST and DELETE /api/lists/{id}/relationships/profiles; ids only, nobody is made."""
    return encode({"data": [{"type": "profile", "id": profile} for profile in profiles]})


def import_job(changes: Sequence[Change]) -> bytes:
    """Write the body of POST /api/profile-bulk-import-jobs."""
    rows = b",".join(encode(_profile(change, change.person.remote_id)) for change in changes)
    return _JOB_HEAD + rows + _JOB_END


def row_bytes(change: Change) -> int:
    """Return what a change adds to an import job, an id of Klaviyo's counted as known."""
    return len(encode(_profile(change, "0" * _ID_CHARACTERS))) + 1


def encode(document: Json) -> bytes:
    """Return compact JSON."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()


def _profile(change: Change, profile: str) -> Json:
    return {"type": "profile", "id": profile, "attributes": {"properties": dict(change.set)}}
