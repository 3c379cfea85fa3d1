"""What would become of everyone under other terms, before they are in force: nothing is written."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from nextorder.domain.features import MAX_ORDERS
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord
from nextorder.use_cases.update_customer import Judge, next_state

HELD_ABOVE = 0.10
"""Of customers shown elsewhere: more than so many, and a human has to agree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How many would be shown in other segments, and from where to where they would go."""

    customers: int
    changed: int
    moves: Mapping[tuple[str, str], int]
    """(from, to), each a segment or empty for none of that family."""

    @property
    def share(self) -> float:
        """Customers shown in other segments, of all of whom something is said."""
        return self.changed / max(self.customers, 1)

    @property
    def left(self) -> frozenset[str]:
        """Segments that somebody would leave for none of their family."""
        return frozenset(old for old, new in self.moves if old and not new)

    @property
    def held(self) -> bool:
        """Whether a human has to agree first."""
        return self.share > HELD_ABOVE


def preview(
    shop: Shop,
    *,
    judge: Judge,
    as_of: datetime,
    everyone: Iterable[tuple[str, CustomerRecord]] | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Preview:
    """
    Compare where everyone is shown with where they would be; pure but for reading.

    `shop` is the shop as it would be, its model and its catalogue saved but not in force;
    `everyone` are those to look at, if not all whom the judge finds.
    """
    customers = changed = 0
    moves: Counter[tuple[str, str]] = Counter()
    for customer, record in judge.customers.everyone(shop.id) if everyone is None else everyone:
        state = record.state
        if state is None or record.gone or state.orders > MAX_ORDERS:
            continue
        then = next_state(customer, record, shop=shop, judge=judge, as_of=as_of)
        customers += 1
        moved = _moves(frozenset(state.shown_in), frozenset(then.shown_in if then else ()))
        changed += bool(moved)
        moves.update(moved)
        progress(1)
    return Preview(customers=customers, changed=changed, moves=moves)


def _moves(before: frozenset[str], after: frozenset[str]) -> list[tuple[str, str]]:
    """Pair what is left with what is entered, family by family."""
    left, entered = sorted(before - after), sorted(after - before)
    pairs: list[tuple[str, str]] = []
    for family in dict.fromkeys(name.partition(":")[0] for name in (*left, *entered)):
        old, new = ([one for one in names if one.partition(":")[0] == family] for names in (left, entered))
        pairs += zip_longest(old, new, fillvalue="")
    return pairs
