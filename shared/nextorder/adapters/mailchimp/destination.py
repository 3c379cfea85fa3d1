"""Mailchimp as a destination: merge fields and tags of members that exist; nobody is ever subscribed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import md5
from typing import Any, Final
from urllib.parse import quote

from nextorder.adapters import tags
from nextorder.adapters.asking import unless_missing
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.fielded_destination import FieldedDestination
from nextorder.adapters.mailchimp import batches
from nextorder.adapters.mailchimp.calls import Call, MailchimpApi, no_key
from nextorder.adapters.mailchimp.fields import TAGS, definition, merge_fields
from nextorder.adapters.many import known
from nextorder.adapters.patience import Patience
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.changes import PROFILE_MISSING, Change, Person
from nextorder.domain.errors import NeedsHuman, Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome

FEW: Final = 20
"""Up to so many members are quicker one by one than as a batch."""
NOT_FOUND: Final = 404
FIRST_ERROR_STATUS: Final = 300
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL),
    most_rows=400,
    most_asked=1,
    clears=Clears.EMPTY,
    quiet_backfill="tags are told as syncing and start nothing; what starts from a merge field does at once",
    deletes_people=True,
    # NOTE: what a tag or a field starts mails subscribed contacts alone.
    # https://quickbooks.intuit.com/learn-support/en-us/help-article/email-campaign/non-subscribed-contacts/L2A9w9mCp_US_en_US
    without_consent="has fields and tags: Mailchimp itself sends no marketing to who is not subscribed there",
    person="contact",
)
SETTINGS: Final = (
    Setting(name="api_key", label="API key (Profile > Extras > API keys)", secret=True, wrong=no_key),
    Setting(
        name="audience", label="Audience ID (Audience > Settings > Audience name and defaults)", place=True
    ),
    Setting(
        name="url",
        label="Address of the API (empty: as the key says)",
        default="",
        place=True,
        wrong=lambda url: no_address(url) if url else "",
    ),
)


class MailchimpDestination(FieldedDestination):
    """
    ports.Destination; PATCH and tags need a member, and without a status no subscription changes.

    https://mailchimp.com/developer/marketing/api/list-members/
    """

    name = "mailchimp"
    capabilities = CAPABILITIES
    fields = TAGS
    room = "an audience has room for 30 merge fields, 80 on Premium"

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = MailchimpApi(parts)

    def account(self, shop: Shop) -> str:
        """Return the audience's name."""
        return str(self._api.ask(shop.id, "GET", self._path(shop), fields="name")["name"])

    def account_id(self, shop: Shop) -> str:
        """Return the account's id: the audience alone would only be missing in another one."""
        return str(self._api.ask(shop.id, "GET", "/3.0/", fields="account_id")["account_id"])

    def held(self, shop: Shop) -> Collection[str]:
        """Return the tags of all merge fields."""
        path = self._path(shop, "merge-fields")
        return {row["tag"] for row in self._api.ask(shop.id, "GET", path, count="1000")["merge_fields"]}

    def make(self, shop: Shop, names: Sequence[str]) -> None:
        """Make merge fields."""
        for name in names:
            path = self._path(shop, "merge-fields")
            self._api.ask(shop.id, "POST", path, definition(name))

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Write a member's merge fields, and only then the tags: an automation reads the fields.

        Raises:
            Refused: "profile-missing" of who is no member; "mailchimp-not-kept"; else by status.
        """
        remote_id = change.person.remote_id
        try:
            for number, call in enumerate(self._calls(shop, self._swept(shop, change))):
                with tags.half_written(remote_id, already=number > 0):
                    document = self._api.ask(shop.id, call.method, call.path, call.body)
                remote_id = call.kept(document) or remote_id
        except Refused as refusal:
            raise self._stranger(shop) if refusal.code == f"{self.name}-{NOT_FOUND}" else refusal from None
        return Delivered(remote_id=remote_id)

    def find(self, shop: Shop, people: Sequence[Person]) -> Collection[str]:
        """Return the customers who are members, of whatever status."""
        return known(partial(self._look_up, shop), people, self.patience())

    def _look_up(self, shop: Shop, person: Person) -> None:
        path = self._path(shop, "members", _member(person))
        try:
            self._api.ask(shop.id, "GET", path, fields="contact_id")
        except Refused as refusal:
            raise self._stranger(shop) if refusal.code == f"{self.name}-{NOT_FOUND}" else refusal from None

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """Clear our fields and tags; `delete` has the member erased, who can never be imported again."""
        super().forget(shop, person)
        if delete:
            path = self._path(shop, "members", _member(person), "actions", "delete-permanent")
            unless_missing(lambda: self._api.call(shop.id, "POST", path))

    def _calls(self, shop: Shop, change: Change) -> Sequence[Call]:
        calls: list[Call] = []
        path = self._path(shop, "members", _member(change.person))
        if fields := merge_fields(change):
            # NOTE: else a field that the audience requires refuses every PATCH which does not bring it.
            validated = f"{path}?skip_merge_validation=true"
            calls.append(Call(method="PATCH", path=validated, body={"merge_fields": fields}))
        news = change.join & change.news
        for joining, leaving, is_quiet in (
            (change.join - news, change.leave, True),
            (news, frozenset[str](), False),
        ):
            if joining or leaving:
                statuses = {**dict.fromkeys(leaving, "inactive"), **dict.fromkeys(joining, "active")}
                moved = [{"name": name, "status": status} for name, status in sorted(statuses.items())]
                body = {"tags": moved, "is_syncing": is_quiet}
                calls.append(Call(method="POST", path=f"{path}/tags", body=body))
        return calls

    def together(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> dict[str, Outcome]:
        """Send many as a batch."""
        fit = [one for one in changes if _is_findable(one.person) and not one.afresh]
        if len(fit) <= FEW:
            return {}
        calls = {one.person.customer: self._calls(shop, one) for one in fit}
        operations = [
            call.operation(f"{customer}-{number}")
            for customer, several in calls.items()
            for number, call in enumerate(several)
        ]
        try:
            answers = batches.run(self._api, self.parts.http, shop.id, operations, patience)
        except Refused:
            return {}
        mine = {
            customer: [answers.get(f"{customer}-{number}", (0, {})) for number in range(len(several))]
            for customer, several in calls.items()
        }
        strangers = [customer for customer, said in mine.items() if any(one == NOT_FOUND for one, _ in said)]
        outcomes: dict[str, Outcome] = {}
        if strangers:
            with tags.half_written(""):
                outcomes |= dict.fromkeys(strangers, self._stranger(shop))
        for customer, said in mine.items():
            if all(0 < status < FIRST_ERROR_STATUS for status, _ in said):
                outcomes[customer] = _kept(calls[customer], [document for _, document in said])
        return outcomes

    def _swept(self, shop: Shop, change: Change) -> Change:
        """Where all is said afresh, join no tag that stands there, and let go what else of ours does."""
        if not change.afresh:
            return change
        path = self._path(shop, "members", _member(change.person), "tags")
        names = {tag["name"] for tag in self._api.ask(shop.id, "GET", path, count="1000")["tags"]}
        leave = tags.leaving(change, names, shop, self.parts.catalogue(shop))
        return replace(change, leave=leave, join=change.join - names)

    def _stranger(self, shop: Shop) -> Refused:
        """Name a 404: of a member, unless the whole audience is gone."""
        try:
            self._api.ask(shop.id, "GET", self._path(shop), fields="id")
        except Refused:
            raise NeedsHuman("mailchimp has no such audience: run `nextorder connect mailchimp`") from None
        return Refused(PROFILE_MISSING)

    def _path(self, shop: Shop, *parts: str) -> str:
        audience = self.parts.settings(shop.id)["audience"]
        return "/".join(("/3.0/lists", *(quote(part, safe="") for part in (audience, *parts))))


def _is_findable(person: Person) -> bool:
    return bool(person.remote_id or person.email)


def _member(person: Person) -> str:
    """
    Return what a path names a member by: Mailchimp's own id, else the hash of the e-mail.

    Raises:
        Refused: There is neither.
    """
    if not _is_findable(person):
        raise Refused(PROFILE_MISSING)
    return person.remote_id or md5(person.email.strip().lower().encode(), usedforsecurity=False).hexdigest()


def _kept(calls: Sequence[Call], documents: Sequence[Mapping[str, Any]]) -> Outcome:
    """Return one member's outcome of calls that were all taken."""
    try:
        ids = [call.kept(document) for call, document in zip(calls, documents, strict=True)]
    except (NeedsHuman, Refused) as failure:
        return failure
    return Delivered(remote_id=next(filter(None, ids), ""))


def destination(parts: Parts) -> MailchimpDestination:
    """Build it."""
    return MailchimpDestination(parts)
