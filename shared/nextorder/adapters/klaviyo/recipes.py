"""Flows worth having, as data: what starts them, whom they are for, and their drafts in Klaviyo."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from nextorder.adapters.klaviyo.bodies import encode
from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.klaviyo.profiles import equals
from nextorder.adapters.klaviyo.projection import metric_of
from nextorder.adapters.patience import Patience
from nextorder.domain.changes import EventKind
from nextorder.domain.shop import Shop

FLOWS: Final = "/api/flows"
METRICS: Final = "/api/metrics"

Json = dict[str, Any]
CONSENTED: Final[Json] = {
    "type": "profile-marketing-consent",
    "consent": {
        "channel": "email",
        "can_receive_marketing": True,
        "consent_status": {"subscription": "subscribed"},
    },
}
"""Who has agreed to e-mail: Klaviyo's flows mail who was never asked, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One flow; exactly one of `event`, `segment` and `date` starts it."""

    name: str
    subject: str
    """Of the draft's mail, for whoever writes it to replace."""
    event: EventKind | None = None
    segment: str = ""
    """A name of the catalogue."""
    date: str = ""
    """A date among our properties, without its prefix."""
    days_before: int = 0


RECIPES: Final = (
    Recipe(name="Second order", event=EventKind.WINDOW_OPENED, subject="What goes well with your order"),
    Recipe(name="Last good moment", event=EventKind.WINDOW_CLOSING, subject="Still thinking of us?"),
    Recipe(name="Due to reorder", event=EventKind.DUE, subject="Running low?"),
    Recipe(name="Late to reorder", event=EventKind.LATE, subject="Time for more?"),
    Recipe(name="Open cart", event=EventKind.CART_PRIORITY, subject="Your cart is still here"),
    Recipe(name="Hot now", event=EventKind.HOT_NOW, subject="Picked for you today"),
    Recipe(name="Champions", segment="life:champion", subject="Thank you, from all of us"),
    Recipe(name="Win back", segment="risk:at-risk", subject="We would love to see you again"),
    Recipe(name="Low-cost reactivation", segment="life:missed", subject="Something new since you were here"),
    Recipe(
        name="Before the next order", date="next_order_date", days_before=2, subject="Your next favourite"
    ),
)
"""docs/flows.md has each of them in words, with what not to do."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """What came of one recipe; without a reason it stands in the account."""

    recipe: Recipe
    is_new: bool = False
    why_not: str = ""


def make_drafts(
    client: KlaviyoClient, shop: Shop, segments: Mapping[str, str], patience: Patience
) -> Iterator[Drafted]:
    """
    Make a draft of every recipe that has something to start it; one that is there stays as it is.

    A draft sends nothing: the merchant writes the mail and switches it on. Nobody of ours ever does.
    `segments` are Klaviyo's ids by our names.

    Raises:
        NeedsHuman: The key lacks flows:read, flows:write or metrics:read.
        RetryLater: Klaviyo is busy; what was made stands.
    """
    pages = client.pages(shop.id, METRICS, patience)
    metrics = {str(metric["attributes"]["name"]): str(metric["id"]) for metric in pages}
    for recipe in RECIPES:
        trigger = _trigger(shop, recipe, metrics, segments)
        if trigger is None:
            yield Drafted(recipe, why_not=_why_not(recipe))
            continue
        is_new = patience.ask(partial(_make, client, shop, recipe, trigger, patience))
        yield Drafted(recipe, is_new=is_new)


def draft(shop: Shop, recipe: Recipe, trigger: Json) -> Json:
    """Write the data of POST /api/flows: one mail, for whoever is not held out and has agreed to e-mail."""
    mail = {
        "temporary_id": "mail",
        "type": "send-email",
        "links": {"next": None},
        "data": {
            "status": "draft",
            "message": {
                "subject_line": recipe.subject,
                "smart_sending_enabled": True,
                "transactional": False,
            },
        },
    }
    definition = {
        "triggers": [trigger],
        # groups are all asked, the conditions of one group are each enough
        "profile_filter": {
            "condition_groups": [{"conditions": [one]} for one in (not_held_out(shop), CONSENTED)]
        },
        "actions": [mail],
        "entry_action_id": "mail",
    }
    return {"type": "flow", "attributes": {"name": flow_name(shop, recipe), "definition": definition}}


def not_held_out(shop: Shop) -> Json:
    """Say in Klaviyo's words that `holdout` is not true: whoever is not held out has no such property."""
    return {
        "type": "profile-property",
        "property": f"properties['{shop.klaviyo_prefix}_holdout']",
        "filter": {"type": "existence", "operator": "not-set"},
    }


def flow_name(shop: Shop, recipe: Recipe) -> str:
    """Name a draft, after the shop where two share an account."""
    return f"{shop.klaviyo_prefix.replace('_', ' ').title()}: {recipe.name}"


def _make(client: KlaviyoClient, shop: Shop, recipe: Recipe, trigger: Json, patience: Patience) -> bool:
    """Look by name before every try: that a draft was made without our hearing of it is found out."""
    found = client.pages(shop.id, FLOWS, patience, {"filter": equals("name", flow_name(shop, recipe))})
    if any(found):
        return False
    client.call(shop.id, "POST", FLOWS, body=encode({"data": draft(shop, recipe, trigger)}))
    return True


def _trigger(
    shop: Shop, recipe: Recipe, metrics: Mapping[str, str], segments: Mapping[str, str]
) -> Json | None:
    if recipe.date:
        return {
            "type": "date",
            "date_field_type": "profile-property",
            "date_profile_property": f"{shop.klaviyo_prefix}_{recipe.date}",
            "timedelta_unit_before_date": "days",
            "timedelta_value_before_date": recipe.days_before,
            "recurrence_frequency": "never",
            "timezone": "profile",
            "trigger_time": "09:00:00",
        }
    kind, known = ("metric", metrics) if recipe.event else ("segment", segments)
    starter = metric_of(shop, recipe.event) if recipe.event else recipe.segment
    return {"type": kind, "id": known[starter]} if starter in known else None


def _why_not(recipe: Recipe) -> str:
    if recipe.event:
        return "Klaviyo has not seen its event yet"
    return f"{recipe.segment} is switched off, or its segment was not made: see `nextorder connect klaviyo`"
