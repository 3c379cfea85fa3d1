"""How a shop's publishing stands, destination by destination; reads only."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from nextorder.domain.changes import Accepted
from nextorder.domain.going_live import Step
from nextorder.domain.shop import Shop
from nextorder.domain.standing import Standing
from nextorder.domain.verdict import State
from nextorder.ports import CustomerRecord
from nextorder.use_cases.publication import Publisher
from nextorder.use_cases.sweep import is_behind

Held = Mapping[str, tuple[Accepted, datetime | None]]
Take = Callable[[str, Callable[[str, State | None, Held], None]], None]
"""Asks of a shop for everyone's state and what was accepted of it."""


def standing(
    shop: Shop, publishers: Sequence[Publisher], take: Take, progress: Callable[[int], None] = lambda _: None
) -> Mapping[str, Standing]:
    """Count for each destination whom it shows, and what it does not show yet or refuses."""
    serving = {one.destination.name: one for one in publishers}
    found = {name: Standing(destination=name) for name in serving}

    def note(customer: str, state: State | None, held: Held) -> None:
        accepted = {name: taken for name, (taken, _) in held.items()}
        record = CustomerRecord(state=state, accepted=accepted)
        for name, one in found.items():
            one.note(
                state,
                accepted.get(name),
                held[name][1] if name in held else None,
                is_reached=shop.live(name).reaches(Step.PROPERTIES, shop.gid, customer),
                is_behind=is_behind(record, name),
                is_bare=name not in held and _is_bare(shop, customer, state, serving[name]),
            )
        progress(1)

    take(shop.id, note)
    return found


def _is_bare(shop: Shop, customer: str, state: State | None, publisher: Publisher) -> bool:
    desired = publisher.let_out(shop, customer, state, None)
    return not (desired.attributes or desired.audiences)
