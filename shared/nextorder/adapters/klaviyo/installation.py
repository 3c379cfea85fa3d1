"""What of ours stands in a Klaviyo account beside profiles: segments, and lists on request."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from nextorder.adapters.klaviyo.bodies import encode
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient
from nextorder.adapters.klaviyo.lists import LISTS
from nextorder.adapters.klaviyo.profiles import any_of
from nextorder.adapters.patience import Answer, Patience
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import Refused, RetryLater
from nextorder.domain.installation import Part, Survey
from nextorder.domain.shop import Shop
from nextorder.ports.installation import ListRecords

SEGMENT: Final = "segment"
SEGMENTS: Final = "/api/segments"
LIST: Final = "list"
ALL: Final = "all"
"""In place of names: a list of whatever is switched on."""
_PLACES: Final = {SEGMENT: SEGMENTS, LIST: LISTS}
A_PAGE: Final = 10
"""All that Klaviyo tells of segments at once."""
TOMORROW_SECONDS: Final = 3_600.0
"""A longer wait than this is the account's daily limit: a hundred segments made or changed."""
HOLD: Final = "hold"

Json = dict[str, Any]


class KlaviyoInstaller:
    """
    ports.Installer. Segments and lists are ours by the id that was kept when they were made.

    Both may be renamed, a segment narrowed. Lists are made of what the merchant names: each change
    of one is a call, and being added to one starts flows; a segment follows the properties by itself.

    Args:
        client: Calls the API.
        catalogue: Which segments the shop shows.
        records: Keeps what was made; of this account alone.
        patience: Segments are made one a second.
    """

    def __init__(
        self, client: KlaviyoClient, catalogue: Catalogue, records: ListRecords, patience: Patience
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._records = records
        self._patience = patience

    def survey(self, shop: Shop) -> Survey:
        """Ask for what we made; a shop without an account wants nothing."""
        made = self._records.load(shop.id)
        there = {one["id"]: one for one in self._by("id", SEGMENTS, shop, [*made.segments.values()])}
        stand = {str(one["id"]) for one in self._by("id", LISTS, shop, [*made.lists.values()])}
        wanted = tuple(_wanted(shop, self._catalogue)) if shop.klaviyo_account else ()
        segments = (_found(shop, name, there.get(id_)) for name, id_ in made.segments.items())
        lists = (
            Part(kind=LIST, name=name, id=id_, gone=id_ not in stand) for name, id_ in made.lists.items()
        )
        return Survey(wanted=wanted, found=(*segments, *lists))

    def make(self, shop: Shop, part: Part) -> None:
        """
        Make a segment, or take over one that says the same under the same name; of lists an empty one.

        NOTE: names need not differ in Klaviyo. That one of ours was made without our hearing of it
        is found out by looking before every try.
        """
        if part.kind == LIST:
            self._records.keep_list(shop.id, part.name, self._asked(partial(self._make_list, shop, part)))
            return
        id_ = self._asked(partial(self._make, shop, part))
        self._records.keep_segment(shop.id, part.name, id_)

    def repair(self, shop: Shop, part: Part, found: Part) -> None:  # noqa: ARG002 - the port's
        """Give a segment its own condition back."""
        path = f"{SEGMENTS}/{quote(part.id, safe='')}"
        body = encode({"data": {"type": SEGMENT, "id": part.id, "attributes": dict(part.says)}})
        self._asked(partial(self._client.call, shop.id, "PATCH", path, body=body))

    def remove(self, shop: Shop, part: Part) -> None:
        """Delete a segment, or a list with all its memberships; one that is gone counts as deleted."""
        path = f"{_PLACES[part.kind]}/{quote(part.id, safe='')}"
        try:
            self._asked(partial(self._client.call, shop.id, "DELETE", path))
        except Refused as refusal:
            if refusal.code != NOT_FOUND:
                raise
        if part.kind == LIST:
            self._records.lose_list(shop.id, part.name, part.id)
            return
        self._records.keep_segment(shop.id, part.name, "")

    def forget(self, shop: Shop) -> None:
        """Drop the record of what was made."""
        self._records.drop(shop.id)

    def _make(self, shop: Shop, part: Part) -> str:
        name = shown_name(shop, part.name)
        namesakes = list(self._by("name", SEGMENTS, shop, [name]))
        for other in namesakes:
            if _says(other["attributes"]["definition"], part.says["definition"]):
                return str(other["id"])
        if namesakes:
            raise Refused("segment-name", "another segment has this name: rename it, then connect again")
        body = encode({"data": {"type": SEGMENT, "attributes": {"name": name, **part.says}}})
        return str(self._client.call(shop.id, "POST", SEGMENTS, body=body)["data"]["id"])

    def _make_list(self, shop: Shop, part: Part) -> str:
        """A list says nothing of itself: one with members may be anybody's."""
        name = shown_name(shop, part.name)
        namesakes = [str(one["id"]) for one in self._by("name", LISTS, shop, [name])]
        for other in namesakes:
            members = f"{LISTS}/{quote(other, safe='')}/relationships/profiles"
            if not self._client.call(shop.id, "GET", members, params={"page[size]": "1"})["data"]:
                return other
        if namesakes:
            raise Refused("list-name", "another list has this name: rename it, then connect again")
        body = encode({"data": {"type": LIST, "attributes": {"name": name}}})
        return str(self._client.call(shop.id, "POST", LISTS, body=body)["data"]["id"])

    def _by(self, field: str, path: str, shop: Shop, values: Sequence[str]) -> Iterator[Json]:
        for start in range(0, len(values), A_PAGE):
            query = {"filter": any_of(field, values[start : start + A_PAGE])}
            yield from self._client.pages(shop.id, path, self._patience, query)

    def _asked(self, call: Callable[[], Answer]) -> Answer:
        return self._patience.ask(partial(_today, call))


def _today(call: Callable[[], Answer]) -> Answer:
    """Make a call; what is possible tomorrow only is a no."""
    try:
        return call()
    except RetryLater as busy:
        if busy.seconds is None or busy.seconds < TOMORROW_SECONDS:
            raise
        raise Refused("daily-limit", "Klaviyo makes no more today: connect again tomorrow") from None


def shown_name(shop: Shop, name: str) -> str:
    """Name a segment as its tag is named, and after the shop where two share an account."""
    own = shop.klaviyo_prefix
    return f"{shop.tag_prefix}{name}" + ("" if own == Shop(id="").klaviyo_prefix else f" ({own})")


def condition(shop: Shop, name: str) -> Json:
    """Say in Klaviyo's words whom a segment of the catalogue holds."""
    if name == HOLD:
        return _property(shop, "holdout", {"type": "boolean", "operator": "equals", "value": True})
    return _property(shop, "segments", {"type": "list", "operator": "contains", "value": name})


def _property(shop: Shop, name: str, filter_: Json) -> Json:
    return {
        "type": "profile-property",
        "property": f"properties['{shop.klaviyo_prefix}_{name}']",
        "filter": filter_,
    }


def nameable(catalogue: Catalogue) -> Sequence[str]:
    """Name what is switched on; what a family with open values will show is not known."""
    return [name for name in catalogue.shown if not name.endswith(":*")]


def lists_of(shop: Shop, catalogue: Catalogue) -> Sequence[str]:
    """Name the segments of which a shop wants lists."""
    return [name for name in nameable(catalogue) if {name, ALL} & {*shop.klaviyo_lists}]


def _wanted(shop: Shop, catalogue: Catalogue) -> Iterator[Part]:
    """Yield one a segment that is shown, then the lists that were asked for."""
    for name in nameable(catalogue):
        yield Part(kind=SEGMENT, name=name, says=_definition(shop, name))
    for name in lists_of(shop, catalogue):
        yield Part(kind=LIST, name=name)


def _definition(shop: Shop, name: str) -> Json:
    return {"definition": {"condition_groups": [{"conditions": [condition(shop, name)]}]}}


def _found(shop: Shop, name: str, there: Json | None) -> Part:
    if there is None:
        return Part(kind=SEGMENT, name=name, gone=True)
    wanted = _definition(shop, name)
    said = there["attributes"].get("definition") or {}
    is_right = _says(said, wanted["definition"])
    return Part(kind=SEGMENT, name=name, id=there["id"], says=wanted if is_right else {"definition": said})


def _says(said: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    """Whether our condition is one that must hold, whatever else must, too."""
    [ours] = wanted["condition_groups"]
    groups = (said or {}).get("condition_groups", ())
    return any(len(one["conditions"]) == 1 and _holds(one, ours) for one in groups)


def _holds(said: Any, wanted: Any) -> bool:
    """Compare what we wrote, and let pass what Klaviyo adds."""
    if isinstance(wanted, dict):
        return isinstance(said, dict) and all(_holds(said.get(key), one) for key, one in wanted.items())
    if isinstance(wanted, list):
        return isinstance(said, list) and len(said) == len(wanted) and all(map(_holds, said, wanted))
    return bool(said == wanted)
