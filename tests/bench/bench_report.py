"""Time and memory of one shop's page, of as many customers as one function looks at."""

import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

from nextorder.adapters.document import ALL_DIGITS, encode
from nextorder.domain.facts import Consent, Order, SignUp, StoredFact
from nextorder.domain.sampling import Drawn, Sample
from nextorder.report.assemble import page_of
from nextorder.report.look import look_at_all
from nextorder.report.store import Store
from nextorder.training.retrain import fit
from nextorder.use_cases.train import SAMPLED_ABOVE
from tests.bench.bench_training import EPOCH, SHOP, histories, look
from tests.bench.measuring import say
from tests.bench.model.data import cdnow
from tests.unit.shop_cases import CATALOGUE

TIMES: Final = 5
"""CDNOW so often: more customers than are looked at."""
LINES: Final = 3
SECONDS, MIB = 900, 3_008
Answer = TypeVar("Answer")


def customers() -> Iterator[tuple[str, tuple[StoredFact, ...]]]:
    """Yield everyone with a sign-up, a consent, and orders of three lines."""
    for customer, orders in histories(TIMES):
        at = orders[0].placed_at
        signed_up = SignUp(customer=customer, created_at=at, updated_at=at)
        asked = Consent(customer=customer, id="email", state="subscribed", updated_at=at)
        yield customer, (*map(_of_three_lines, orders), signed_up, asked)


def _of_three_lines(order: Order) -> Order:
    [line] = order.lines
    lines = (replace(line, id=f"{order.id}-{n}", variant=f"v{order.id}-{n}") for n in range(LINES))
    return replace(order, lines=tuple(lines))


def drawn(most: int) -> Drawn:
    """Do as the function does with what it reads."""
    sample: Sample[tuple[StoredFact, ...]] = Sample(most)
    for customer, facts in customers():
        if sample.wants(customer):
            sample.note(customer, facts)
    return Drawn(facts=sample.drawn(), share=sample.share)


def timed(work: Callable[[], Answer]) -> tuple[float, Answer]:
    """Return CPU seconds, rounded, and the answer."""
    began = time.process_time()
    answer = work()
    return round(time.process_time() - began, 1), answer


def main() -> None:
    """Print one line; the number of customers may be given."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else SAMPLED_ABOVE
    as_of = EPOCH + timedelta(days=cdnow().end)
    # a model in force is read, not fitted: a small one stands for it
    model, numbers = fit(look(1, 5_000, as_of), SHOP, CATALOGUE, as_of)
    shop = replace(SHOP, numbers=numbers)
    everyone = drawn(most)
    looking, store = timed(partial(look_at_all, shop, CATALOGUE, model, everyone, (), as_of))
    telling, page = timed(lambda: page_of(store))
    say(
        "report.page",
        customers=len(everyone.facts),
        facts=sum(map(len, everyone.facts.values())),
        seconds={"look": looking, "figures and pictures": telling},
        budget_seconds=SECONDS,
        peak_mib=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        budget_mib=MIB,
        kib=round(len(encode(page, digits=ALL_DIGITS)) / 1024),
        backtest_days=_judged_days(store),
    )


def _judged_days(store: Store) -> float:
    return store.backtest.horizons[-1].days if store.backtest else 0.0


if __name__ == "__main__":
    main()
