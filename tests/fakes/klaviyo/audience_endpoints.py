"""What the operations on segments, lists and flows do."""

from collections.abc import Callable
from typing import Any

from tests.fakes.http import Clock
from tests.fakes.klaviyo import audiences, filters, flows, profiles
from tests.fakes.klaviyo.pages import SMALL_SIZE, fields, page
from tests.fakes.klaviyo.store import Account, moment
from tests.fakes.wire import Answer, Request

Endpoint = Callable[[Request, str, Any], Answer]


class AudienceEndpoints:
    """The operations on what has a name; each takes the request, the id in its path and the body's data."""

    def __init__(self, account: Account, clock: Clock, url: str) -> None:
        self.account = account
        self.clock = clock
        self.url = url

    def by_name(self) -> dict[str, Endpoint]:
        """Return them by the operation's id in the OpenAPI."""
        return {
            "add_profiles_to_list": self._add_to_list,
            "create_flow": self._create_flow,
            "create_list": self._creator("list"),
            "create_segment": self._creator("segment"),
            "delete_list": self._remover("list"),
            "delete_segment": self._remover("segment"),
            "get_flow": self._get_flow,
            "get_flows": self._get_flows,
            "get_list": self._finder("list"),
            "get_lists": self._lister("list"),
            "get_profile_ids_for_list": self._get_listed,
            "get_profiles_for_segment": self._get_members,
            "get_segment": self._finder("segment"),
            "get_segments": self._lister("segment"),
            "remove_profiles_from_list": self._remove_from_list,
            "update_list": self._changer("list"),
            "update_segment": self._changer("segment"),
        }

    def _creator(self, kind: str) -> Endpoint:
        def create(_: Request, __: str, data: Any) -> Answer:
            made = audiences.create(self.account, kind, data["attributes"], self.clock())
            return Answer(status=201, body={"data": audiences.resource(made, self.url)})

        return create

    def _remover(self, kind: str) -> Endpoint:
        def remove(_: Request, id_: str, __: None) -> Answer:
            audiences.find(self.account, kind, id_).gone = True
            return Answer(status=204)

        return remove

    def _finder(self, kind: str) -> Endpoint:
        def find(request: Request, id_: str, _: None) -> Answer:
            found = audiences.find(self.account, kind, id_)
            return Answer(body={"data": audiences.resource(found, self.url, fields(request, kind))})

        return find

    def _lister(self, kind: str) -> Endpoint:
        def show(request: Request, _: str, __: None) -> Answer:
            conditions = filters.read(request.arguments.get("filter", ""), audiences.FOUND_BY)
            found = audiences.matching(self.account, kind, conditions)
            shown = [audiences.resource(one, self.url, fields(request, kind)) for one in found]
            return page(request, self.url, shown, SMALL_SIZE)

        return show

    def _changer(self, kind: str) -> Endpoint:
        def change(_: Request, id_: str, data: Any) -> Answer:
            changed = audiences.change(self.account, kind, id_, data, self.clock())
            return Answer(body={"data": audiences.resource(changed, self.url)})

        return change

    def _get_members(self, request: Request, id_: str, _: None) -> Answer:
        segment = audiences.find(self.account, "segment", id_)
        found = sorted(audiences.members(self.account, segment), key=lambda one: one.id)
        shown = [profiles.resource(one, self.url, fields(request)) for one in found]
        for member in shown:
            member["attributes"]["joined_group_at"] = moment(segment.created)
        return page(request, self.url, shown)

    def _add_to_list(self, _: Request, id_: str, data: Any) -> Answer:
        found, named = audiences.listed(self.account, id_, data)
        found.members |= named
        return Answer(status=204)

    def _remove_from_list(self, _: Request, id_: str, data: Any) -> Answer:
        found, named = audiences.listed(self.account, id_, data)
        found.members -= named
        return Answer(status=204)

    def _get_listed(self, request: Request, id_: str, _: None) -> Answer:
        found = audiences.find(self.account, "list", id_)
        return page(request, self.url, [{"type": "profile", "id": one} for one in sorted(found.members)])

    def _create_flow(self, _: Request, __: str, data: Any) -> Answer:
        made = flows.create(self.account, data["attributes"], self.clock())
        return Answer(status=201, body={"data": flows.resource(made, self.url, defined=True)})

    def _get_flow(self, request: Request, id_: str, _: None) -> Answer:
        found = audiences.find(self.account, "flow", id_)
        defined = "definition" in request.arguments.get("additional-fields[flow]", "")
        return Answer(body={"data": flows.resource(found, self.url, defined=defined)})

    def _get_flows(self, request: Request, _: str, __: None) -> Answer:
        conditions = filters.read(request.arguments.get("filter", ""), flows.FOUND_BY)
        found = audiences.matching(self.account, "flow", conditions)
        return page(request, self.url, [flows.resource(one, self.url, defined=False) for one in found])
