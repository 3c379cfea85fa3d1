"""Our custom fields, and how each is defined."""

from typing import Any, Final

from nextorder.adapters import plain

PREFIX: Final = "NEXTORDER_"
NUMBERS: Final = ("p_5d", "p_30d", "p_90d", "p_window", "clv_gp2_365", "gp2_to_date")
DATES: Final = (*plain.DATES, "stage_since")
TEXTS: Final = (
    *("stage", "stage_prev", "value_tier", "affinity_1", "affinity_2"),
    *("incentive", "reason_1", "reason_2", "reason_3", "quality"),
)
PERSTAGS: Final = {name: PREFIX + name.upper() for name in (*NUMBERS, *DATES, *TEXTS)}
"""Plain name -> the personalization tag; segments, and the hold mark among them, are tags of contacts."""


def definition(name: str) -> dict[str, Any]:
    """
    Return what makes a field.

    https://developers.activecampaign.com/reference/contact-custom-fields-api-guide
    """
    kind = "number" if name in NUMBERS else "date" if name in DATES else "text"
    title = f"Nextorder: {name.replace('_', ' ')}"
    return {"field": {"type": kind, "title": title, "perstag": PERSTAGS[name], "visible": 1}}
