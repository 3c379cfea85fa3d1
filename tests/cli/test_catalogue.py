"""`nextorder catalogue` and `nextorder fit` on a shop with customers: shown first, held above a tenth."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.passes import DynamoSizes
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.bootstrap.update import prior
from nextorder.cli.main import main
from nextorder.domain.catalogue import catalogue_name, parse_catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order
from nextorder.domain.features import compute_features
from nextorder.domain.passes import CUSTOMERS, SegmentSizes
from nextorder.domain.shop import Numbers, Window
from nextorder.training.numbers import freeze_numbers
from nextorder.use_cases.update_customer import Judge, update_customer
from tests.cli.conftest import Nextorder
from tests.fakes.signs import InMemoryForgotten
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import SHOP, an_order

PACKAGED = packaged_catalogue()
NEW_UNTIL = "until_share_of_c = 0.2"
COUNT = 40


@pytest.fixture
def customers(aws: BareAws) -> DynamoCustomers:
    return DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")


@pytest.fixture
def shop(shops: DynamoShops, customers: DynamoCustomers) -> str:
    """A fitted shop, whose forty customers ordered once, in the last hundred days."""
    now = datetime.now(UTC)
    orders = [_order(str(n), now - timedelta(days=n * 100 / COUNT)) for n in range(COUNT)]
    everyone = [compute_features(str(order.customer), [order], SHOP, now) for order in orders]
    frozen = freeze_numbers(
        everyone, SHOP, prior(), window=Window(), catalogue=parse_catalogue(PACKAGED), as_of=now
    )
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com", applied=True, numbers=replace(frozen, model=""))
    shop = replace(shop, catalogue=shops.save_catalogue(shop.id, PACKAGED))
    shops.save(shop)
    judge = Judge(customers=customers, shops=shops, forgotten=InMemoryForgotten())
    for order in orders:
        customers.store(shop.id, str(order.customer), order)
        update_customer(str(order.customer), shop=shop, judge=judge, as_of=now)
    return shop.id


def _order(customer: str, at: datetime) -> Order:
    return replace(an_order(0, name=f"o{customer}"), customer=customer, placed_at=at, updated_at=at)


def versions(customers: DynamoCustomers, shop: str) -> set[int]:
    return set(customers.versions(shop, [str(n) for n in range(COUNT)]).values())


def pinned(shops: DynamoShops, shop: str) -> str:
    held = shops.get(shop)
    assert held
    return held.catalogue


def a_file(folder: Path, *, new_until: str) -> Path:
    """Write a merchant's own catalogue, in which a customer is new for another time."""
    file = folder / "mine.toml"
    file.write_text(PACKAGED.replace(NEW_UNTIL, f"until_share_of_c = {new_until}", 1))
    return file


def test_the_first_fit_pins_the_catalogue_of_the_release_and_a_later_one_is_spread(
    shops: DynamoShops, customers: DynamoCustomers, shop: str, nextorder: Nextorder
) -> None:
    shops.change(shop, catalogue="", numbers=Numbers())
    nextorder("fit", "--shop", shop)
    first = shops.get(shop)
    scored = versions(customers, shop)

    said = nextorder("fit", "--shop", shop, "--yes")

    now = shops.get(shop)
    assert first
    assert now
    assert (first.catalogue, now.catalogue) == (catalogue_name(PACKAGED),) * 2
    assert nextorder("catalogue", "show", "--shop", shop) == PACKAGED
    assert "looked at within a day" in said
    assert now.numbers.fitted_at != first.numbers.fitted_at
    assert versions(customers, shop) == scored, "the sweep lets everyone be looked at, not the command"


def test_a_shop_without_history_is_not_fitted(shops: DynamoShops, nextorder: Nextorder) -> None:
    bare = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(bare)

    with pytest.raises(BadSettings, match="no history yet: `nextorder import`"):
        nextorder("fit", "--shop", bare.id)

    held = shops.get(bare.id)
    assert held
    assert (held.numbers.fitted_at, held.catalogue) == (None, "")


def test_a_file_is_checked_without_a_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    assert main(["catalogue", "check", str(a_file(tmp_path, new_until="0.5"))]) == 0
    said = capsys.readouterr().out
    assert re.search(r"\d+ segments, \d+ of them on: life:new, ", said)
    assert "mine.toml` shows first whom it would move" in said


def test_a_wrong_file_is_told_with_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = a_file(tmp_path, new_until="2")
    line = PACKAGED.splitlines().index(NEW_UNTIL) + 1

    assert main(["catalogue", "check", str(file)]) == 1
    assert re.match(
        rf"nextorder catalogue check: {re.escape(str(file))} line {line}: ", capsys.readouterr().err
    )


def test_a_change_for_more_than_a_tenth_is_held_until_the_merchant_agrees(
    shops: DynamoShops, customers: DynamoCustomers, shop: str, nextorder: Nextorder, tmp_path: Path
) -> None:
    file = a_file(tmp_path, new_until="0.5")
    apply = ("catalogue", "apply", "--shop", shop)
    before, held = versions(customers, shop), pinned(shops, shop)

    for answer in ("", "n\n", "\n"):
        said = nextorder(*apply, str(file), stdin=answer)
        assert "life:second-window -> life:new" in said
        assert "nothing was done" in said
        assert pinned(shops, shop) == held
    nextorder(*apply, str(file), stdin="y\n")

    assert pinned(shops, shop) == catalogue_name(file.read_text())
    assert versions(customers, shop) == before
    assert "in force already" in nextorder(*apply, str(file))


def test_a_change_for_few_is_put_in_force_without_asking(
    shops: DynamoShops, shop: str, nextorder: Nextorder, tmp_path: Path
) -> None:
    file = a_file(tmp_path, new_until="0.2000001")

    said = nextorder("catalogue", "apply", str(file), "--shop", shop)

    assert f"would be shown elsewhere: 0 of {COUNT} customers" in said
    assert pinned(shops, shop) == catalogue_name(file.read_text())


def test_the_catalogue_of_the_release_comes_back_without_a_file(
    shops: DynamoShops, shop: str, nextorder: Nextorder, tmp_path: Path
) -> None:
    nextorder("catalogue", "apply", str(a_file(tmp_path, new_until="0.5")), "--shop", shop, "--yes")

    nextorder("catalogue", "apply", "--shop", shop, "--yes")

    assert pinned(shops, shop) == catalogue_name(PACKAGED)


def test_customers_of_whom_nobody_is_shown_are_counted(aws: BareAws, shop: str, nextorder: Nextorder) -> None:
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    kept = SegmentSizes(counts={"life:new": 0, CUSTOMERS: 5_000}, reckoned_at=at)
    DynamoSizes(aws.client("dynamodb"), TABLE).reckon(shop, kept)

    said = nextorder("segments", "--shop", shop)

    assert said.startswith(
        "  of 5,000 customers nobody is in a segment that is shown: `nextorder catalogue show`"
    )


def test_sizes_are_counted_until_they_are_kept(aws: BareAws, shop: str, nextorder: Nextorder) -> None:
    counted = nextorder("segments", "--shop", shop)
    at = datetime(2026, 11, 22, 3, tzinfo=UTC)
    kept = SegmentSizes(counts={"life:new": 4_711, "risk:lost": 0, CUSTOMERS: 5_000}, reckoned_at=at)
    DynamoSizes(aws.client("dynamodb"), TABLE).reckon(shop, kept)

    told = nextorder("segments", "--shop", shop)

    size, *why, reckoned = told.splitlines()
    assert size == "     4711  life:new"
    small = [line for line in why if " customers at the last fit" in line]
    withheld = why[len(small) :]
    assert why[: len(small)] == small != []
    assert all("withheld: " in line for line in withheld)
    assert "  reach is withheld: No consent on e-mail is known." in withheld
    assert reckoned == "  kept by every change; all were last counted on 2026-11-22 03:00 UTC"
    assert "life:second-window" in counted
    assert nextorder("segments", "--shop", shop, "--exact") == counted
