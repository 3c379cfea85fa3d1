"""Our contact properties: how each is defined, and how a value is written."""

from collections.abc import Mapping
from typing import Any, Final

from nextorder.adapters import plain
from nextorder.domain.changes import Change, Value

GROUP: Final = "nextorder"
PREFIX: Final = "nextorder_"
NUMBERS: Final = (
    *("p_5d", "p_30d", "p_90d", "p_window"),
    *("clv_gp2_365", "clv_gp2_365_lo", "clv_gp2_365_hi", "gp2_to_date"),
)
DATES: Final = (*plain.DATES, "stage_since")
TEXTS: Final = (
    *("stage", "stage_prev", "value_tier", "segments", "affinity_1", "affinity_2"),
    *("incentive", "reason_1", "reason_2", "reason_3", "quality"),
)
FIELDS: Final = {name: PREFIX + name for name in (*NUMBERS, *DATES, *TEXTS, "holdout")}
"""Plain name of a value -> the property's; segments are one of them."""
YES_OR_NO: Final = (
    {"label": "Yes", "value": "true", "displayOrder": 0},
    {"label": "No", "value": "false", "displayOrder": 1},
)
Json = dict[str, Any]


def definition(name: str) -> Json:
    """
    Return what makes a property.

    https://developers.hubspot.com/docs/api-reference/latest/crm/properties/guide
    """
    own = {"name": FIELDS[name], "label": f"Nextorder: {name.replace('_', ' ')}", "groupName": GROUP}
    if name in NUMBERS:
        return {**own, "type": "number", "fieldType": "number"}
    if name in DATES:
        return {**own, "type": "date", "fieldType": "date"}
    if name == "holdout":
        return {**own, "type": "bool", "fieldType": "booleancheckbox", "options": YES_OR_NO}
    return {**own, "type": "string", "fieldType": "text"}


def written(change: Change) -> Mapping[str, str]:
    """Return the properties to write; an empty one clears."""
    return {name: _text(value) for name, value in change.set.items()} | dict.fromkeys(change.unset, "")


def _text(value: Value) -> str:
    """Write a value as HubSpot does; several as one text, in which a filter finds each."""
    if isinstance(value, tuple):
        return "; ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
