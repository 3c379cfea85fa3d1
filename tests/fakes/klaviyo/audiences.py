"""Segments and lists: named by whoever made them, twice if they like, and found by id or name."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.fakes.klaviyo.contract import Flaw
from tests.fakes.klaviyo.errors import invalid, not_found
from tests.fakes.klaviyo.filters import Condition
from tests.fakes.klaviyo.store import Account, Audience, Profile, moment, number_to_id

FOUND_BY = frozenset({"id", "name"})
MOST_MEMBERS = 1_000
"""Profiles of one call that adds or removes them."""
SHORT_ID = 4
_OWN = "properties['"

Json = dict[str, Any]


def create(account: Account, kind: str, attributes: Mapping[str, Any], now: float) -> Audience:
    """
    Make a segment, a list or a flow. Names need not differ.

    Raises:
        Refusal: It has no name.
    """
    _check_name(attributes["name"])
    id_ = number_to_id(len(account.made) + 1, SHORT_ID)
    audience = Audience(id=id_, kind=kind, attributes=dict(attributes), created=now, updated=now)
    account.made.append(audience)
    return audience


def find(account: Account, kind: str, id_: str) -> Audience:
    """
    Return what has this id.

    Raises:
        Refusal: Nothing has.
    """
    for audience in account.standing(kind):
        if audience.id == id_:
            return audience
    raise not_found(kind, id_)


def change(account: Account, kind: str, id_: str, data: Mapping[str, Any], now: float) -> Audience:
    """
    Change what a body gives of a segment or a list.

    Raises:
        Refusal: Nothing has this id, or the body has another; or there is no name in it.
    """
    found = find(account, kind, id_)
    if data["id"] != id_:
        raise invalid(Flaw("/data/id", "The id in the body is not the id in the path."))
    given = {name: value for name, value in data["attributes"].items() if value is not None}
    _check_name(given.get("name", "same"))
    found.attributes |= given
    found.updated = now
    return found


def matching(account: Account, kind: str, conditions: Sequence[Condition]) -> Iterator[Audience]:
    """Yield what fulfils all conditions."""
    for audience in account.standing(kind):
        values = {"id": audience.id, "name": audience.attributes["name"], "status": audience.status}
        if all(values[condition.field] in condition.values for condition in conditions):
            yield audience


def listed(account: Account, id_: str, given: Sequence[Mapping[str, Any]]) -> tuple[Audience, set[str]]:
    """
    Return a list and the profiles that a call names, of which all are there or none is moved.

    NOTE: of a profile that is not there the same 404 is assumed as of a list: nothing is said of it.

    Raises:
        Refusal: There is no such list, no such profile, or there are too many.
    """
    found = find(account, "list", id_)
    if len(given) > MOST_MEMBERS:
        raise invalid(Flaw("/data", f"At most {MOST_MEMBERS} profiles are allowed."))
    named = {one["id"] for one in given}
    for missing in sorted(named - account.profiles.keys()):
        raise not_found("profile", missing)
    return found, named


def members(account: Account, segment: Audience) -> Iterator[Profile]:
    """Yield whom a segment's definition is true of: all groups, and of each group any condition."""
    groups = segment.attributes["definition"]["condition_groups"]
    for profile in account.profiles.values():
        if all(any(_holds(one, profile) for one in group["conditions"]) for group in groups):
            yield profile


def resource(audience: Audience, base: str, fields: frozenset[str] | None = None) -> Json:
    """Return one as JSON:API."""
    attributes = {
        **audience.attributes,
        "created": moment(audience.created),
        "updated": moment(audience.updated),
        **_STANDING[audience.kind](audience),
    }
    shown = {name: value for name, value in attributes.items() if fields is None or name in fields}
    link = {"self": f"{base}/api/{audience.kind}s/{audience.id}/"}
    return {"type": audience.kind, "id": audience.id, "attributes": shown, "links": link}


def _of_segment(segment: Audience) -> Json:
    starred = bool(segment.attributes.get("is_starred"))
    return {"is_active": True, "is_processing": False, "is_starred": starred}


def _of_list(made: Audience) -> Json:
    return {"opt_in_process": made.attributes.get("opt_in_process") or "double_opt_in"}


def _of_flow(flow: Audience) -> Json:
    return {"status": flow.status, "archived": False}


_STANDING: Mapping[str, Callable[[Audience], Json]] = {
    "segment": _of_segment,
    "list": _of_list,
    "flow": _of_flow,
}


def _check_name(name: str) -> None:
    if not name.strip():
        raise invalid(Flaw("/data/attributes/name", "This field may not be blank."))


def _holds(condition: Mapping[str, Any], profile: Profile) -> bool:
    """Tell of the conditions that the tests write; another would be a flaw of the fake."""
    if condition["type"] != "profile-property":
        raise ValueError(f"the fake cannot tell whether {condition['type']} holds")
    own = condition["property"].removeprefix(_OWN).removesuffix("']")
    holder = profile.properties if condition["property"].startswith(_OWN) else profile.attributes
    return _compare(condition["filter"], holder.get(own))


def _compare(filter_: Mapping[str, Any], value: Any) -> bool:
    wanted: Any = filter_.get("value")
    match filter_["type"], filter_["operator"]:
        case "list", "contains":
            return isinstance(value, list) and wanted in value
        case "boolean", "equals":
            return isinstance(value, bool) and value is wanted
        case "numeric", "greater-than-or-equal":
            return isinstance(value, int | float) and value >= wanted
        case "string", "equals":
            return isinstance(value, str) and value == wanted
    raise ValueError(f"the fake cannot tell whether {filter_} holds")
