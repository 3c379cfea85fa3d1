"""Bulk imports of profiles: taken at once, worked off later."""

import json
from collections.abc import Mapping
from typing import Any

from tests.fakes.klaviyo import profiles
from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.errors import Refusal, invalid, not_found
from tests.fakes.klaviyo.store import Account, Job, moment

MOST_ROWS = 10_000
EXPIRES_SECONDS = 7 * 86_400

Json = dict[str, Any]


def start(account: Account, data: Mapping[str, Any], now: float, seconds: float) -> Job:
    """
    Take a job that will be done in so many seconds.

    Raises:
        Refusal: No rows, too many, or one above 100 KB.
    """
    rows = data["attributes"]["profiles"]["data"]
    place = "/data/attributes/profiles/data"
    if not 0 < len(rows) <= MOST_ROWS:
        raise invalid(Flaw(place, f"Between 1 and {MOST_ROWS} profiles are allowed."))
    for at, row in enumerate(rows):
        if len(json.dumps(row, separators=(",", ":"))) > profiles.MOST_BYTES:
            raise invalid(Flaw(f"{place}/{at}", "A profile may have 100 KB at most."))
    job = Job(id=account.next_id(), rows=rows, created=now, ready_at=now + seconds)
    account.jobs[job.id] = job
    return job


def work(account: Account, now: float) -> None:
    """Do all jobs whose time has come."""
    for job in account.jobs.values():
        if job.done_at is None and job.ready_at <= now and not job.cancelled:
            _do(account, job, now)
            job.done_at = now


def _do(account: Account, job: Job, now: float) -> None:
    for at, row in enumerate(job.rows):
        try:
            # NOTE: bulk imports ignore nulls; clearing a value takes a single import or a PATCH.
            profiles.upsert(account, row, now, nulls_clear=False)
        except Refusal as refusal:
            job.failures.append(_failure(refusal, at, row if account.quotes_rows else None))


def _failure(refusal: Refusal, at: int, row: Mapping[str, Any] | None) -> Json:
    error = refusal.answer.body["errors"][0]
    pointer = error["source"]["pointer"].removeprefix("/data").rstrip("/")
    return {
        "type": "import-error",
        "id": error["id"],
        "attributes": {
            "code": error["code"],
            "title": error["title"],
            "detail": error["detail"],
            "source": {"pointer": f"/data/attributes/profiles/data/{at}{pointer}"},
            "original_payload": row,
        },
    }


def find(account: Account, id_: str) -> Job:
    """
    Return the job.

    Raises:
        Refusal: No such job.
    """
    if id_ not in account.jobs:
        raise not_found("profile-bulk-import-job", id_)
    return account.jobs[id_]


def resource(job: Job, base: str, now: float) -> Json:
    """Return the job as JSON:API."""
    done = job.done_at is not None
    attributes = {
        "status": _status(job, now),
        "created_at": moment(job.created),
        "total_count": len(job.rows),
        "completed_count": len(job.rows) - len(job.failures) if done else 0,
        "failed_count": len(job.failures),
        "completed_at": moment(job.done_at) if job.done_at is not None else None,
        "expires_at": moment(job.created + EXPIRES_SECONDS),
        "started_at": moment(job.created),
    }
    link = {"self": f"{base}/api/profile-bulk-import-jobs/{job.id}/"}
    return {"type": "profile-bulk-import-job", "id": job.id, "attributes": attributes, "links": link}


def _status(job: Job, now: float) -> str:
    if job.cancelled:
        return "cancelled"
    if job.done_at is not None:
        return "complete"
    return "processing" if now > job.created else "queued"
