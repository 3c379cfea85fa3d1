"""What a destination shows of ours that no record of now knows: of an earlier life, or another stack."""

from dataclasses import dataclass, replace

from nextorder.domain.changes import Accepted, Change, Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """One customer with all of ours that the destination shows."""

    customer: str
    audiences: frozenset[str] = frozenset()
    attributes: frozenset[str] = frozenset()


def beyond(marked: Marked, held: Accepted | None) -> Marked | None:
    """Return what is shown and is not on record; None when all of it is."""
    known = held or Accepted()
    left = replace(
        marked,
        audiences=marked.audiences - known.audiences,
        attributes=marked.attributes - known.attributes.keys(),
    )
    return left if left.audiences or left.attributes else None


def adopted(left: Marked, held: Accepted | None) -> Accepted:
    """Put it on record as ours and in doubt: the next publication says all afresh and takes the rest away."""
    known = held or Accepted()
    return replace(
        known,
        attributes={**dict.fromkeys(left.attributes, ""), **known.attributes},
        audiences=known.audiences | left.audiences,
        unsure=True,
    )


def removal(left: Marked) -> Change:
    """Return the change that takes it away."""
    person = Person(customer=left.customer)
    return Change(person=person, unset=tuple(sorted(left.attributes)), leave=left.audiences)
