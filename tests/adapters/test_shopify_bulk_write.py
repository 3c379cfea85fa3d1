"""Bulk mutations over HTTP: uploaded, begun, watched, read line by line, and taken up after a death."""

from typing import Any

import pytest

from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify import bulk_pieces
from nextorder.adapters.shopify.bulk_answers import outcome
from nextorder.adapters.shopify.client import DENIED
from nextorder.domain.changes import CUSTOMER_MISSING, BulkJob
from nextorder.domain.errors import AccessDenied, OutcomeUnknown, Refused, RetryLater, UnderWay, Untried
from nextorder.ports import Delivered
from tests.adapters.bulk_write_cases import MANY, VIP, Worker, begun, first_writes, kinds, moves, shown
from tests.adapters.destination_cases import SHOP
from tests.fakes.clock import StillClock
from tests.fakes.shopify import FakeShopify


def test_many_are_written_by_a_job_and_the_merchants_tags_stay(worker: Worker, store: FakeShopify) -> None:
    outcomes = worker.destination.deliver_many(SHOP, first_writes())
    worker.destination.settled(SHOP)

    assert outcomes == [Delivered()] * MANY
    assert shown(store, MANY) == (["next:life:new", VIP], {"stage": "new", "p_5d": "0.063"})
    assert begun(store) == ["metafieldsSet", "tagsAdd"]
    assert worker.jobs.jobs == {}
    assert len(store.requests) < MANY / 40
    assert store.counts["tagsAdd"] == 0


def test_tags_are_added_before_others_are_taken_away(worker: Worker, store: FakeShopify) -> None:
    worker.destination.deliver_many(SHOP, first_writes())
    worker.destination.settled(SHOP)
    outcomes = worker.destination.deliver_many(SHOP, moves())

    assert outcomes == [Delivered()] * MANY
    assert shown(store, 1) == (["next:life:closing", VIP], {"stage": "closing"})
    assert begun(store)[2:] == ["metafieldsSet", "tagsAdd", "metafieldsDelete", "tagsRemove"]
    operations = list(store.store.bulk.operations.values())
    assert (operations[3].completed_at or 0) <= operations[5].created_at


def test_no_more_than_five_operations_run_at_once(
    worker: Worker, store: FakeShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_pieces, "LINES", 100)
    outcomes = worker.destination.deliver_many(SHOP, moves())

    assert outcomes == [Delivered()] * MANY
    assert len(begun(store)) == 4 * 11
    assert not [one for one in store.requests if "OPERATION_IN_PROGRESS" in one["body"]]


def test_operations_of_another_process_leave_less_room(
    worker: Worker, store: FakeShopify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The five are the app's, whoever of it began them."""
    monkeypatch.setattr(bulk_pieces, "LINES", 300)
    for number in range(4):
        store.store.bulk.begin(number, "MUTATION", "mutation { another }", iter(()), store.clock())

    assert worker.destination.deliver_many(SHOP, moves()) == [Delivered()] * MANY


def test_where_others_leave_no_room_nothing_is_under_way_and_nobody_is_unsure(
    worker: Worker, store: FakeShopify
) -> None:
    store.store.bulk.seconds_a_look = 0.0
    for number in range(5):
        rows = iter([(1, b"{}")] * 100_000)
        store.store.bulk.begin(number, "MUTATION", "mutation { another }", rows, store.clock())

    outcomes = worker.bulk.write(SHOP, first_writes(3), Patience(worker.clock.sleep, seconds=60))

    assert {type(one) for one in outcomes} == {RetryLater}
    assert worker.jobs.jobs == {}


def test_a_job_is_found_behind_many_others(worker: Worker, store: FakeShopify) -> None:
    for number in range(130):
        operation = store.store.bulk.begin(
            number, "MUTATION", "mutation { another }", iter(()), store.clock()
        )
        operation.status = "COMPLETED"

    assert worker.destination.deliver_many(SHOP, first_writes()) == [Delivered()] * MANY
    assert begun(store) == ["metafieldsSet", "tagsAdd"]


def test_each_row_has_its_own_outcome(worker: Worker, store: FakeShopify) -> None:
    full = [f"t{n}" for n in range(250)]
    store.seed({"customers": [{"id": 5, "tags": full}]})
    for gone in (7, MANY):
        store.store.resources.pop(f"gid://shopify/Customer/{gone}")
    outcomes = worker.destination.deliver_many(SHOP, first_writes())

    assert kinds(outcomes) == {"Delivered": MANY - 3, "Refused": 3}
    assert [getattr(outcomes[n - 1], "code", "") for n in (5, 7, MANY)] == [
        "tag-limit",
        "customer-missing",
        "customer-missing",
    ]
    assert shown(store, 5) == (sorted(full), {"stage": "new", "p_5d": "0.063"})


def test_a_full_list_with_a_tag_of_ours_has_room_the_next_time(worker: Worker, store: FakeShopify) -> None:
    store.seed({"customers": [{"id": 5, "tags": ["next:life:new", *(f"t{n}" for n in range(249))]}]})
    outcomes = worker.destination.deliver_many(SHOP, moves())
    worker.destination.settled(SHOP)

    assert type(outcomes[4]) is OutcomeUnknown
    assert worker.destination.deliver(SHOP, moves()[4]) == Delivered()
    assert "next:life:closing" in shown(store, 5)[0]


def test_a_job_that_failed_half_way_leaves_unsure_what_it_does_not_tell(
    worker: Worker, store: FakeShopify
) -> None:
    store.store.bulk.failures.append({"after": 100})
    outcomes = worker.destination.deliver_many(SHOP, first_writes())

    assert kinds(outcomes) == {"Delivered": 100, "OutcomeUnknown": MANY - 100}
    assert isinstance(outcomes[99], Delivered)


def test_a_job_without_the_scope_is_denied_as_a_whole(clock: StillClock) -> None:
    with FakeShopify(clock=clock, scopes=frozenset({"read_customers"})) as store:
        outcomes = Worker(store, clock).destination.deliver_many(SHOP, first_writes())

    assert kinds(outcomes) == {"AccessDenied": MANY}
    assert isinstance(outcomes[0], AccessDenied)
    assert not outcomes[0].partly


def test_a_row_of_which_only_a_part_is_denied_says_so() -> None:
    row = first_writes(1)[0].handed
    denied = AccessDenied("no")

    outcomes = [
        outcome(0, row, {("tagsAdd", 0): denied, ("metafieldsSet", 0): other}) for other in ("", denied)
    ]

    assert [isinstance(one, AccessDenied) and one.partly for one in outcomes] == [True, False]


@pytest.mark.parametrize(
    ("tags", "metafields", "told"),
    [
        ("", "metafield-blank", Refused("metafield-blank")),
        (Untried("paused"), "metafield-blank", OutcomeUnknown("only a part of it was written")),
        (OutcomeUnknown("lost"), "metafield-blank", OutcomeUnknown("lost")),
        (None, "metafield-blank", OutcomeUnknown("shopify does not say what became of it")),
        (Untried("paused"), Refused("shopify-bulk-x"), OutcomeUnknown("only a part of it was written")),
        (OutcomeUnknown("lost"), Refused("shopify-bulk-x"), OutcomeUnknown("lost")),
        (Untried("paused"), CUSTOMER_MISSING, Refused(CUSTOMER_MISSING)),
        (AccessDenied("no"), "metafield-blank", AccessDenied(DENIED, partly=True)),
        (AccessDenied("no"), OutcomeUnknown("lost"), AccessDenied(DENIED, partly=True)),
        (AccessDenied("no"), Untried("paused"), AccessDenied(DENIED)),
        (Untried("paused"), Untried("paused"), Untried("paused")),
    ],
)
def test_a_refusal_of_one_part_is_final_only_where_nothing_else_is_left_to_try(
    tags: str | Exception | None, metafields: str | Exception, told: Exception
) -> None:
    row = first_writes(1)[0].handed
    answers = {("metafieldsSet", 0): metafields} | ({} if tags is None else {("tagsAdd", 0): tags})

    said = outcome(0, row, answers)

    assert (type(said), str(said), getattr(said, "partly", None)) == (
        type(told),
        str(told),
        getattr(told, "partly", None),
    )


def test_a_job_that_outlives_its_process_is_adopted_by_the_next(
    worker: Worker, store: FakeShopify, clock: StillClock
) -> None:
    store.store.bulk.seconds_a_look = 0.0
    worker.patience_seconds = 3
    outcomes = worker.destination.deliver_many(SHOP, first_writes())
    assert kinds(outcomes) == {"UnderWay": MANY}

    another = Worker(store, clock, jobs=worker.jobs)
    with pytest.raises(UnderWay):
        Worker(store, clock, jobs=worker.jobs, patience_seconds=1).destination.take_up(SHOP, bool)
    store.store.bulk.seconds_a_look = 0.3
    taken = another.destination.take_up(SHOP, bool)
    another.destination.settled(SHOP)

    assert [(row.customer, row.stamp, outcome) for row, outcome in taken] == [
        (str(n), f"s{n}", Delivered()) for n in range(1, MANY + 1)
    ]
    assert begun(store) == ["metafieldsSet", "tagsAdd"]
    assert another.destination.take_up(SHOP, bool) == ()


def test_the_next_process_begins_what_was_not_begun(
    worker: Worker, store: FakeShopify, clock: StillClock
) -> None:
    """Tags to take away wait until the new ones are there, and by then their process may be dead."""
    worker.destination.deliver_many(SHOP, first_writes())
    worker.destination.settled(SHOP)
    store.store.bulk.seconds_a_look = 0.0
    worker.patience_seconds = 3
    assert kinds(worker.destination.deliver_many(SHOP, moves())) == {"UnderWay": MANY}
    assert "tagsRemove" not in begun(store)

    store.store.bulk.seconds_a_look = 0.3
    taken = Worker(store, clock, jobs=worker.jobs).destination.take_up(SHOP, bool)
    assert kinds([outcome for _, outcome in taken]) == {"Delivered": MANY}
    assert shown(store, 3) == (["next:life:closing", VIP], {"stage": "closing"})


def test_values_that_died_with_their_process_are_not_known(worker: Worker, store: FakeShopify) -> None:
    changes = first_writes()
    job = BulkJob(name="20261121T120000-cafe", rows=tuple(one.handed for one in changes))
    assert worker.jobs.keep(SHOP.id, "shopify", job)
    taken = worker.destination.take_up(SHOP, bool)

    assert kinds([outcome for _, outcome in taken]) == {"OutcomeUnknown": MANY}
    assert begun(store) == ["tagsAdd"]
    assert shown(store, 1) == (["next:life:new", VIP], {})


def test_what_shopify_did_not_take_is_everyones_failure_and_nothing_is_under_way(
    worker: Worker, store: FakeShopify
) -> None:
    store.faults.add({"match": "stagedUploadsCreate", "status": 503, "times": 99})
    worker.patience_seconds = 5
    outcomes = worker.destination.deliver_many(SHOP, first_writes())

    assert {type(one) for one in outcomes} == {RetryLater}
    assert worker.jobs.jobs == {}


@pytest.mark.parametrize("fault", [{"timeout_after": True}, {"drop_connection": "after"}, {"status": 500}])
def test_an_operation_whose_beginning_got_no_answer_is_found_by_its_mark(
    fault: dict[str, Any], worker: Worker, store: FakeShopify
) -> None:
    store.faults.add({"match": "bulkOperationRunMutation", **fault})
    outcomes = worker.destination.deliver_many(SHOP, first_writes())

    assert outcomes == [Delivered()] * MANY
    assert sorted(begun(store)) == ["metafieldsSet", "tagsAdd"]


def test_a_second_job_waits_until_the_first_is_settled(worker: Worker) -> None:
    worker.destination.deliver_many(SHOP, first_writes())

    assert {type(one) for one in worker.destination.deliver_many(SHOP, moves())} == {RetryLater}


def test_who_waits_for_a_job_of_another_process_leaves_it_to_be_taken_up(
    worker: Worker, store: FakeShopify, clock: StillClock
) -> None:
    patience = Patience(clock.sleep, seconds=60)
    worker.bulk.write(SHOP, first_writes(3), patience)
    late = Worker(store, clock, jobs=worker.jobs)

    assert kinds(late.bulk.write(SHOP, moves(3), patience)) == {"RetryLater": 3}
    late.bulk.settled(SHOP)

    assert len(late.bulk.take_up(SHOP, patience)) == 3


def test_of_two_who_took_up_a_job_the_slower_does_not_forget_the_next(
    worker: Worker, store: FakeShopify, clock: StillClock
) -> None:
    patience = Patience(clock.sleep, seconds=60)
    worker.bulk.write(SHOP, first_writes(3), patience)
    slower = Worker(store, clock, jobs=worker.jobs)
    assert len(slower.bulk.take_up(SHOP, patience)) == 3
    worker.bulk.settled(SHOP)
    worker.bulk.write(SHOP, moves(3), patience)

    slower.bulk.settled(SHOP)

    assert [job.rows[0].join for job in worker.jobs.jobs.values()] == [("next:life:closing",)]


def test_a_refused_upload_is_a_refusal_that_is_told(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_pieces, "MUTATIONS", {**bulk_pieces.MUTATIONS, "tagsAdd": "mutation { no }"})
    outcomes = worker.destination.deliver_many(SHOP, first_writes())

    assert kinds(outcomes) == {"Refused": MANY}
    assert isinstance(outcomes[0], Refused)
    assert outcomes[0].code == "shopify-bulk-invalid_mutation"
