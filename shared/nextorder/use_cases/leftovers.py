"""Find what of ours stands at a destination without a record; adopt it, or take it away."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nextorder.domain.changes import Accepted
from nextorder.domain.leftovers import Marked, adopted, beyond, removal
from nextorder.domain.shop import Shop
from nextorder.ports import AcceptedStore, Destination
from nextorder.use_cases.publication import Published, came_to
from nextorder.use_cases.publish_bulk import Counts

Pages = Iterable[Sequence[Marked]]
"""Everyone whom the destination shows with something of ours, many at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attic:
    """One destination, and what is on record of it."""

    destination: Destination
    accepted: AcceptedStore

    def left(self, shop: Shop, page: Sequence[Marked]) -> Iterator[tuple[Marked, Accepted | None]]:
        """Yield who shows more than is on record, with that record."""
        for marked in page:
            held = self.accepted.load(shop.id, marked.customer, self.destination.name)
            if left := beyond(marked, held):
                yield left, held


def count_leftovers(shop: Shop, pages: Pages, attic: Attic) -> tuple[int, Counter[str], Counter[str]]:
    """Count the customers, then how many have each tag and each attribute."""
    customers, audiences, attributes = 0, Counter[str](), Counter[str]()
    for page in pages:
        for left, _ in attic.left(shop, page):
            customers += 1
            audiences.update(left.audiences)
            attributes.update(left.attributes)
    return customers, audiences, attributes


def adopt_leftovers(shop: Shop, pages: Pages, attic: Attic) -> Counts:
    """Put everything that is there on record; safe to repeat. LATER = somebody wrote meanwhile."""
    counts: Counter[Published] = Counter()
    for page in pages:
        news = {left.customer: (held, adopted(left, held)) for left, held in attic.left(shop, page)}
        overtaken = attic.accepted.save_all(shop.id, attic.destination.name, news)
        counts[Published.SENT] += len(news) - len(overtaken)
        counts[Published.LATER] += len(overtaken)
    return counts


def remove_leftovers(shop: Shop, pages: Pages, attic: Attic) -> Counts:
    """
    Take everything away that is not on record; safe to repeat.

    Who is on record is doubted from before on: had the publisher shown the same just then, it
    says it once more.
    """
    counts: Counter[Published] = Counter()
    for page in pages:
        found = list(attic.left(shop, page))
        doubted = {left.customer: (held, replace(held, unsure=True)) for left, held in found if held}
        overtaken = set(attic.accepted.save_all(shop.id, attic.destination.name, doubted))
        changes = [removal(left) for left, _ in found if left.customer not in overtaken]
        outcomes = attic.destination.deliver_many(shop, changes) if changes else ()
        counts.update(map(came_to, outcomes))
        counts[Published.LATER] += len(overtaken)
    return counts
