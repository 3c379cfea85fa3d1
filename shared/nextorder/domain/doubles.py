"""One person with two records: counted by what contacts have in common, without keeping a contact."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

from nextorder.domain.messages import Contact

_IGNORES_DOTS: Final = frozenset({"gmail.com", "googlemail.com"})


@dataclass(slots=True)
class Doubles:
    """
    Counts records that reach a mailbox or telephone which another record reaches, too.

    Shopify refuses the same address twice, so what is found differs in spelling only, and most
    doubles, who use two addresses, are not found: the count is the least that there are.
    """

    key: bytes = field(repr=False)
    """Random, of this count alone: what was hashed with it means nothing afterwards."""
    compared: int = 0
    found: int = 0
    _seen: set[bytes] = field(default_factory=set, repr=False)

    def add(self, contact: Contact) -> None:
        """Compare one record with those before it."""
        marks = {
            blake2b(reached.encode(), key=self.key, digest_size=16).digest() for reached in _reached(contact)
        }
        self.compared += bool(marks)
        self.found += not marks.isdisjoint(self._seen)
        self._seen |= marks


def _reached(contact: Contact) -> Iterator[str]:
    if contact.email:
        name, _, host = contact.email.strip().lower().rpartition("@")
        name = name.partition("+")[0]
        yield f"{name.replace('.', '') if host in _IGNORES_DOTS else name}@{host}"
    if contact.phone:
        yield "".join(filter(str.isdecimal, contact.phone)).lstrip("0")
