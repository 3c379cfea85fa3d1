"""The scopes that our calls to Klaviyo want, what the lack of each costs, and how a key is tried for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from nextorder.adapters.klaviyo.bodies import encode
from nextorder.adapters.klaviyo.client import Forbidden, KlaviyoClient
from nextorder.adapters.patience import Patience
from nextorder.domain.errors import Refused

NOBODY: Final = "00NEXTORDERNOSUCHID0000000"
"""An id that nothing has, so that a call which is allowed still changes nothing."""

_ONE: Final = {"page[size]": "1"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """
    One access scope, and a call that needs it and does nothing.

    https://developers.klaviyo.com/en/docs/authenticate_
    """

    name: str
    purpose: str
    lack: str
    """What is not possible without it."""
    needed: bool = False
    """Nothing works without it."""
    method: str = "GET"
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    data: Json | None = None


SCOPES: Final = (
    Scope(
        name="accounts:read",
        purpose="which account it is, and its currency",
        lack="two shops could write over each other in one account",
        needed=True,
        path="/api/accounts",
    ),
    Scope(
        name="profiles:read",
        purpose="finding the profile of a customer",
        lack="nobody is found",
        needed=True,
        path="/api/profiles",
        params=_ONE | {"fields[profile]": "created"},
    ),
    Scope(
        name="profiles:write",
        purpose="properties of profiles that are there",
        lack="no verdict can be shown",
        needed=True,
        method="PATCH",
        path=f"/api/profiles/{NOBODY}",
        data={"type": "profile", "id": NOBODY, "attributes": {}},
    ),
    Scope(
        name="events:write",
        purpose="events that flows start from",
        lack="no flow can start from an event of ours",
        needed=True,
        method="POST",
        path="/api/events",
        data={"type": "event", "attributes": {}},
    ),
    Scope(
        name="lists:write",
        purpose="import jobs, which carry many profiles at once, and lists where they are asked for",
        lack="many profiles go one by one, hours instead of minutes",
        needed=True,
        method="PATCH",
        path=f"/api/lists/{NOBODY}",
        data={"type": "list", "id": NOBODY, "attributes": {"name": NOBODY}},
    ),
    Scope(
        name="lists:read",
        purpose="what became of an import job",
        lack="what became of an import job is never known",
        needed=True,
        path="/api/lists",
        params={"fields[list]": "created"},
    ),
    Scope(
        name="segments:read",
        purpose="looking after the segments",
        lack="no segment is made; build them by hand after docs/flows.md",
        path="/api/segments",
        params=_ONE,
    ),
    Scope(
        name="segments:write",
        purpose="a segment for each that is switched on",
        lack="no segment is made; build them by hand after docs/flows.md",
        method="PATCH",
        path=f"/api/segments/{NOBODY}",
        data={"type": "segment", "id": NOBODY, "attributes": {}},
    ),
    Scope(
        name="metrics:read",
        purpose="which events Klaviyo has seen, for drafts of flows",
        lack="no draft can be made of a flow that an event starts",
        path="/api/metrics",
    ),
    Scope(
        name="flows:read",
        purpose="naming live flows that going live would start",
        lack="the plan cannot name the flows that would start",
        path="/api/flows",
        params=_ONE,
    ),
    Scope(
        name="flows:write",
        purpose="drafts of flows, on request only",
        lack="no drafts; build the flows by hand after docs/flows.md",
        method="POST",
        path="/api/flows",
        data={"type": "flow", "attributes": {}},
    ),
)


def lacking(client: KlaviyoClient, shop: str, patience: Patience) -> Sequence[Scope]:
    """
    Return the scopes that a key lacks, in the order of the table.

    NOTE: no call tells the scopes of a key. Each is tried by one that changes nothing: it is read
    only, names an id that nothing has, or has no valid body; permission is looked at first.
    (assumed: that a 403 comes before the 400 and the 404, as in the framework whose error shapes these are)

    Raises:
        NeedsHuman: The key itself is refused.
        RetryLater: Klaviyo cannot be asked now.
    """
    return [scope for scope in SCOPES if not patience.ask(partial(_may, client, shop, scope))]


def _may(client: KlaviyoClient, shop: str, scope: Scope) -> bool:
    body = encode({"data": scope.data}) if scope.data else None
    try:
        client.call(shop, scope.method, scope.path, body=body, params=scope.params)
    except Forbidden:
        return False
    except Refused:
        return True
    return True
