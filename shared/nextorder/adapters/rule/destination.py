"""Rule as a destination: tags and fields of subscribers who exist; nobody is ever added."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from nextorder.adapters import plain, tags
from nextorder.adapters.api import Api, Settings, encode
from nextorder.adapters.destination_parts import Parts, Setting, no_address
from nextorder.adapters.many import known, one_by_one
from nextorder.adapters.plain_destination import PlainDestination
from nextorder.domain.capabilities import Capabilities, Clears, Identifier, Needs
from nextorder.domain.changes import PROFILE_MISSING, Change, Desired, Person, Value
from nextorder.domain.errors import Refused
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome

NAME: Final = "rule"
NOT_FOUND: Final = f"{NAME}-404"
GROUP: Final = "Nextorder"
"""Of our fields; each is GROUP.name in Rule's editor."""
BY_ID: Final[Mapping[str, str]] = {"identified_by": "id"}
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL, Identifier.PHONE),
    most_rows=100,
    most_asked=1,
    # NOTE: Rule says that there are limits and not what they are; its own client keeps four calls going.
    calls_per_second=10,
    clears=Clears.EMPTY,
    quiet_backfill="tags are added without their automations",
    deletes_people=True,
    consent=Needs.EMAIL,
    person="subscriber",
)
SETTINGS: Final = (
    Setting(
        name="url", label="Address of the API", default="https://app.rule.io", place=True, wrong=no_address
    ),
    Setting(name="api_key", label="API key (Settings > Developer)", secret=True),
)
_E164 = re.compile(r"\+[1-9]\d{6,14}")

Json = dict[str, Any]


class RuleDestination(PlainDestination):
    """
    ports.Destination; every write names a subscriber by Rule's own id, so that none can be made.

    https://apidoc.rule.se and Rule's own client, https://github.com/rulecom/rule-io-sdk
    """

    name = NAME
    capabilities = CAPABILITIES

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._api = Api(NAME, parts, _headers)

    def look(self, shop: Shop) -> str:
        """Read one tag: whether the key is good."""
        self._call(shop, "GET", "/api/v2/tags", params={"limit": "1"})
        return "Rule"

    def account_id(self, shop: Shop) -> str:
        """Return the account's id, which Rule tells beside its sender."""
        return str(self._call(shop, "GET", "/api/v2/sender/details")["account_id"])

    def in_own_words(self, shop: Shop, desired: Desired) -> Desired:
        """Call segments by the shop's prefix, as tags; their list as one field is left out."""
        return plain.each_apart(desired, shop.tag_prefix)

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Write fields, and only then tags: an automation that a tag starts reads the fields.

        Raises:
            Refused: "profile-missing", or "rule-" and the status.
        """
        id_, there = self._find(shop, change)
        if change.afresh:
            leave = tags.leaving(change, there, shop, self.parts.catalogue(shop))
            change = replace(change, leave=leave, join=change.join - there)
        for number, write in enumerate(self._writes(shop, id_, change)):
            with tags.half_written(id_, already=number > 0):
                write()
        return Delivered(remote_id=id_)

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """Send one after the other."""
        return one_by_one(partial(self.deliver, shop), changes, self.patience())

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """Take off our fields and tags as Rule has them, or delete the whole subscriber."""
        try:
            id_, there = self._find(shop, Change(person=person, afresh=True))
        except Refused as refusal:
            if refusal.code != PROFILE_MISSING:
                raise
            return
        if delete:
            self._gone(shop, f"/api/v3/subscribers/{id_}", BY_ID)
            return
        self._gone(shop, f"/api/v3/custom-field-data/{id_}/group/{GROUP}")
        for tag in sorted(tags.leaving(Change(person=person), there, shop, self.parts.catalogue(shop))):
            self._untag(shop, id_, tag)

    def find(self, shop: Shop, people: Sequence[Person]) -> Collection[str]:
        """Return the customers who are subscribers, of whatever status."""
        return known(lambda one: self._find(shop, Change(person=one)), people, self.patience())

    def _find(self, shop: Shop, change: Change) -> tuple[str, frozenset[str]]:
        """Return Rule's id, and the tags that stand there where all is said afresh."""
        person = change.person
        if person.remote_id and not change.afresh:
            return person.remote_id, frozenset()
        by, value = _identifier(person)
        path = f"/api/v2/subscribers/{quote(value, safe='')}"
        subscriber = self._call(shop, "GET", path, params={"identified_by": by})["subscriber"]
        return str(subscriber["id"]), frozenset(tag["name"] for tag in subscriber.get("tags") or ())

    def _writes(self, shop: Shop, id_: str, change: Change) -> Iterator[Callable[[], object]]:
        if change.set or change.unset:
            path = f"/api/v3/custom-field-data/{id_}"
            yield partial(self._call, shop, "POST", path, body=fields(change))
        # NOTE: "send" starts a tag's automation where it has not run since the tag was added;
        # without a word about automations none starts.
        for joining, automation in (
            (change.join - change.news, {}),
            (change.join & change.news, {"automation": "send"}),
        ):
            if joining:
                body = {"tags": sorted(joining), **automation}
                path = f"/api/v3/subscribers/{id_}/tags"
                yield partial(self._call, shop, "PUT", path, body=body, params=BY_ID)
        yield from (partial(self._untag, shop, id_, tag) for tag in sorted(change.leave))

    def _untag(self, shop: Shop, id_: str, tag: str) -> None:
        # NOTE: only the older version of this call has Rule's segments reckoned anew.
        self._gone(shop, f"/api/v2/subscribers/{id_}/tags/{quote(tag, safe='')}", BY_ID)

    def _gone(self, shop: Shop, path: str, params: Mapping[str, str] | None = None) -> None:
        """Delete what may not be there."""
        try:
            self._call(shop, "DELETE", path, params=params)
        except Refused as refusal:
            if refusal.code != PROFILE_MISSING:
                raise

    def _call(
        self,
        shop: Shop,
        method: str,
        path: str,
        *,
        body: Json | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Json:
        raw = encode(body) if body is not None else None
        try:
            response = self._api.call(shop.id, method, path, body=raw, params=params)
        except Refused as refusal:
            raise (Refused(PROFILE_MISSING) if refusal.code == NOT_FOUND else refusal) from None
        document: Json = self.parts.http.read_json(method, response) if response.content else {}
        return document


def destination(parts: Parts) -> RuleDestination:
    """Build it."""
    return RuleDestination(parts)


def fields(change: Change) -> Json:
    """Write the body that sets and empties fields; group and fields are made where they are missing."""
    texts = {**dict.fromkeys(change.unset, ""), **{name: _text(value) for name, value in change.set.items()}}
    values = [
        {"field": name, "create_if_not_exists": True, "value": text} for name, text in sorted(texts.items())
    ]
    # a group with a history would keep every value that ever was
    group = {"group": GROUP, "create_if_not_exists": True, "historical": False, "values": values}
    return {"groups": [group]}


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def _identifier(person: Person) -> tuple[str, str]:
    """Say what a subscriber is found by; the phone only of who has no e-mail: a family may share one."""
    if person.remote_id:
        return "id", person.remote_id
    if person.email:
        return "email", person.email.strip().lower()
    if _E164.fullmatch(person.phone):
        return "phone_number", person.phone
    raise Refused(PROFILE_MISSING)


def _headers(settings: Settings) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {settings['api_key']}",
        # NOTE: version 3 takes no JSON without its charset.
        "Content-Type": "application/json;charset=utf-8",
    }
