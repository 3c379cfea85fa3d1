"""Work off a batch of deliveries: take every fact first, then refresh each customer once."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime

from nextorder.domain.messages import Contact, Job
from nextorder.domain.shop import Shop
from nextorder.use_cases.take_facts import Books, take_facts
from nextorder.use_cases.update_customer import Judge, update_customer

Guard = Callable[..., AbstractContextManager[None]]


@dataclass(slots=True)
class _Batch:
    waiting: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    shops: dict[str, Shop] = field(default_factory=dict)
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)
    refreshed: set[tuple[str, str]] = field(default_factory=set)

    def add(self, job: Job, customers: frozenset[str]) -> None:
        self.shops[job.shop.id] = job.shop
        for customer in customers:
            self.waiting.setdefault((job.shop.id, customer), []).append(job.id)
            if job.refresh:
                self.refreshed.add((job.shop.id, customer))
        contact = job.reading.contact
        if contact and (contact.email or contact.phone):
            self.contacts[job.shop.id, contact.customer] = contact


def work_off(jobs: Sequence[Job], *, judge: Judge, books: Books, as_of: datetime, guard: Guard) -> None:
    """
    Work off a batch; safe to repeat.

    `guard(*message_ids, shop=...)` is entered around each step and keeps its failure from the neighbours.
    """
    batch = _Batch()
    for job in jobs:
        with guard(job.id, shop=job.shop.id):
            batch.add(job, _touched(job, books))
    for (shop, customer), message_ids in batch.waiting.items():
        with guard(*message_ids, shop=shop):
            update_customer(
                customer,
                shop=batch.shops[shop],
                judge=judge,
                as_of=as_of,
                refresh=(shop, customer) in batch.refreshed,
                contact=batch.contacts.get((shop, customer)),
            )


def _touched(job: Job, books: Books) -> frozenset[str]:
    return frozenset({job.wake}) if job.wake else take_facts(job.reading, shop=job.shop, books=books)
