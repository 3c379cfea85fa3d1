"""Gather an audience: look at everyone, ask Shopify whether they may be reached, count who is left out."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nextorder.domain.audience import (
    BEST,
    LeftOut,
    Member,
    Wanted,
    barred,
    best_of,
    in_order,
    may_reach,
    member_of,
)
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.messages import Reach
from nextorder.domain.published import to_show
from nextorder.domain.shop import Shop
from nextorder.ports import Census, CustomerRecord, Forgotten
from nextorder.ports.audience import Reaches

AT_ONCE: Final = 100
"""Customers that Shopify is asked about at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What an audience is gathered from."""

    census: Census
    forgotten: Forgotten
    reaches: Reaches
    """Asked only where contacts are wanted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Who is in it, the most valuable first, and how many are not, by reason."""

    people: Sequence[tuple[Member, Reach]]
    left_out: Mapping[LeftOut, int]


def gather(
    shop: Shop,
    wanted: Wanted,
    *,
    catalogue: Catalogue,
    sources: Sources,
    tell: Callable[[int], None] = lambda _: None,
) -> Audience:
    """
    Gather an audience; nothing is written, and e-mails and phones are in the answer alone.

    Args:
        shop: Whose customers.
        wanted: What is asked for.
        catalogue: The shop's.
        sources: What is read and asked.
        tell: Is told how many more were asked about.

    Raises:
        RetryLater, NeedsHuman: Shopify does not answer, or does not let us ask.
    """
    members = _members(shop, wanted, catalogue, sources.census)
    chosen = best_of(members, wanted.share) if wanted.segment == BEST else in_order(members)
    left_out = Counter(reason for one in chosen if (reason := barred(one, wanted)))
    people: list[tuple[Member, Reach]] = []
    for part in _parts([one for one in chosen if not barred(one, wanted)]):
        for member, answer in _ask(shop.id, part, wanted, sources):
            if isinstance(answer, LeftOut):
                left_out[answer] += 1
            else:
                people.append((member, answer))
        tell(len(part))
    return Audience(people=people, left_out=left_out)


def _members(shop: Shop, wanted: Wanted, catalogue: Catalogue, census: Census) -> list[Member]:
    """Look at everyone."""
    members: list[Member] = []

    def note(customer: str, record: CustomerRecord) -> None:
        if record.state is None or record.gone:
            return
        verdict = to_show(record.state.verdict, shop)
        if member := member_of(customer, verdict, wanted=wanted, shop=shop, catalogue=catalogue):
            members.append(member)

    census.take(shop.id, wanted=lambda _: True, note=note)
    return members


def _parts(members: Sequence[Member]) -> Iterator[Sequence[Member]]:
    for start in range(0, len(members), AT_ONCE):
        yield members[start : start + AT_ONCE]


def _ask(
    shop: str, part: Sequence[Member], wanted: Wanted, sources: Sources
) -> Iterator[tuple[Member, Reach | LeftOut]]:
    """Say of each how they may be reached, or why they are left out."""
    ids = [member.customer for member in part]
    # after the look at everyone, which may be a moment old: a redaction meanwhile still counts
    forgotten = sources.forgotten.among(shop, ids)
    reaches = sources.reaches.reach(shop, ids) if wanted.contacts else {}
    for member in part:
        if member.customer in forgotten:
            yield member, LeftOut.FORGOTTEN
        elif wanted.contacts:
            yield member, may_reach(reaches.get(member.customer), for_ads=wanted.for_ads)
        else:
            yield member, Reach(customer=member.customer)
