"""Show a destination what is known of everyone, many at a time: a first scoring, a refit, a repair."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Final

from nextorder.domain.changes import Handed
from nextorder.domain.errors import NeedsHuman, RetryLater, UnderWay, Untried
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord, Outcome
from nextorder.use_cases.guard import Guard
from nextorder.use_cases.loads import Loads
from nextorder.use_cases.planned import Publication
from nextorder.use_cases.publication import Published, Publisher, came_to, publication
from nextorder.use_cases.publish import publish

LOOK: Final = 500
"""Customers looked at before those are sent, or kept for a fuller batch, whose state is not shown."""
A_CROWD: Final = 10
"""Of fewer customers that none is taken may be their own trouble."""

Counts = Mapping[Published, int]


@dataclass(frozen=True, slots=True)
class Round:
    """What came of a part of everyone."""

    counts: Counts
    after: str = ""
    """The last customer who is done with."""
    is_last: bool = True
    """Whether nobody is left, nor anything under way; else another round goes on `after`."""
    passed: bool = False
    """Whether the guard has let the run pass: for the rounds to come that is agreed."""


def publish_bulk(shop_id: str, *, publisher: Publisher, as_of: datetime, again: bool = False) -> Counts:
    """Bring everyone's state to the destination, however long that takes; see `publish_round`."""
    counts: Counter[Published] = Counter()
    done = Round({}, is_last=False)
    while not done.is_last:
        done = publish_round(shop_id, publisher=publisher, as_of=as_of, again=again, after=done.after)
        counts.update(done.counts)
        publisher = replace(publisher, agreed=publisher.agreed or done.passed)
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
    destination is taken up first. When the merchant pauses meanwhile, or goes another step, nothing
    more is handed over, the round ends, and the next round heeds it. A run that would change many of
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
        How many came to what, each customer counted in one round alone; LATER are taken up by the
        stream or the next run.

    Raises:
        NeedsHuman: A key or a permission is missing there, or the guard holds the run; what was
            sent before is recorded.
        RetryLater: The destination took nothing of a whole load, or cannot be asked how the last went.
    """
    shop = publisher.shops.get(shop_id)
    if shop is None or not publisher.reaches(shop):
        return Round({})
    work = _Work(shop, publisher, clock or (lambda: as_of), again=again)
    try:
        work.take_up()
    except UnderWay:
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
                return work.round(done_with, is_last=False)
            work.guard.check(agreed=publisher.agreed or publisher.takes_off)
            load = work.waiting.take()
            is_done = work.send(load)
            done_with = load[-1].customer if work.waiting else looked_at_last
            work.count_up_to(done_with)
            if is_late or not is_done or not has_time():
                return work.round(done_with, is_last=is_done and not (looked_at or work.waiting))
        if not work.waiting:
            work.count_up_to(looked_at_last)
        if is_late or not looked_at:
            return work.round(looked_at_last, is_last=not looked_at)


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
        self._passed: deque[tuple[str, Counter[Published]]] = deque()
        """Whom the round looked at without sending, up to a customer who is sent or ends a batch."""
        destination = publisher.destination
        self.waiting = Loads(destination.capabilities, partial(destination.weigh, shop))
        all_goes = publisher.takes_back or shop.uninstalled_at is not None
        self.guard = Guard(destination.name, destination.riders, is_done=all_goes)

    @property
    def is_still_meant(self) -> bool:
        """Whether the shop lets out what it let out when the round began."""
        now = self._publisher.shops.get(self._shop.id) or self._shop
        return self._lets_out(now) == self._lets_out(self._shop)

    def _lets_out(self, shop: Shop) -> tuple[object, ...]:
        """Say what; a pause that is over by now has ended what was under way, too."""
        name = self._publisher.destination.name
        return shop.applied, shop.resumed_at, shop.uninstalled_at, shop.live(name)

    def round(self, after: str, *, is_last: bool) -> Round:
        """Return what the round has come to."""
        return Round(self.counts, after, is_last=is_last, passed=self.guard.is_done)

    def take_up(self) -> None:
        """
        Record what became of what an earlier round left under way.

        Raises:
            UnderWay: It still is; RetryLater, NeedsHuman where the destination cannot be asked.
        """
        planned: dict[str, Publication] = {}

        def is_meant(row: Handed) -> bool:
            plan = planned[row.customer] = self._resumed(row)
            is_withheld = self._publisher.withholds(self._shop, row.customer, plan.state)
            return plan.change.stamp == row.stamp and not is_withheld

        left = self._publisher.destination.take_up(self._shop, is_meant)
        if not left:
            return
        pairs: list[tuple[Publication, Outcome]] = []
        moved_on: list[str] = []
        for row, outcome in left:
            plan = planned.get(row.customer) or self._resumed(row)
            if plan.change.stamp != row.stamp:
                moved_on.append(row.customer)
            elif plan.held and plan.held.unsure:
                pairs.append((plan, outcome))
        self.counts[Published.LATER] += len(self._record(pairs, moved_on))
        self._publisher.destination.settled(self._shop)

    def look(self, batch: Sequence[tuple[str, CustomerRecord]]) -> None:
        """Let wait what is to be sent of some customers; settle of the others what stands to be settled."""
        shop, publisher = self._shop, self._publisher
        plans = {
            customer: self._plan(customer, found, again=self._again)
            for customer, found in batch
            if not publisher.withholds(shop, customer, found.state)
        }
        idle = [plan for plan in plans.values() if plan.idle]
        anew = self._leave_over(publisher.settle_all(shop, idle))
        passed: Counter[Published] = Counter()
        for customer, _ in batch:
            plan = plans.get(customer)
            passed[Published.NOT_TOLD] += bool(plan and plan.choice.late and (plan.noted or not plan.idle))
            if plan and not plan.idle and not plan.waits_for_its_event:
                self.waiting.add([plan.in_bulk])
                self._passed.append((customer, passed))
                passed = Counter()
            else:
                passed[anew.get(customer, _passed_by(plan))] += 1
        if batch:
            self._passed.append((batch[-1][0], passed))
        self.guard.note(list(plans.values()))

    def count_up_to(self, customer: str) -> None:
        """Count whom the round has passed; the others are looked at again, and counted by the next."""
        while self._passed:
            last, passed = self._passed.popleft()
            self.counts.update(passed)
            if last == customer:
                return

    def send(self, plans: Sequence[Publication]) -> bool:
        """Send many and record what became of each; return False when something is left under way."""
        shop, publisher = self._shop, self._publisher
        found = publisher.with_contacts(shop, [plan.change for plan in plans])
        overtaken = set(publisher.intend_all(shop, plans))
        sending = [plan for plan in plans if plan.customer not in overtaken]
        changes = [change for change in found if change.person.customer not in overtaken]
        # to find people takes a while, and the merchant may have paused in it
        paused: Sequence[Outcome] = [Untried("publishing was paused")] * len(changes)
        outcomes = publisher.destination.deliver_many(shop, changes) if self.is_still_meant else paused
        pairs = list(zip(sending, outcomes, strict=True))
        done = [(plan, outcome) for plan, outcome in pairs if not isinstance(outcome, UnderWay)]
        lost = self._record(done, overtaken)
        if len(done) < len(pairs):
            self.counts[Published.LATER] += len(lost)
            return False
        publisher.destination.settled(shop)
        is_outage = len(outcomes) >= A_CROWD and all(isinstance(one, RetryLater) for one in outcomes)
        if is_outage and self.is_still_meant:
            raise RetryLater(
                f"{publisher.destination.name} took nothing of {len(outcomes)} customers: {outcomes[0]}"
            )
        afresh = [plan.in_bulk for plan in map(self._planned, sorted(lost)) if not plan.idle]
        return not afresh or self.send(afresh)

    def _record(self, pairs: Sequence[tuple[Publication, Outcome]], moved_on: Iterable[str]) -> set[str]:
        """
        Write down and count outcomes, and say once more what is true of whoever moved on.

        Returns who was lost where they were known: of them nothing is counted yet.
        """
        overtaken = {*moved_on, *self._publisher.record_all(self._shop, pairs)}
        lost = {plan.customer for plan, outcome in pairs if plan.is_lost(outcome)} - overtaken
        became = {plan.customer: came_to(outcome) for plan, outcome in pairs if plan.customer not in lost}
        now = self._publisher.customers.versions(self._shop.id, [plan.customer for plan, _ in pairs])
        newer = {plan.customer for plan, _ in pairs if now.get(plan.customer, 0) != plan.version} - lost
        anew = self._leave_over(sorted(overtaken | newer))
        waits = {customer: one for customer, one in anew.items() if one is Published.LATER}
        self.counts.update({**anew, **became, **waits}.values())
        # last, so that nobody who was overtaken is left with what is old
        for _, outcome in pairs:
            if isinstance(outcome, NeedsHuman):
                raise outcome
        return lost

    def _leave_over(self, customers: Iterable[str]) -> Mapping[str, Published]:
        """Say once more what is true now, and what that came to."""
        anew = {}
        for customer in customers:
            try:
                now, serving = self._clock(), self._publisher
                anew[customer] = publish(
                    self._shop.id, customer, publisher=serving, again=True, overtaken=True, as_of=now
                )
            except RetryLater:
                anew[customer] = Published.LATER
        return anew

    def _resumed(self, row: Handed) -> Publication:
        """Return what is to be shown now of a customer who was left under way."""
        plan = self._planned(row.customer)
        return replace(plan.without_events, under_way=plan.held)

    def _planned(self, customer: str) -> Publication:
        """Plan for one customer by what is held now."""
        publisher = self._publisher
        name, state = publisher.destination.name, publisher.customers.state(self._shop.id, customer)
        held = publisher.accepted.load(self._shop.id, customer, name)
        found = CustomerRecord(state=state, accepted={name: held} if held else {})
        return self._plan(customer, found, again=False)

    def _plan(self, customer: str, found: CustomerRecord, *, again: bool) -> Publication:
        return publication(self._shop, customer, found, self._publisher, again=again, as_of=self._clock())


def _passed_by(plan: Publication | None) -> Published:
    """Name why nothing is sent of a customer: withheld, up to date, or left to the stream."""
    if plan is None:
        return Published.NOT_APPLIED
    return Published.UNCHANGED if plan.idle else Published.LATER
