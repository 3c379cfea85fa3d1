"""Our merge fields: which there are, how a value is written, and whether Mailchimp kept it."""

from collections.abc import Mapping
from typing import Any, Final

from nextorder.domain.changes import Change, Value
from nextorder.domain.errors import NeedsHuman, Refused

MOST_BYTES: Final = 255
"""Of a text: https://mailchimp.com/developer/marketing/docs/merge-fields/"""
# NOTE: an audience has room for 30 fields, 80 on the Premium plan, so these are few; segments are tags.
FIELDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "stage": ("NX_STAGE", "text", "stage"),
    "stage_since": ("NX_SINCE", "date", "in the stage since"),
    "p_30d": ("NX_P30D", "number", "chance of an order within 30 days"),
    "next_order_date": ("NX_NEXT", "date", "next order expected"),
    "window_closes": ("NX_CLOSES", "date", "window for the second order closes"),
    "clv_gp2_365": ("NX_PROFIT", "number", "expected profit in 365 days"),
    "value_tier": ("NX_TIER", "text", "value tier"),
    "affinity_1": ("NX_LOVES", "text", "favourite category"),
    "incentive": ("NX_OFFER", "text", "incentive"),
    "reason_1": ("NX_WHY", "text", "why"),
}
"""By the value's plain name its merge tag, of at most 10 characters, its type and its label."""
TAGS: Final = {name: tag for name, (tag, _, _) in FIELDS.items()}
Fields = Mapping[str, str | float]


def definition(name: str) -> Mapping[str, object]:
    """Return what makes a field; a public one would be asked for in sign-up forms."""
    tag, kind, label = FIELDS[name]
    return {"tag": tag, "type": kind, "name": f"Nextorder: {label}", "public": False, "required": False}


def merge_fields(change: Change) -> Fields:
    """Return the values to write; an empty one clears."""
    return {tag: _written(value) for tag, value in change.set.items()} | dict.fromkeys(change.unset, "")


def check_kept(asked: Fields, held: Mapping[str, Any]) -> None:
    """
    Compare what was asked for with the member as Mailchimp answers it.

    Raises:
        NeedsHuman: The audience has no such field: nobody's would be kept.
        Refused: It was taken, and is another now.
    """
    # NOTE: an unknown merge field is passed over without a word, and what else is not kept is nowhere said.
    if gone := sorted(tag for tag, value in asked.items() if value != "" and tag not in held):
        raise NeedsHuman(
            f"mailchimp lacks merge fields, run `nextorder connect mailchimp`: {', '.join(gone)}"
        )
    if any(not _is_kept(value, held.get(tag)) for tag, value in asked.items()):
        raise Refused("mailchimp-not-kept")


def _written(value: Value) -> str | float:
    if isinstance(value, int | float):
        return value
    return str(value).encode()[:MOST_BYTES].decode(errors="ignore")


def _is_kept(asked: str | float, held: object) -> bool:
    if isinstance(asked, str):
        return bool(held) == bool(asked)
    try:
        return float(str(held)) == asked
    except ValueError:
        return False
