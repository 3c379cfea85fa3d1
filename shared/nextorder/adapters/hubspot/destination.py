"""HubSpot as a destination: properties of contacts that exist."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from nextorder.adapters.api import (
    HUMAN_STATUSES,
    NO_SUCH_ADDRESS,
    Api,
    Settings,
    safe_code,
)
from nextorder.adapters.asking import unless_missing
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.fielded_destination import FieldedDestination
from nextorder.adapters.http import Response
from nextorder.adapters.hubspot.properties import FIELDS, GROUP, definition, written
from nextorder.adapters.patience import Patience
from nextorder.domain.capabilities import Capabilities, Clears, Identifier, Needs
from nextorder.domain.changes import PROFILE_MISSING, Change, Person
from nextorder.domain.errors import NeedsHuman, NextorderError, OutcomeUnknown, Refused, RetryLater
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome

Json = dict[str, Any]
CONTACTS: Final = "/crm/objects/2026-03/contacts"
ACCOUNT: Final = "/account-info/2026-03/details"
PROPERTIES: Final = "/crm/properties/2026-03/contacts"
"""https://developers.hubspot.com/docs/api-reference/2026-03/crm/objects/contacts"""
BAD_REQUEST: Final = 400
STATUS_NOT_FOUND: Final = 404
BUSY: Final = frozenset({423, 477})
"""The record is locked; the account moves between data centres, up to a day."""
NOT_FOUND: Final = "OBJECT_NOT_FOUND"
UNKNOWN_PROPERTY: Final = "PROPERTY_DOESNT_EXIST"
REMEDY: Final = "run `nextorder connect hubspot`"
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL),
    most_rows=100,
    most_asked=100,
    calls_per_second=10,
    clears=Clears.EMPTY,
    quiet_backfill="workflows on our properties start at once: switch those on afterwards",
    deletes_people=True,
    # NOTE: a workflow mails who neither agreed nor refused, unless the account's privacy settings forbid it.
    # https://knowledge.hubspot.com/contacts/how-do-subscription-preferences-and-types-work
    consent=Needs.EMAIL,
    person="contact",
)
SETTINGS: Final = (
    Setting(name="token", label="Access token of a private app (Settings > Integrations)", secret=True),
    Setting(
        name="url", label="Address of the API", default="https://api.hubapi.com", place=True, wrong=no_address
    ),
)


class HubSpotApi(Api):
    """A refusal of the whole account is no refusal of one person."""

    def refusal(self, response: Response) -> NextorderError:
        """Name an error answer by its category; the message may quote the person."""
        if response.status_code in BUSY:
            return RetryLater(f"hubspot answered {response.status_code}")
        if response.status_code == STATUS_NOT_FOUND and NOT_FOUND in response.text:
            return Refused(PROFILE_MISSING)
        # NOTE: in which field the code stands is said of no version, so the body is searched for it.
        if response.status_code == BAD_REQUEST and UNKNOWN_PROPERTY in response.text:
            return NeedsHuman(f"hubspot lacks properties of ours: {REMEDY}")
        return super().refusal(response)


class HubSpotDestination(FieldedDestination):
    """ports.Destination; contacts are found by e-mail and written by their id, never upserted."""

    name = "hubspot"
    capabilities = CAPABILITIES
    fields = FIELDS
    tags = False
    room = "the free plan has room for ten properties"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = HubSpotApi("hubspot", parts, _key, humans=HUMAN_STATUSES | NO_SUCH_ADDRESS)

    def account(self, shop: Shop) -> str:
        """Ask whether contacts may be read: their account has no name in this API."""
        self._api.ask(shop.id, "GET", CONTACTS, limit="1", properties="hs_object_id")
        return ""

    def account_id(self, shop: Shop) -> str:
        """Return the number of the account, which HubSpot calls portal or hub."""
        return str(self._api.ask(shop.id, "GET", ACCOUNT)["portalId"])

    def held(self, shop: Shop) -> Collection[str]:
        """Return the names of all properties."""
        return {one["name"] for one in self._api.ask(shop.id, "GET", PROPERTIES)["results"]}

    def make(self, shop: Shop, names: Sequence[str]) -> None:
        """Make properties, in a group of ours."""
        groups = self._api.ask(shop.id, "GET", f"{PROPERTIES}/groups")["results"]
        if GROUP not in {one["name"] for one in groups}:
            group = {"name": GROUP, "label": "Nextorder", "displayOrder": -1}
            self._api.ask(shop.id, "POST", f"{PROPERTIES}/groups", group)
        self._api.ask(
            shop.id, "POST", f"{PROPERTIES}/batch/create", {"inputs": [definition(one) for one in names]}
        )

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Write one contact's properties.

        Raises:
            Refused: "profile-missing" of who is no contact; else HubSpot's own category.
        """
        if change.empty:
            return Delivered(remote_id=change.person.remote_id)
        contact = self._find(shop, [change.person]).get(change.person.customer)
        if contact is None:
            raise Refused(PROFILE_MISSING)
        document = self._update(shop, {contact: change})
        for row in document["results"]:
            # NOTE: of a contact that was merged into another this is the other's id.
            return Delivered(remote_id=str(row["id"]))
        raise _refusal(document)

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """Clear our properties; `delete` has HubSpot erase the contact as the GDPR wants it."""
        super().forget(shop, person)
        # NOTE: by an e-mail that it does not know, HubSpot would block that address for good.
        if delete and (contact := self._find(shop, [person]).get(person.customer)):
            unless_missing(
                lambda: self._api.ask(shop.id, "POST", f"{CONTACTS}/gdpr-delete", {"objectId": contact})
            )

    def together(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> dict[str, Outcome]:
        """Write many in one request; one bad row spoils it for all, who then go alone."""
        people = [change.person for change in changes]
        try:
            contacts = patience.ask(lambda: self._find(shop, people))
            rows = {contacts[one.person.customer]: one for one in changes if one.person.customer in contacts}
            document = patience.ask(lambda: self._update(shop, rows)) if rows else {"results": []}
        except Refused:
            return {}
        taken = [str(row["id"]) for row in document["results"] if str(row["id"]) in rows]
        outcomes: dict[str, Outcome] = {
            one.customer: Refused(PROFILE_MISSING) for one in people if one.customer not in contacts
        }
        return outcomes | {rows[one].person.customer: Delivered(remote_id=one) for one in taken}

    def _find(self, shop: Shop, people: Sequence[Person]) -> Mapping[str, str]:
        """Return contact ids by customer; whoever is no contact is missing."""
        found = {one.customer: one.remote_id for one in people if one.remote_id}
        unknown = {one.customer: _email(one.email) for one in people if one.email and not one.remote_id}
        if not unknown:
            return found
        body = {
            "idProperty": "email",
            "inputs": [{"id": email} for email in sorted(set(unknown.values()))],
            "properties": ["email", "hs_additional_emails"],
            "propertiesWithHistory": [],
        }
        try:
            rows = self._api.ask(shop.id, "POST", f"{CONTACTS}/batch/read", body)["results"]
        except OutcomeUnknown as failure:
            # it is a question, though it is asked by POST
            raise RetryLater(str(failure), seconds=failure.seconds) from None
        by_email = {email: str(row["id"]) for row in rows for email in _emails(row["properties"])}
        return found | {one: by_email[email] for one, email in unknown.items() if email in by_email}

    def find(self, shop: Shop, people: Sequence[Person]) -> Mapping[str, str]:
        """Return contact ids by customer."""
        return self.patience().ask(lambda: self._find(shop, people))

    def _update(self, shop: Shop, rows: Mapping[str, Change]) -> Json:
        # NOTE: by `idProperty` email a batch update is refused as one by a property that is not unique.
        inputs = [{"id": contact, "properties": written(change)} for contact, change in rows.items()]
        document: Json = self._api.ask(shop.id, "POST", f"{CONTACTS}/batch/update", {"inputs": inputs})
        return document


def _key(settings: Settings) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {settings['token']}"}


def _email(address: str) -> str:
    return address.strip().lower()


def _emails(properties: Mapping[str, str | None]) -> Sequence[str]:
    """Return the addresses that a contact goes by; it keeps those of whoever was merged into it."""
    further = (properties.get("hs_additional_emails") or "").split(";")
    return [_email(one) for one in (properties.get("email") or "", *further) if one.strip()]


def _refusal(document: Json) -> Refused:
    """Name what a 207 says of the one whom it was about."""
    categories = [str(error.get("category", "")) for error in document.get("errors") or ()]
    if NOT_FOUND in categories:
        return Refused(PROFILE_MISSING)
    return Refused(f"hubspot-{safe_code(next(iter(categories), '')).lower() or 'silent'}")


def destination(parts: Parts) -> HubSpotDestination:
    """Build it."""
    return HubSpotDestination(parts)
