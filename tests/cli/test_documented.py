"""Commands of README.md and docs/ are run as they stand there: those on a file, and those that only look."""

import gzip
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shlex import split
from typing import Final
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap.update import prior
from nextorder.cli.main import main
from nextorder.domain.features import compute_features
from nextorder.domain.shop import Shop
from nextorder.domain.states import Standards, state_after
from tests.cli.conftest import Nextorder
from tests.cli.order_file_cases import HEADER, a_store
from tests.house.documented import COMMANDS
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import CATALOGUE, SHOP, an_order

LOOKS: Final = (
    *("audit", "backtest", "calendar", "catalogue show", "costs export", "data-request", "model show"),
    *("segments", "show", "why"),
)
"""Commands of a stack that change nothing and ask nobody else."""
CUSTOMER: Final = "7001"
WORDS: Final = {said for _, said in COMMANDS}
ON_A_FILE: Final = sorted(said for said in WORDS if "--orders" in said)
LOOKING: Final = sorted(
    said for said in WORDS.difference(ON_A_FILE) if said.startswith(LOOKS) and "FILE" not in said
)


@pytest.mark.parametrize("command", ON_A_FILE)
def test_a_command_on_a_file_does_what_it_says(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = a_store(25)
    if "2011" in command:
        rows = [row.replace(",2025", ",2010").replace(",2026", ",2011") for row in rows]
    orders = "\n".join([HEADER, *rows])
    (tmp_path / "FILE.csv").write_text(orders, encoding="utf-8")
    (tmp_path / "samples").mkdir()
    (tmp_path / "samples" / "online_retail_ii.csv.gz").write_bytes(gzip.compress(orders.encode()))
    monkeypatch.chdir(tmp_path)

    assert main(split(command)) == 0
    assert capsys.readouterr().out


def test_a_catalogue_that_was_shown_can_be_checked(
    nextorder: Nextorder, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("catalogue.toml").write_text(nextorder("catalogue", "show", "--shop", shop.id), encoding="utf-8")
    [command] = [said for said in WORDS if said.startswith("catalogue check")]

    assert "segments" in nextorder(*split(command))


@pytest.fixture(scope="module")
def shop(aws: BareAws) -> Shop:
    """A shop with a customer who has ordered once and is scored, and one who ordered long ago."""
    shop, now = replace(SHOP, id=f"{uuid4().hex}.myshopify.com"), datetime.now(UTC)
    client = aws.client("dynamodb")
    DynamoShops(client, TABLE, prior=prior).save(shop)
    customers = DynamoCustomers(client, TABLE, new_log_key=lambda: "of-a-test")
    at = now - timedelta(days=80)
    order = replace(an_order(0), customer=CUSTOMER, placed_at=at, updated_at=at)
    customers.store(shop.id, CUSTOMER, order)
    customers.store(shop.id, "7002", replace(an_order(0), customer="7002"))
    standards = Standards(shop=shop, catalogue=CATALOGUE, model=prior)
    state = state_after(None, compute_features(CUSTOMER, [order], shop, now), standards, as_of=now)
    customers.save_state(shop.id, CUSTOMER, state, replaces=0)
    return shop


@pytest.mark.parametrize("command", LOOKING)
def test_a_command_that_only_looks_finds_something_to_say(
    command: str, nextorder: Nextorder, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    said = nextorder(*split(command.replace("CUSTOMER", CUSTOMER)), "--shop", shop.id)

    assert said.status == 0
    assert said


def test_each_kind_of_them_stands_in_the_docs() -> None:
    assert {split(said)[0] for said in ON_A_FILE} == {"replay", "report", "score"}
    assert [name for name in LOOKS if not any(said.startswith(name) for said in LOOKING)] == []
