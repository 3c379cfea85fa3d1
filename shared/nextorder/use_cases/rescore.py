"""Reach everyone's verdict anew: after an import, a fit, a change of the catalogue."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice
from typing import Final

from nextorder.domain.shop import Shop
from nextorder.domain.verdict import State
from nextorder.ports import BulkFacts, CustomerRecord
from nextorder.use_cases.update_customer import Judge, next_state, update_customer

_AT_ONCE: Final = 100


def rescore(
    shop: Shop,
    *,
    judge: Judge,
    bulk: BulkFacts,
    as_of: datetime,
    run: str,
    everyone: Iterator[tuple[str, CustomerRecord]],
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """
    Write a fresh state for everyone who is handed in; safe to repeat.

    The states carry `run`: the stream leaves them to the bulk publisher. Whoever moved on
    between our read and our write is looked at again, one by one.
    """
    while part := list(islice(everyone, _AT_ONCE)):
        states: dict[str, State] = {}
        for customer, record in part:
            state = next_state(customer, record, shop=shop, judge=judge, as_of=as_of, run=run)
            if state and not record.gone:
                states[customer] = state
        gone = [customer for customer, record in part if record.gone and (record.facts or record.state)]
        for customer in (*bulk.save_states(shop.id, states), *gone):
            update_customer(customer, shop=shop, judge=judge, as_of=as_of, run=run)
        progress(len(part))
