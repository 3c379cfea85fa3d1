"""What bulk operations answer, row by row, and what that makes of each customer's change."""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final

from nextorder.adapters.http import Http
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify.bulk_pieces import Piece, kinds_of
from nextorder.adapters.shopify.client import DENIED, error_codes
from nextorder.adapters.shopify.user_errors import refusal, refusal_code, user_errors
from nextorder.domain.changes import CUSTOMER_MISSING, Handed
from nextorder.domain.errors import AccessDenied, OutcomeUnknown, Refused, Untried
from nextorder.domain.refusals import TAG_LIMIT
from nextorder.ports import Delivered, Outcome

_OK: Final = 200

Operation = Mapping[str, Any]
Answers = Mapping[tuple[str, int], str | Exception]
"""(kind, row) -> the refusal's code, empty = done, or what else became of it; missing = not known."""


def read_all(
    storage: Http,
    pieces: Sequence[Piece],
    found: Mapping[str, Operation],
    refused: Mapping[Piece, Exception],
    patience: Patience,
) -> Answers:
    """Read the results of all pieces, `found` by their marks; `refused` says why others have none."""
    answers: dict[tuple[str, int], str | Exception] = {
        (piece.kind, row): failure for piece, failure in refused.items() for row in piece.rows
    }
    for piece in pieces:
        if operation := found.get(piece.mark):
            answers |= {(piece.kind, row): said for row, said in _read(storage, piece, operation, patience)}
    return answers


def outcome(number: int, row: Handed, answers: Answers) -> Outcome:
    """
    Return what became of a row: nobody there, denied, not known, refused, else done.

    A refusal of one part is final, so it is told only once nothing is left to try of the others.
    """
    said = [answers.get((kind, number)) for kind in kinds_of(row)]
    codes = [one for one in said if isinstance(one, str) and one]
    if CUSTOMER_MISSING in codes:
        return refusal(codes)
    failures = [one for one in said if isinstance(one, Exception)] + ([refusal(codes)] if codes else [])
    gravest = min(failures, key=_hope, default=None)
    if isinstance(gravest, AccessDenied):
        return AccessDenied(DENIED, partly=any(not isinstance(one, AccessDenied | Untried) for one in said))
    if TAG_LIMIT in codes and row.leave:
        return OutcomeUnknown("taking a tag of ours away has made room")
    if None in said:
        return OutcomeUnknown("shopify does not say what became of it")
    if 0 < sum(isinstance(one, Untried) for one in said) < len(said):
        return OutcomeUnknown("only a part of it was written")
    return gravest or Delivered()


def _read(
    storage: Http, piece: Piece, operation: Operation, patience: Patience
) -> Iterator[tuple[int, str | Exception]]:
    """Yield what became of each row of a piece that Shopify says anything about."""
    if operation["errorCode"] == "ACCESS_DENIED":
        yield from ((row, AccessDenied(DENIED)) for row in piece.rows)
    # NOTE: that a cancelled one has partial data, too, is assumed: Shopify says it of a failed one.
    # Without, all of its rows are unsure.
    url = operation["url"] or operation["partialDataUrl"]
    if not url:
        return
    reply = patience.ask(partial(storage.send, "GET", url))
    # NOTE: after seven days the file is gone, and what became of its rows is not known
    for text in reply.content.splitlines() if reply.status_code == _OK else ():
        line = json.loads(text)
        number = line.get("__lineNumber")
        if isinstance(number, int) and 0 <= number < len(piece.rows):
            yield piece.rows[number], _said(line)


def _said(line: Mapping[str, Any]) -> str | Exception:
    """Read one line of results; a line without user errors is done."""
    if errors := line.get("errors"):
        codes = error_codes(errors)
        if "ACCESS_DENIED" in codes:
            return AccessDenied(DENIED)
        return OutcomeUnknown("shopify failed inside")
    codes = {refusal_code(error) for error in user_errors(line.get("data") or {})}
    return refusal(codes).code if codes else ""


def _hope(failure: Exception) -> int:
    """Order failures, the gravest first; what is not known may still come to a yes."""
    kinds = (AccessDenied, OutcomeUnknown, Refused)
    return next((number for number, kind in enumerate(kinds) if isinstance(failure, kind)), len(kinds))
