"""A pause while bulk mutations run: nothing more is begun, ours are cancelled, what came is told as it is."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify import bulk_pieces
from nextorder.domain.changes import Change
from nextorder.domain.shop import Shop
from nextorder.ports import Outcome
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish_bulk import publish_bulk
from tests.adapters.bulk_write_cases import MANY, VIP, Worker, begun, first_writes, kinds, moves, shown
from tests.adapters.destination_cases import SHOP
from tests.adapters.many_cases import many
from tests.adapters.test_shopify_destination import VERDICT
from tests.fakes.clock import NOW, StillClock
from tests.fakes.in_memory import InMemoryAccepted, InMemoryShops
from tests.fakes.shopify import FakeShopify
from tests.unit.shop_cases import MODEL

PAUSED = replace(SHOP, applied=False)
RESUMED_AT = datetime(2026, 11, 21, 13, tzinfo=UTC)
RESUMED = replace(SHOP, resumed_at=RESUMED_AT)
SOON_SECONDS = 2.0
"""Until the pause: by then Shopify has done a few dozen rows of each operation, and not all."""
NOTHING: object = ([VIP], {})
ALL: object = (["next:life:new", VIP], {"stage": "new", "p_5d": "0.063"})


@pytest.fixture(autouse=True)
def slow(store: FakeShopify) -> None:
    """Let Shopify do 64 rows of an operation each time it is looked at."""
    store.store.bulk.seconds_a_look = 0.0


def soon(clock: StillClock, then: Shop) -> Callable[[str], Shop]:
    return lambda _: SHOP if clock.now < NOW + SOON_SECONDS else then


@pytest.fixture
def worker(store: FakeShopify, clock: StillClock) -> Worker:
    """A process whose merchant pauses soon."""
    return Worker(store, clock, shop_now=soon(clock, PAUSED))


def write(worker: Worker, changes: Sequence[Change], shop: Shop = SHOP) -> Sequence[Outcome]:
    patience = Patience(worker.clock.sleep, seconds=worker.patience_seconds)
    return worker.bulk.write(shop, changes, patience)


def take_up(worker: Worker, shop: Shop) -> Sequence[Outcome]:
    taken = worker.bulk.take_up(shop, Patience(worker.clock.sleep, seconds=480))
    return [outcome for _, outcome in taken]


def ends(store: FakeShopify) -> list[str]:
    return [one.status for one in store.store.bulk.operations.values()]


def assert_told_as_it_is(outcomes: Sequence[Outcome], store: FakeShopify) -> None:
    """Sent is shown whole, untried not at all; of the unsure anything may be shown."""
    for n, outcome in enumerate(outcomes, start=1):
        match type(outcome).__name__:
            case "Delivered":
                assert shown(store, n) == ALL
            case "Untried":
                assert shown(store, n) == NOTHING


def test_what_runs_is_cancelled_within_a_minute_and_rows_with_a_result_are_sent(
    worker: Worker, store: FakeShopify, clock: StillClock
) -> None:
    outcomes = write(worker, first_writes(200))

    assert ends(store) == ["CANCELED", "CANCELED"]
    assert kinds(outcomes) == {"Delivered": 65, "OutcomeUnknown": 135}
    assert_told_as_it_is(outcomes, store)
    assert clock.now - NOW < 60


def test_what_was_not_begun_is_not_begun_any_more(
    worker: Worker, store: FakeShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_pieces, "LINES", 100)
    outcomes = write(worker, first_writes(800))

    assert begun(store) == ["metafieldsSet"] * 5
    assert kinds(outcomes) == {"OutcomeUnknown": 500, "Untried": 300}
    assert_told_as_it_is(outcomes, store)


def test_a_tag_is_not_taken_away_where_the_new_one_was_cancelled(worker: Worker, store: FakeShopify) -> None:
    store.seed({"customers": [{"id": n, "tags": ["next:life:new"]} for n in range(1, 201)]})
    write(worker, moves(200))

    assert "tagsRemove" not in begun(store)
    assert all("next:life:new" in shown(store, n)[0] for n in range(1, 201))


def test_without_partial_data_every_row_is_unsure(worker: Worker, store: FakeShopify) -> None:
    store.store.bulk.partial = frozenset({"FAILED"})

    assert kinds(write(worker, first_writes(200))) == {"OutcomeUnknown": 200}


def test_a_pause_that_is_over_by_the_next_look_ends_the_job_all_the_same(
    store: FakeShopify, clock: StillClock
) -> None:
    worker = Worker(store, clock, shop_now=soon(clock, RESUMED))

    assert kinds(write(worker, first_writes(200))) == {"Delivered": 65, "OutcomeUnknown": 135}


def test_what_is_not_ours_goes_on(worker: Worker, store: FakeShopify) -> None:
    another = store.store.bulk.begin(1, "MUTATION", "mutation { another }", iter([(1, b"{}")] * 999), NOW)
    write(worker, first_writes(200))

    assert another.status == "RUNNING"
    assert ends(store)[1:] == ["CANCELED", "CANCELED"]


def test_a_job_whose_process_is_gone_is_cancelled_by_the_command_and_told_to_the_next_run(
    store: FakeShopify, clock: StillClock
) -> None:
    gone = Worker(store, clock, patience_seconds=2)
    assert kinds(write(gone, first_writes(200))) == {"UnderWay": 200}
    command, patience = Worker(store, clock, jobs=gone.jobs), Patience(clock.sleep, seconds=10)

    assert command.bulk.cancel(PAUSED, patience) == 2
    assert command.bulk.cancel(PAUSED, patience) == 0
    outcomes = take_up(Worker(store, clock, jobs=gone.jobs, shop_now=lambda _: RESUMED), RESUMED)

    assert ends(store) == ["CANCELED", "CANCELED"]
    assert {"Delivered", "OutcomeUnknown"} >= {*kinds(outcomes)}
    assert_told_as_it_is(outcomes, store)


def test_a_run_after_the_pause_begins_nothing_of_what_was_planned_before(
    store: FakeShopify, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_pieces, "LINES", 100)
    gone = Worker(store, clock, patience_seconds=0.5)
    write(gone, first_writes(800))
    before = begun(store)

    outcomes = take_up(Worker(store, clock, jobs=gone.jobs, shop_now=lambda _: RESUMED), RESUMED)

    assert begun(store) == before
    assert kinds(outcomes)["Untried"] == 300


def test_what_a_pause_has_cut_short_is_recorded_as_it_is_and_sent_after_it(
    store: FakeShopify, clock: StillClock
) -> None:
    customers = many(MANY, VERDICT, destination="shopify")
    names = customers.names
    store.seed({"customers": [{"id": name} for name in names]})
    shops = InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP})

    def shop_now(shop: str) -> Shop | None:
        if clock.now >= NOW + SOON_SECONDS and not shops.shops[shop].resumed_at:
            shops.change(shop, applied=False)
        return shops.get(shop)

    publisher = Publisher(
        destination=Worker(store, clock, shop_now=shop_now).destination,
        customers=customers,
        accepted=InMemoryAccepted(customers),
        shops=shops,
    )

    cut_short = publish_bulk(SHOP.id, publisher=publisher, as_of=RESUMED_AT)

    taken = [name for name in names if not customers.accepted[SHOP.id, name, "shopify"].unsure]
    assert 0 < len(taken) == cut_short[Published.SENT] < MANY
    assert all(shown(store, int(name))[0] for name in taken)

    shops.change(SHOP.id, applied=True, resumed_at=RESUMED_AT)
    store.store.bulk.seconds_a_look = 1.0
    after = publish_bulk(SHOP.id, publisher=publisher, as_of=RESUMED_AT)

    assert after[Published.SENT] == MANY - len(taken)
    assert all(shown(store, int(name))[0] for name in names)


def test_what_is_taken_back_in_a_pause_goes_on(store: FakeShopify, clock: StillClock) -> None:
    worker = Worker(store, clock, shop_now=lambda _: PAUSED)

    assert worker.bulk.cancel(PAUSED, Patience(clock.sleep, seconds=10)) == 0
    assert kinds(write(worker, first_writes(200), PAUSED)) == {"Delivered": 200}


def test_an_operation_that_cannot_be_cancelled_is_waited_for(worker: Worker, store: FakeShopify) -> None:
    store.faults.add({"match": "bulkOperationCancel", "status": 400, "times": 99})

    assert kinds(write(worker, first_writes(200))) == {"Delivered": 200}
