"""One customer's items as a record, and the state item both ways."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, cast
from zlib import crc32

from nextorder.adapters import document, fact_codec
from nextorder.adapters.dynamodb import accepted_codec, items
from nextorder.adapters.dynamodb.items import Item, row, text
from nextorder.adapters.dynamodb.signs import gone_of
from nextorder.domain.facts import StoredFact
from nextorder.domain.verdict import State, Verdict
from nextorder.ports import CustomerRecord

_SEGMENT: Final = "@"
"""Before the key of a segment, in place of its reason; no sentence begins so."""


def record_of(customer: str, found: list[Item]) -> CustomerRecord:
    """Turn one partition's items into a record."""
    by_key = {text(item, "sk"): item for item in found}
    gone = by_key.get(items.GONE)
    return CustomerRecord(
        facts=tuple(fact_of(item, customer) for sk, item in by_key.items() if fact_codec.is_fact(sk)),
        state=state_of(by_key[items.STATE]) if items.STATE in by_key else None,
        accepted={
            sk.removeprefix(items.ACCEPTED): accepted_codec.decode(text(item, "doc"))
            for sk, item in by_key.items()
            if sk.startswith(items.ACCEPTED)
        },
        gone=gone_of(customer, gone) if gone else None,
    )


def state_item(pk: str, shop: str, state: State, log_key: str) -> Item:
    """Write a state as an item; `due_shard` is there only while something is due (a sparse index)."""
    due = due_text(state.due_at) if state.due_at else None
    return row(
        pk,
        items.STATE,
        version=state.version,
        digest=state.digest,
        shown=state.shown,
        shown_version=state.shown_version,
        shown_in=" ".join(state.shown_in),
        due_at=due,
        due_shard=f"{shop}#{crc32(pk.encode()) % items.DUE_SHARDS}" if due else None,
        orders=state.orders,
        run=state.run,
        log_key=log_key,
        fit=state.fit,
        basis=state.basis,
        left=" ".join(state.left),
        doc=document.encode(_without_repeats(state.verdict)),
    )


def state_of(item: Any) -> State:
    """Read a state back from its item or from a stream image of it."""
    due_at = text(item, "due_at")
    return State(
        verdict=_with_repeats(document.decode(Verdict, text(item, "doc"))),
        digest=text(item, "digest"),
        shown=text(item, "shown"),
        shown_version=items.number(item, "shown_version"),
        shown_in=tuple(text(item, "shown_in").split()),
        version=items.number(item, "version"),
        due_at=datetime.fromisoformat(due_at) if due_at else None,
        orders=items.number(item, "orders"),
        run=text(item, "run"),
        log_key=text(item, "log_key"),
        fit=text(item, "fit"),
        basis=text(item, "basis"),
        left=tuple(text(item, "left").split()),
    )


def _without_repeats(verdict: Verdict) -> Verdict:
    """Name the segment whose reason a reason is: sentences are most of a state's bytes."""
    told_by = {segment.reason: _SEGMENT + key for key, segment in verdict.segments.items() if segment.reason}
    return replace(verdict, reasons=tuple(told_by.get(reason, reason) for reason in verdict.reasons))


def reasons_in_full(written: Mapping[str, Any]) -> list[str]:
    """Return the reasons of a verdict as it was written, of whichever release."""
    return [
        written["segments"][reason.removeprefix(_SEGMENT)]["reason"]
        if reason.startswith(_SEGMENT)
        else reason
        for reason in written.get("reasons", ())
    ]


def _with_repeats(verdict: Verdict) -> Verdict:
    reasons = (
        verdict.segments[reason.removeprefix(_SEGMENT)].reason if reason.startswith(_SEGMENT) else reason
        for reason in verdict.reasons
    )
    return replace(verdict, reasons=tuple(reasons))


def fact_of(item: Item, customer: str | None = None) -> StoredFact:
    """Read a fact; `customer` is whose partition it stands in."""
    return cast("StoredFact", fact_codec.decode(text(item, "sk"), text(item, "doc"), customer))


def due_text(at: datetime) -> str:
    """Write a moment as the index of who is due sorts it."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
