"""Flows: made as drafts, and what a live one would be started by."""

from collections.abc import Mapping
from typing import Any

from tests.fakes.klaviyo import audiences
from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.errors import invalid
from tests.fakes.klaviyo.store import Account, Audience, metric_id

FOUND_BY = frozenset({"id", "name", "status"})
_WORDS = {"metric": "Metric", "segment": "Added to List", "list": "Added to List", "date": "Date Based"}

Json = dict[str, Any]


def create(account: Account, attributes: Mapping[str, Any], now: float) -> Audience:
    """
    Make a draft; each action gets an id of its own for the temporary one.

    Raises:
        Refusal: No trigger or several, a trigger of nothing, or an action that is not there.
    """
    definition = attributes["definition"]
    _check(account, definition)
    numbered = [{**action, "id": str(number)} for number, action in enumerate(definition["actions"], 1)]
    ids = {action["temporary_id"]: action["id"] for action in numbered}
    actions = [
        {
            **{key: value for key, value in action.items() if key != "temporary_id"},
            "links": _links(action, ids),
        }
        for action in numbered
    ]
    entry = ids.get(definition["entry_action_id"])
    settled = {**definition, "actions": actions, "entry_action_id": entry}
    return audiences.create(account, "flow", {**attributes, "definition": settled}, now)


def put(account: Account, given: Mapping[str, Any], now: float) -> Audience:
    """Put a flow there as a merchant made it by hand: one trigger, and no action that matters here."""
    trigger = dict(given["trigger"])
    if name := trigger.pop("name", None):
        named = account.standing(trigger["type"])
        trigger["id"] = next(one.id for one in named if one.attributes["name"] == name)
    definition = {"triggers": [trigger], "actions": [], "entry_action_id": None, "profile_filter": None}
    made = create(account, {"name": given["name"], "definition": definition}, now)
    made.status = given["status"]
    return made


def resource(flow: Audience, base: str, *, defined: bool) -> Json:
    """Return a flow as JSON:API; its definition only where that is asked for."""
    shown = audiences.resource(flow, base)
    trigger = flow.attributes["definition"]["triggers"][0]["type"]
    shown["attributes"]["trigger_type"] = _WORDS[trigger]
    if not defined:
        del shown["attributes"]["definition"]
    return shown


def _check(account: Account, definition: Mapping[str, Any]) -> None:
    place = "/data/attributes/definition"
    if len(definition["triggers"]) != 1:
        raise invalid(Flaw(f"{place}/triggers", "A flow has one trigger."))
    [trigger] = definition["triggers"]
    known = {
        "segment": {one.id for one in account.standing("segment")},
        "list": {one.id for one in account.standing("list")},
        "metric": {metric_id(account, name) for name in account.metrics},
    }.get(trigger["type"])
    if known is not None and trigger.get("id") not in known:
        raise invalid(Flaw(f"{place}/triggers/0/id", f"There is no such {trigger['type']}."))
    temporary = [action.get("temporary_id") for action in definition["actions"]]
    if None in temporary or len(set(temporary)) < len(temporary):
        raise invalid(Flaw(f"{place}/actions", "Every action needs a temporary_id of its own."))
    following = [_next(action) for action in definition["actions"]]
    asked = {definition["entry_action_id"], *following} - {None}
    if not asked <= set(temporary):
        raise invalid(Flaw(f"{place}/actions", "A link leads to no action."))


def _next(action: Mapping[str, Any]) -> str | None:
    following: str | None = (action.get("links") or {}).get("next")
    return following


def _links(action: Mapping[str, Any], ids: Mapping[str, str]) -> Json:
    following = _next(action)
    return {"next": ids[following] if following else None}
