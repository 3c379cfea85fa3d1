"""Forgetting: nobody comes back, and nothing is erased that ours could still be taken back with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from nextorder.domain.errors import NeedsHuman, RetryLater
from nextorder.domain.verdict import State
from nextorder.use_cases.forget import (
    Archive,
    AtOnce,
    TakeBack,
    delete_profiles,
    redact_customer,
    redact_shop,
    tell,
    uninstall,
)
from nextorder.use_cases.publication import Published
from nextorder.use_cases.publish_bulk import Counts
from tests.fakes.in_memory import InMemoryCustomers, InMemoryShops
from tests.fakes.signs import InMemoryForgotten
from tests.unit.publish_cases import ANNA, PROFILE, SHOP, SINCE, World, a_verdict
from tests.unit.shop_cases import MODEL

KEPT, GONE = "1", "2"


@dataclass
class Table:
    """ports.Eraser and ChangeNotice: writes down what is done, in order."""

    merged: dict[str, list[str]] = field(default_factory=dict)
    done: list[object] = field(default_factory=list)

    def absorbed(self, shop: str, customer: str) -> list[str]:  # noqa: ARG002 - the port's
        return self.merged.get(customer, [])

    def erase_customer(self, shop: str, customer: str, orders: Sequence[str]) -> None:  # noqa: ARG002
        self.merged.pop(customer, None)
        self.done.append(("erased", customer, tuple(orders)))

    def erase_shop(self, shop: str) -> None:
        self.done.append(("erased", shop))

    def erase_traces(self, shop: str, customers: Sequence[str], orders: Sequence[str]) -> None:  # noqa: ARG002 - the port's
        self.done.append(("traces erased", *customers, *orders))

    def erase_letters(self, shop: str) -> None:
        self.done.append(("letters erased", shop))

    def changed(self, shop: str, changes: Sequence[tuple[str, str]]) -> None:  # noqa: ARG002 - the port's
        self.done.append(("told", *sorted(customer for customer, _ in changes)))


@dataclass
class MarkedFirst(InMemoryForgotten):
    """Fails if anything was erased before."""

    table: Table = field(default_factory=Table)

    def mark(self, shop: str, customer: str, at: datetime) -> None:
        assert not self.table.done
        super().mark(shop, customer, at)


@pytest.fixture
def table() -> Table:
    return Table(merged={KEPT: [GONE]})


@pytest.fixture
def archive(table: Table) -> Archive:
    return Archive(
        customers=InMemoryCustomers(),
        shops=InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}),
        eraser=table,
        forgotten=MarkedFirst(table=table),
        notices=[table],  # type: ignore[list-item]
        erase_traces=table.erase_traces,
        erase_letters=table.erase_letters,
    )


def test_all_ids_of_a_person_are_marked_before_anything_is_erased(archive: Archive, table: Table) -> None:
    redact_customer(SHOP.id, KEPT, orders=["9"], archive=archive, as_of=SINCE)

    assert archive.forgotten.contains(SHOP.id, KEPT)
    assert archive.forgotten.contains(SHOP.id, GONE)
    traces = ("traces erased", KEPT, GONE, "9")
    assert table.done == [traces, ("erased", KEPT, ("9",)), ("told", KEPT, GONE)]


def test_a_redaction_reaches_what_is_connected_and_served_by_no_queue(archive: Archive) -> None:
    world = World()
    world.place(a_verdict())
    world.publish()
    world.place(None)
    unserved = AtOnce(publishers=lambda _: [world.publisher], clock=lambda: SINCE)

    redact_customer(SHOP.id, ANNA, archive=replace(archive, notices=[unserved]), as_of=SINCE)

    assert world.board.shown(PROFILE) == ({}, set())
    assert not world.customers.accepted


@pytest.mark.parametrize("deletes", [True, False])
def test_whole_profiles_are_deleted_where_that_can_be_done_by_the_id_told_or_the_e_mail(
    archive: Archive, *, deletes: bool
) -> None:
    for met_before in (True, False):
        world = World()
        world.board.capabilities = replace(world.board.capabilities, deletes_people=deletes)
        if met_before:
            world.place(a_verdict())
            world.publish()

        asked = delete_profiles(SHOP, ANNA, publishers=[world.publisher], archive=archive)

        assert asked == (["board"] if deletes else [])
        assert world.board.deleted == ([PROFILE] if deletes else [])


def leaving(**counts: int) -> TakeBack:
    return lambda _: {Published[name.upper()]: count for name, count in counts.items()}


def refusing(shop: str) -> Counts:
    raise NeedsHuman(shop)


def test_a_shop_is_erased_once_nothing_of_ours_is_left_elsewhere(archive: Archive, table: Table) -> None:
    redact_shop(
        SHOP.id,
        archive=archive,
        take_back=[leaving(sent=3, refused=1)],
        disconnect=lambda shop: table.done.append(("disconnected", shop)),
        as_of=SINCE,
    )

    assert table.done == [("letters erased", SHOP.id), ("erased", SHOP.id), ("disconnected", SHOP.id)]


@pytest.mark.parametrize(
    ("take_back", "error"), [(leaving(sent=2, later=1), RetryLater), (refusing, NeedsHuman)]
)
def test_nothing_of_a_shop_is_erased_while_ours_is_shown_elsewhere(
    archive: Archive, table: Table, take_back: TakeBack, error: type[Exception]
) -> None:
    with pytest.raises(error):
        redact_shop(
            SHOP.id,
            archive=archive,
            take_back=[take_back],
            disconnect=lambda shop: table.done.append(("disconnected", shop)),
            as_of=SINCE,
        )

    assert table.done == []
    assert archive.shops.get(SHOP.id) == replace(SHOP, uninstalled_at=SINCE)


def test_an_uninstall_that_left_something_behind_comes_back(archive: Archive) -> None:
    with pytest.raises(RetryLater):
        uninstall(SHOP.id, archive=archive, take_back=[leaving(later=1)], as_of=SINCE)


@pytest.mark.parametrize(("late_by", "is_gone"), [(1, False), (0, True), (-1, True)])
def test_an_uninstall_that_comes_after_a_new_install_is_about_the_life_before(
    archive: Archive, late_by: int, *, is_gone: bool
) -> None:
    archive.shops.change(SHOP.id, connected_at=SINCE)
    told_at = SINCE - timedelta(seconds=late_by)

    uninstall(SHOP.id, archive=archive, take_back=[leaving(sent=1)], as_of=SINCE, told_at=told_at)

    shop = archive.shops.get(SHOP.id)
    assert shop
    assert (shop.uninstalled_at is not None) is is_gone


@pytest.mark.parametrize(
    ("connected_hours_before", "is_erased"),
    [(24, False), (48, False), (60, True)],
    ids=["came back", "came back at once", "left for good, and nobody told us"],
)
def test_a_shop_that_came_back_before_its_redaction_is_kept(
    archive: Archive, table: Table, connected_hours_before: int, *, is_erased: bool
) -> None:
    """shop/redact comes 48 hours after the app was taken out, whatever has happened since."""
    archive.shops.change(SHOP.id, connected_at=SINCE - timedelta(hours=connected_hours_before))

    assert redacted(archive, table) is is_erased

    assert bool(table.done) is is_erased
    shop = archive.shops.get(SHOP.id)
    assert shop
    assert bool(shop.uninstalled_at) is is_erased


def test_a_shop_that_came_back_and_left_again_is_erased(archive: Archive, table: Table) -> None:
    archive.shops.change(SHOP.id, connected_at=SINCE - timedelta(hours=24), uninstalled_at=SINCE)

    assert redacted(archive, table)
    assert table.done == [("letters erased", SHOP.id), ("erased", SHOP.id), ("disconnected", SHOP.id)]


def redacted(archive: Archive, table: Table) -> bool:
    return redact_shop(
        SHOP.id,
        archive=archive,
        take_back=[leaving(sent=1)],
        disconnect=lambda shop: table.done.append(("disconnected", shop)),
        as_of=SINCE,
        told_at=SINCE,
    )


def test_the_end_of_a_shop_that_was_never_connected_asks_nobody(archive: Archive) -> None:
    asked: list[str] = []

    def take_back(shop: str) -> Counts:
        asked.append(shop)
        return {}

    uninstall("nobody.myshopify.com", archive=archive, take_back=[take_back], as_of=SINCE)

    assert asked == []


@dataclass
class Log:
    """ports.SaidLog: knows one key, and may be too long to be read to its end."""

    is_all: bool = True

    def of_customer(
        self, shop: str, log_key: str, has_time: Callable[[], bool]
    ) -> tuple[list[Mapping[str, object]], bool]:
        assert has_time()
        return [{"version": 1, "shop": shop, "of": log_key}], self.is_all


def told(log: Log, customers: InMemoryCustomers) -> Mapping[str, object]:
    return tell(SHOP.id, ANNA, customers=customers, log=log, plain=str)  # type: ignore[arg-type]


def test_a_data_request_tells_what_was_ever_said_or_how_to_get_the_rest() -> None:
    customers = InMemoryCustomers()
    state = State(verdict=a_verdict(), digest="d", version=1, shown_in=("life:new",))
    customers.save_state(SHOP.id, ANNA, state, replaces=0)

    whole, cut = told(Log(), customers), told(Log(is_all=False), customers)

    assert whole["said"] == [{"version": 1, "shop": SHOP.id, "of": f"log-{ANNA}"}]
    assert whole["shown_in"] == ["life:new"]
    assert "said_is_cut" not in whole
    assert "nextorder data-request" in str(cut["said_is_cut"])


def test_of_whom_there_is_no_state_the_log_is_not_asked() -> None:
    answer = told(Log(), InMemoryCustomers())

    assert (answer["verdict"], answer["said"]) == (None, [])
