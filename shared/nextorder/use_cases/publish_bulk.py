"""Show a destination what is known of everyone, many at a time: a first scoring, a refit, a repair."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from nextorder.domain.changes import Handed
from nextorder.domain.errors import NeedsHuman, RetryLater, UnderWay
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord, Outcome
from nextorder.use_cases.guard import Guard
from nextorder.use_cases.loads import Loads
from nextorder.use_cases.planned import Publication
from nextorder.use_cases.publication import Published, Publisher, came_to, publication
from nextorder.use_cases.publish import publish

LOOK: Final = 500
"""Customers looked at before those are sent, or kept for a fuller batch, whose state is not shown."""

Counts = Mapping[Published, int]


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a part of everyone."""

    counts: Counts
    after: str = ""
    """The last customer who is done with."""
    is_last: bool = True
    """Whether nobody is left, nor anything under way; else another round goes on `after`."""


def publish_bulk(
    shop_id: str,
    *,
    publisher: Publisher,
    as_of: datetime,
    again: bool = False,
) -> Counts:
    """Bring everyone's state to the destination, however long that takes; see `publish_round`."""
    counts: Counter[Published] = Counter()
    after = ""
    while True:
        done = publish_round(shop_id, publisher=publisher, as_of=as_of, again=again, after=after)
        counts.update(done.counts)
        after = done.after
        if done.is_last:
            return counts


def publish_round(
    shop_id: str,
    *,
    publisher: Publisher,
    as_of: datetime,
    again: bool = False,
    after: str = "",
    clock: Callable[[], datetime] | None = None,
    has_time: Callable[[], bool] = lambda: True,
) -> Round:
    """
    Bring the states of those `after` a customer to the destination, without events; safe to repeat.

    A change that the stream has under way with an event is left to it, unless a pause has held it:
    then it goes out here, with its events of the last day.

    Whoever's state or record moves on meanwhile is published once more, so that a newer verdict
    which the stream's publisher sent is never left overwritten. `again` repairs: everything is sent, and
    whatever else of ours could be there is taken away. What an earlier round left under way at the
    destination is taken up first. When the merchant pauses meanwhile, or goes another step, the
    round ends before the next batch, and the next round heeds it. A run that would change many of
    those who are shown already is held before anything is sent, see `guard`.

    Args:
        shop_id: Of the shop.
        publisher: Serves the destination.
        as_of: Now, when the round begins.
        clock: Now, as it goes on: a round may take minutes.
        again: Whether to say everything afresh.
        after: Where to go on; empty = from the start.
        has_time: Whether another whole batch may be begun.

    Returns:
        How many came to what; LATER are taken up by the stream or the next run.

    Raises:
        NeedsHuman: A key or a permission is missing there, or the guard holds the run; what was
            sent before is recorded.
    """
    shop = publisher.shops.get(shop_id)
    if shop is None or not publisher.reaches(shop):
        return Round({})
    work = _Work(shop, publisher, clock or (lambda: as_of), again=again)
    try:
        work.take_up()
    except RetryLater:
        return Round({}, after, is_last=False)

    everyone = publisher.customers.everyone(shop.id, after=after)
    looked_at_last = done_with = after
    while True:
        looked_at = list(islice(everyone, LOOK))
        work.look(looked_at)
        looked_at_last = looked_at[-1][0] if looked_at else looked_at_last
        is_late = not has_time()
        while work.waiting and (work.waiting.is_full or is_late or not looked_at):
            if not work.is_still_meant:
                return Round(work.counts, done_with, is_last=False)
            if not done_with:
                work.guard.check(agreed=publisher.agreed or publisher.takes_off)
            load = work.waiting.take()
            is_done = work.send(load)
            done_with = load[-1].customer if work.waiting else looked_at_last
            if is_late or not is_done or not has_time():
                return Round(work.counts, done_with, is_last=is_done and not (looked_at or work.waiting))
        if is_late or not looked_at:
            return Round(work.counts, looked_at_last, is_last=not looked_at)


class _Work:
    """One round's, with what it has come to so far."""

    def __init__(
        self, shop: Shop, publisher: Publisher, clock: Callable[[], datetime], *, again: bool
    ) -> None:
        self._shop = shop
        self._publisher = publisher
        self._clock = clock
        self._again = again
        self.counts: Counter[Published] = Counter()
        destination = publisher.destination
        self.waiting = Loads(destination.capabilities, partial(destination.weigh, shop))
        self.guard = Guard(destination.name, destination.riders)

    @property
    def is_still_meant(self) -> bool:
        """Whether the shop lets out what it let out when the round began."""
        now = self._publisher.shops.get(self._shop.id) or self._shop
        name = self._publisher.destination.name
        return (now.applied, now.live(name)) == (self._shop.applied, self._shop.live(name))

    def take_up(self) -> None:
        """
        Record what became of what an earlier round left under way.

        Raises:
            RetryLater: It still is.
        """
        left = self._publisher.destination.take_up(self._shop)
        if not left:
            return
        pairs: list[tuple[Publication, Outcome]] = []
        moved_on: list[str] = []
        for row, outcome in left:
            plan = self._resumed(row)
            if plan.change.stamp != row.stamp:
                moved_on.append(row.customer)
            elif plan.held and plan.held.unsure:
                pairs.append((plan, outcome))
        self._record(pairs, moved_on)
        self._publisher.destination.settled(self._shop)

    def look(self, batch: Sequence[tuple[str, CustomerRecord]]) -> None:
        """Let wait what is to be sent of some customers; settle of the others what stands to be settled."""
        shop, publisher = self._shop, self._publisher
        plans = [
            self._plan(customer, found, again=self._again)
            for customer, found in batch
            if not publisher.withholds(shop, customer, found.state)
        ]
        changed = [plan for plan in plans if not plan.idle]
        sending = [plan.in_bulk for plan in changed if not plan.waits_for_its_event]
        self.counts[Published.NOT_APPLIED] += len(batch) - len(plans)
        self.counts[Published.UNCHANGED] += len(plans) - len(changed)
        self.counts[Published.LATER] += len(changed) - len(sending)
        self.counts[Published.NOT_TOLD] += sum(plan.choice.late > 0 for plan in plans)
        self._leave_over(publisher.settle_all(shop, [plan for plan in plans if plan.idle]))
        self.guard.note(plans)
        self.waiting.add(sending)

    def send(self, plans: Sequence[Publication]) -> bool:
        """Send many and record what became of each; return False when something is left under way."""
        shop, publisher = self._shop, self._publisher
        overtaken = set(publisher.intend_all(shop, plans))
        sending = [plan for plan in plans if plan.customer not in overtaken]
        changes = publisher.with_contacts(shop, [plan.change for plan in sending])
        outcomes = publisher.destination.deliver_many(shop, changes)
        pairs = list(zip(sending, outcomes, strict=True))
        done = [(plan, outcome) for plan, outcome in pairs if not isinstance(outcome, UnderWay)]
        self._record(done, overtaken)
        if len(done) < len(pairs):
            return False
        publisher.destination.settled(shop)
        return True

    def _record(self, pairs: Sequence[tuple[Publication, Outcome]], moved_on: Iterable[str]) -> None:
        """Write down and count outcomes, and say once more what is true of whoever moved on."""
        overtaken = {*moved_on, *self._publisher.record_all(self._shop, pairs)}
        self.counts.update(came_to(outcome) for _, outcome in pairs)
        now = self._publisher.customers.versions(self._shop.id, [plan.customer for plan, _ in pairs])
        newer = {plan.customer for plan, _ in pairs if now.get(plan.customer, 0) != plan.version}
        self._leave_over(sorted(overtaken | newer))
        # last, so that nobody who was overtaken is left with what is old
        for _, outcome in pairs:
            if isinstance(outcome, NeedsHuman):
                raise outcome

    def _leave_over(self, customers: Iterable[str]) -> None:
        """Say once more what is true now; whoever has to wait for that is counted."""
        for customer in customers:
            try:
                publish(
                    self._shop.id,
                    customer,
                    publisher=self._publisher,
                    again=True,
                    overtaken=True,
                    as_of=self._clock(),
                )
            except RetryLater:
                self.counts[Published.LATER] += 1

    def _resumed(self, row: Handed) -> Publication:
        """Return what is to be shown now of a customer who was left under way."""
        publisher = self._publisher
        name = publisher.destination.name
        state = publisher.customers.state(self._shop.id, row.customer)
        held = publisher.accepted.load(self._shop.id, row.customer, name)
        found = CustomerRecord(state=state, accepted={name: held} if held else {})
        plan = self._plan(row.customer, found, again=False)
        return replace(plan.without_events, under_way=held)

    def _plan(self, customer: str, found: CustomerRecord, *, again: bool) -> Publication:
        return publication(self._shop, customer, found, self._publisher, again=again, as_of=self._clock())
