"""Many of Mailchimp's calls as one batch: waited for, read, and stopped when it takes too long."""

import json
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

from nextorder.adapters.api import Api
from nextorder.adapters.http import Http
from nextorder.adapters.patience import Patience
from nextorder.adapters.tags import half_written
from nextorder.domain.errors import NextorderError, OutcomeUnknown

LONGEST_POLL_SECONDS: Final = 15.0
Json = Mapping[str, Any]
Answers = Mapping[str, tuple[int, Json]]
"""By the operation's id: its status and its document."""


def run(api: Api, http: Http, shop: str, operations: Sequence[Json], patience: Patience) -> Answers:
    """
    Run operations and return what each was answered; some of them may be missing.

    https://mailchimp.com/developer/marketing/guides/run-async-requests-batch-endpoint/

    Raises:
        OutcomeUnknown: It takes longer than our patience, and was told to stop.
    """

    def ask(method: str, path: str, document: Json | None = None) -> Json:
        answer: Json = patience.ask(lambda: api.ask(shop, method, path, document))
        return answer

    batch = ask("POST", "/3.0/batches", {"operations": operations})
    path = f"/3.0/batches/{batch['id']}"
    poll_seconds = 1.0
    with half_written(""):
        try:
            while batch["status"] != "finished":
                patience.wait(poll_seconds, OutcomeUnknown("mailchimp's batch still runs"))
                poll_seconds = min(2 * poll_seconds, LONGEST_POLL_SECONDS)
                batch = ask("GET", path)
        except NextorderError:
            # Left running, it could overwrite what is newer by then.
            with suppress(NextorderError):
                api.call(shop, "DELETE", path)
            raise
        # The address is signed, and our key is none of the storage's business.
        archive = patience.ask(lambda: http.send("GET", batch["response_body_url"]))
        return dict(_results(archive.content))


def _results(archive: bytes) -> Iterator[tuple[str, tuple[int, Json]]]:
    """Read a gzipped tar of JSON arrays, each row with the operation's own answer as text."""
    try:
        with tarfile.open(fileobj=BytesIO(archive), mode="r:gz") as files:
            for file in filter(None, map(files.extractfile, files)):
                for row in json.load(file):
                    yield row["operation_id"], (row["status_code"], json.loads(row["response"] or "{}"))
    except (OSError, EOFError, ValueError, KeyError, TypeError, tarfile.TarError):
        raise OutcomeUnknown("mailchimp's results cannot be read") from None
