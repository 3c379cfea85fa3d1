"""Bodies of the Marketing API's `POST /{audience}/users`."""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, Final

USERS_URL: Final = "https://graph.facebook.com/v25.0/AUDIENCE/users"
MOST_MEMBERS: Final = 10_000
"""Of one request; https://developers.facebook.com/docs/marketing-api/audiences/guides/custom-audiences"""
SCHEMA: Final = ("EMAIL", "PHONE", "LOOKALIKE_VALUE")
"""The last one of audiences that were made with is_value_based alone."""
_LONGEST_SESSION: Final = 10**15


def users_bodies(rows: Sequence[Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """
    Yield one body for each ten thousand members: hashes of e-mail and phone, and a value where there is one.

    The session's number comes from the members, so that the same upload sent twice is one.
    """
    total = len(rows)
    digest = sha256("".join(str(row[0] or row[1]) for row in rows).encode()).hexdigest()
    for start in range(0, total, MOST_MEMBERS):
        part = rows[start : start + MOST_MEMBERS]
        yield {
            "session": {
                "session_id": int(digest, 16) % _LONGEST_SESSION,
                "batch_seq": start // MOST_MEMBERS + 1,
                "last_batch_flag": start + MOST_MEMBERS >= total,
                "estimated_num_total": total,
            },
            "payload": {"schema": list(SCHEMA[: len(part[0])]), "data": [list(row) for row in part]},
        }
