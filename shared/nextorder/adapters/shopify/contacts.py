"""Ask Shopify how a customer can be found elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from nextorder.adapters.shopify.documents import (
    CONTACTS_BY_ID,
    CONTACTS_FOUND,
    REACH_BY_ID,
    REACH_FOUND,
    customer_gid,
)
from nextorder.adapters.shopify.patient_reader import Ask, PatientReader
from nextorder.domain.errors import Refused
from nextorder.domain.facts import Channel
from nextorder.domain.messages import Contact, Reach

FEW = 25
"""Up to so many are asked for by their ids: as quick, and sure of who came a second ago."""
IDS_PER_QUERY = 100
POINTS_AN_ID = {CONTACTS_BY_ID: 3, REACH_BY_ID: 4}
"""Up to 400 points of the 1,000 that one query may cost."""
IDS_PER_SEARCH = 250
POINTS_A_SEARCH = 50
"""Taken beforehand for what costs about 40; what is not used comes back with the reply."""
SUBSCRIBED = "SUBSCRIBED"

Node = dict[str, Any]


class ShopifyContacts(PatientReader):
    """
    ports.Contacts; many are found by a search, at a twentieth of the points, and who is not found by id.

    NOTE: Shopify says nowhere how many ids one search may name. It may find too few or refuse:
    then it is slower by so many, and nobody is missing.
    """

    def find(self, shop: str, customers: Sequence[str]) -> Mapping[str, Contact]:
        """Return contacts by customer; who is gone or has neither e-mail nor phone is missing."""
        found = map(read_contact, self._read(shop, customers, CONTACTS_FOUND, CONTACTS_BY_ID))
        return {contact.customer: contact for contact in found if contact}

    def reach(self, shop: str, customers: Sequence[str]) -> Mapping[str, Reach]:
        """Return how and whether each may be reached, as Shopify has it now; who is gone is missing."""
        found = map(read_reach, self._read(shop, customers, REACH_FOUND, REACH_BY_ID))
        return {reach.customer: reach for reach in found}

    def _read(self, shop: str, customers: Sequence[str], searching: str, by_id: str) -> Iterator[Node]:
        ask = self._asker(shop)
        left = dict.fromkeys(customers)
        if len(left) > FEW:
            for node in _search(ask, list(left), searching):
                if (customer := str(node["legacyResourceId"])) in left:
                    del left[customer]
                    yield node
        yield from filter(None, _by_id(ask, list(left), by_id))


def _search(ask: Ask, customers: Sequence[str], document: str) -> Iterator[Node]:
    for start in range(0, len(customers), IDS_PER_SEARCH):
        query = " OR ".join(f"id:{customer}" for customer in customers[start : start + IDS_PER_SEARCH])
        try:
            yield from ask(document, {"query": query}, points=POINTS_A_SEARCH)["customers"]["nodes"]
        except Refused:
            return


def _by_id(ask: Ask, customers: Sequence[str], document: str) -> Iterator[Node | None]:
    for start in range(0, len(customers), IDS_PER_QUERY):
        ids = [customer_gid(customer) for customer in customers[start : start + IDS_PER_QUERY]]
        yield from ask(document, {"ids": ids}, points=POINTS_AN_ID[document] * len(ids))["nodes"]


def read_contact(node: Node) -> Contact | None:
    """Read one Customer node; None where it says nothing."""
    email = (node.get("defaultEmailAddress") or {}).get("emailAddress") or ""
    phone = (node.get("defaultPhoneNumber") or {}).get("phoneNumber") or ""
    if not (email or phone):
        return None
    return Contact(customer=str(node["legacyResourceId"]), email=email, phone=phone)


def read_reach(node: Node) -> Reach:
    """Read one Customer node with its consents."""
    email, phone = node.get("defaultEmailAddress") or {}, node.get("defaultPhoneNumber") or {}
    states = {
        Channel.EMAIL: email.get("marketingState"),
        Channel.SMS: (phone.get("smsMarketingConsent") or {}).get("state"),
    }
    return Reach(
        customer=str(node["legacyResourceId"]),
        email=email.get("emailAddress") or "",
        phone=phone.get("phoneNumber") or "",
        subscribed=frozenset(channel for channel, state in states.items() if state == SUBSCRIBED),
        opted_out=bool(node.get("dataSaleOptOut")),
    )
