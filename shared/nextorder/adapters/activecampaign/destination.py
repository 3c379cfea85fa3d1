"""ActiveCampaign as a destination: custom fields and tags of contacts that exist."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final
from urllib.parse import quote, urlsplit

from nextorder.adapters import tags
from nextorder.adapters.activecampaign.fields import PERSTAGS, definition
from nextorder.adapters.api import Api
from nextorder.adapters.asking import unless_missing
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.fielded_destination import FieldedDestination
from nextorder.adapters.many import known
from nextorder.domain.capabilities import Capabilities, Clears, Identifier, Needs
from nextorder.domain.changes import PROFILE_MISSING, Change, Person
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered

PAGE: Final = 100
MISSING: Final = "activecampaign-404"
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL),
    most_rows=30,
    most_asked=1,
    calls_per_second=5,
    clears=Clears.EMPTY,
    quiet_backfill="automations on our tags and fields start at once: switch those on afterwards",
    deletes_people=True,
    # a tag or a field starts automations, and whom a list calls active was never asked by us
    consent=Needs.EMAIL,
    person="contact",
)
SETTINGS: Final = (
    Setting(name="url", label="URL (Settings > Developer)", place=True, wrong=no_address),
    Setting(name="token", label="Key (Settings > Developer)", secret=True),
)
Json = dict[str, Any]


class ActiveCampaignDestination(FieldedDestination):
    """
    ports.Destination; contacts are found by e-mail and written by their id.

    `contact/sync` and the bulk import would make contacts of strangers, so many go one by one.
    """

    name = "activecampaign"
    capabilities = CAPABILITIES
    fields = PERSTAGS

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = Api("activecampaign", parts, lambda settings: {"Api-Token": settings["token"]})
        self._fields: dict[str, Mapping[str, str]] = {}
        """Shop -> personalization tag -> id: asked once, and again when one is not taken."""
        self._tags: dict[str, dict[str, str]] = {}
        """Shop -> name of a tag of ours -> id."""

    def account(self, shop: Shop) -> str:
        """Return the host: what else names the account names its owner, too."""
        return urlsplit(self.parts.settings(shop.id)["url"]).hostname or ""

    def held(self, shop: Shop) -> Collection[str]:
        """Return the personalization tags of all fields that belong to a list."""
        return {row["perstag"] for row in self._pages(shop, "fields") if row.get("relations", True)}

    def make(self, shop: Shop, names: Sequence[str]) -> None:
        """Make fields, for contacts of every list."""
        known = self._field_ids(shop)
        for name in names:
            if PERSTAGS[name] not in known:
                self._ask(shop, "POST", "fields", definition(name))
        made = self._field_ids(shop)
        for name in names:
            # NOTE: a field that belongs to no list is shown nowhere; 0 are all of them.
            relation = {"field": made[PERSTAGS[name]], "relid": 0}
            self._ask(shop, "POST", "fieldRels", {"fieldRel": relation})

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Write a contact's fields, then the tags that join, then take those that leave.

        Raises:
            Refused: "profile-missing" of who is no contact; "activecampaign-not-kept"; else by status.
        """
        if change.empty and not change.afresh:
            return Delivered(remote_id=change.person.remote_id)
        contact = self._find(shop, change.person)
        for number, write in enumerate(self._writes(shop, contact, change)):
            with tags.half_written(contact, already=number > 0):
                write()
        return Delivered(remote_id=contact)

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """Clear our fields and tags; `delete` deletes the contact."""
        super().forget(shop, person)
        if delete:
            unless_missing(lambda: self._ask_of(shop, self._find(shop, person), "DELETE"))

    def find(self, shop: Shop, people: Sequence[Person]) -> Collection[str]:
        """Return the customers who are contacts."""
        return known(partial(self._find, shop), people, self.patience())

    def _writes(self, shop: Shop, contact: str, change: Change) -> Sequence[Callable[[], object]]:
        """Ask for all ids, then return what is to be written: an automation on a tag reads the fields."""
        joining = [self._tag_id(shop, tag) for tag in sorted(change.join)]
        writes: list[Callable[[], object]] = []
        if fields := self._rows_of_fields(shop, change):
            writes.append(partial(self._write_fields, shop, contact, fields))
        writes += [partial(self._join, shop, contact, tag) for tag in joining]
        return writes + [partial(self._leave, shop, one) for one in self._leaving(shop, contact, change)]

    def _find(self, shop: Shop, person: Person) -> str:
        if person.remote_id:
            return person.remote_id
        email = person.email.strip().lower()
        if email:
            # NOTE: whether a filter means "equals" or "contains" differs from one endpoint to the next.
            for row in self._ask(shop, "GET", "contacts", email=email)["contacts"]:
                if row["email"].lower() == email:
                    return str(row["id"])
        raise Refused(PROFILE_MISSING)

    def _rows_of_fields(self, shop: Shop, change: Change) -> Sequence[Json]:
        if not (change.set or change.unset):
            return ()
        ids = self._fields.get(shop.id) or self._field_ids(shop)
        if gone := sorted(change.set.keys() - ids.keys()):
            raise NeedsHuman(f"activecampaign lacks {', '.join(gone)}: {self.remedy}")
        cleared = [{"field": ids[perstag], "value": ""} for perstag in change.unset if perstag in ids]
        return [*({"field": ids[one], "value": str(value)} for one, value in change.set.items()), *cleared]

    def _write_fields(self, shop: Shop, contact: str, fields: Sequence[Json]) -> None:
        document = self._ask_of(shop, contact, "PUT", body={"contact": {"fieldValues": fields}})
        # NOTE: what becomes of a field that is no more, or of a value that is not taken, is nowhere said.
        kept = {str(row["field"]): row.get("value") or "" for row in document.get("fieldValues", fields)}
        if any(row["field"] not in kept for row in fields):
            self._fields.pop(shop.id, None)
            raise OutcomeUnknown("activecampaign lost a field of ours", remote_id=contact)
        if any(bool(kept[row["field"]]) != bool(row["value"]) for row in fields):
            raise Refused("activecampaign-not-kept")

    def _join(self, shop: Shop, contact: str, tag: str) -> None:
        try:
            self._ask(shop, "POST", "contactTags", {"contactTag": {"contact": contact, "tag": tag}})
        except Refused as refusal:
            if refusal.code != MISSING:
                raise
            self._tags.pop(shop.id, None)
            self._ask_of(shop, contact, "GET")
            # the contact is there, so it is the tag that somebody deleted: the next try makes it
            raise OutcomeUnknown("activecampaign lost a tag of ours", remote_id=contact) from None

    def _leave(self, shop: Shop, contact_tag: str) -> None:
        try:
            self._ask(shop, "DELETE", f"contactTags/{contact_tag}")
        except Refused as refusal:
            if refusal.code != MISSING:
                raise

    def _leaving(self, shop: Shop, contact: str, change: Change) -> Sequence[str]:
        """Return ids of what ties the contact to the tags that go: all of ours that stand, where in doubt."""
        if not (change.leave or change.afresh):
            return ()
        tied = self._ask_of(shop, contact, "GET", "/contactTags")["contactTags"]
        names = {id_: name for name, id_ in self._tag_ids(shop).items()}
        there = {names[str(one["tag"])]: str(one["id"]) for one in tied if str(one["tag"]) in names}
        going = change.leave
        if change.afresh:
            going = tags.leaving(change, there, shop, self.parts.catalogue(shop))
        return [there[name] for name in sorted(going) if name in there]

    def _tag_id(self, shop: Shop, tag: str) -> str:
        known = self._tags.get(shop.id) or self._tag_ids(shop)
        if tag not in known:
            body = {"tag": {"tag": tag, "tagType": "contact", "description": "Kept by Nextorder"}}
            known[tag] = str(self._ask(shop, "POST", "tags", body)["tag"]["id"])
        return known[tag]

    def _tag_ids(self, shop: Shop) -> dict[str, str]:
        rows = self._pages(shop, "tags", search=shop.tag_prefix)
        self._tags[shop.id] = {row["tag"]: str(row["id"]) for row in rows if row["tagType"] == "contact"}
        return self._tags[shop.id]

    def _field_ids(self, shop: Shop) -> Mapping[str, str]:
        self._fields[shop.id] = {row["perstag"]: str(row["id"]) for row in self._pages(shop, "fields")}
        return self._fields[shop.id]

    def _pages(self, shop: Shop, what: str, **query: Any) -> Iterator[Json]:
        offset, total = 0, 1
        while offset < total:
            page = self._ask(shop, "GET", what, limit=str(PAGE), offset=str(offset), **query)
            yield from page[what]
            offset, total = offset + PAGE, int(page["meta"]["total"])

    def _ask_of(
        self, shop: Shop, contact: str, method: str, path: str = "", body: Json | None = None
    ) -> Json:
        try:
            return self._ask(shop, method, f"contacts/{quote(contact, safe='')}{path}", body)
        except Refused as refusal:
            raise Refused(PROFILE_MISSING) if refusal.code == MISSING else refusal from None

    def _ask(self, shop: Shop, method: str, path: str, document: Json | None = None, **params: str) -> Json:
        answer: Json = self._api.ask(shop.id, method, f"/api/3/{path}", document, **params)
        return answer


def destination(parts: Parts) -> ActiveCampaignDestination:
    """Build it."""
    return ActiveCampaignDestination(parts)
