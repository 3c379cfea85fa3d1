"""`nextorder rfm-groups`: Shopify's groups as a file without a person in it, which `backtest` reads back."""

import csv
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.bootstrap.keys import connections
from nextorder.cli.rankings import RFM_GROUPS, read_rankings
from nextorder.domain.errors import BadSettings
from nextorder.domain.keyed import keyed_id
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.shopify import FakeShopify

GROUPS = {"7000000000001": "CHAMPIONS", "7000000000002": "DORMANT", "7000000000003": "DORMANT"}


@pytest.fixture
def shop(nextorder: Nextorder) -> Shop:
    """A shop whose key is known."""
    made = Shop(id=f"{uuid4().hex}.myshopify.com")
    arguments = ("connect", "shopify", "--shop", made.id, "--client-id", "demo-client", "--secret-stdin")
    nextorder(*arguments, "--unchecked", "--currency", "EUR", stdin="demo-secret")
    return replace(made, currency="EUR")


def test_what_is_written_is_what_a_backtest_reads_back(
    nextorder: Nextorder, store: FakeShopify, shop: Shop, tmp_path: Path
) -> None:
    people = [{"id": number, "rfm_group": group} for number, group in GROUPS.items()]
    store.seed({"customers": [*people, {"id": 7000000000004, "email": "anna@example.com"}]})
    out = tmp_path / "groups.csv"

    said = nextorder("rfm-groups", "--shop", shop.id, "--out", str(out))

    assert "3 customers" in said
    assert "dormant                  2" in said
    text = out.read_text()
    assert not any(word in text for word in ("example.com", *GROUPS))
    assert out.stat().st_mode & 0o077 == 0
    keys = {keyed_id(connections().pepper(), shop.id, customer): customer for customer in GROUPS}
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    assert read_rankings(out, tomorrow).of(keys) == {
        "rfm_group": {customer: float(RFM_GROUPS.index(group)) for customer, group in GROUPS.items()}
    }
    assert len(list(csv.DictReader(text.splitlines()))) == len(GROUPS)


def test_what_was_read_today_cannot_be_held_against_yesterday(
    nextorder: Nextorder, store: FakeShopify, shop: Shop, tmp_path: Path
) -> None:
    store.seed({"customers": [{"id": 1, "rfm_group": "NEW"}]})
    out = tmp_path / "groups.csv"
    nextorder("rfm-groups", "--shop", shop.id, "--out", str(out))

    with pytest.raises(BadSettings, match="so it knows what came"):
        read_rankings(out, datetime.now(UTC) - timedelta(days=1))


def test_no_file_is_written_where_shopify_groups_nobody(
    nextorder: Nextorder, store: FakeShopify, shop: Shop, tmp_path: Path
) -> None:
    store.seed({"customers": [{"id": 1}]})

    with pytest.raises(BadSettings, match="puts nobody in a group"):
        nextorder("rfm-groups", "--shop", shop.id, "--out", str(tmp_path / "none.csv"))

    assert not list(tmp_path.iterdir())
