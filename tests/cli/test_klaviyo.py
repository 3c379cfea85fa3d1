"""`nextorder klaviyo`: drafts on request, and Klaviyo's own predictions as a file without a person in it."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue_text import switched
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.klaviyo.server import DEFAULT_SCOPES
from tests.local_stack.bare import TABLE, BareAws

KEY = "pk_demo"


@pytest.fixture(autouse=True)
def klaviyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKlaviyo]:
    """The account that is asked."""
    scopes = DEFAULT_SCOPES | {"flows:read", "flows:write"}
    with FakeKlaviyo(api_key=KEY, scopes=scopes, clock=count(0, 60).__next__) as running:
        monkeypatch.setenv("KLAVIYO_URL", running.url)
        yield running


@pytest.fixture
def shop(nextorder: Nextorder, shops: DynamoShops) -> Iterator[Shop]:
    """A shop that went live with what is connected."""
    made = Shop(id=f"{uuid4().hex}.myshopify.com", currency="GBP")
    shops.save(made)
    for applied in (False, True):
        shops.change(made.id, applied=applied)
        nextorder("connect", "klaviyo", "--shop", made.id, "--key-stdin", stdin=KEY)
    yield replace(made, applied=True)
    shops.change(made.id, klaviyo_account="")


def test_drafts_are_made_of_what_can_start_and_the_rest_is_explained(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, shop: Shop
) -> None:
    said = nextorder("klaviyo", "drafts", "--shop", shop.id)

    assert set(klaviyo.state()["flows"]) == {
        "Nextorder: Champions",
        "Nextorder: Win back",
        "Nextorder: Before the next order",
    }
    assert "Klaviyo has not seen its event yet" in said
    assert "6 start from events" in said
    assert "they come as customers do things" in said
    assert "life:missed is switched off in the catalogue" in said
    assert " was not made" not in said
    rows = [line for line in said.splitlines() if line.startswith("  without")]
    assert len({line.index(why) for line in rows for why in ("Klaviyo has not", "life:") if why in line}) == 1
    assert "made" not in nextorder("klaviyo", "drafts", "--shop", shop.id).replace("not made", "")


def test_a_segment_that_is_switched_on_and_not_there_is_said_to_be_missing_there(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    text = switched(packaged_catalogue(), ["life:missed"])
    shops.change(shop.id, catalogue=shops.save_catalogue(shop.id, text))

    said = nextorder("klaviyo", "drafts", "--shop", shop.id)

    assert "life:missed has no segment in Klaviyo yet: see `nextorder connect klaviyo --check`" in said


def test_before_events_go_out_it_is_said_that_they_are_the_last_step(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    shops.change(shop.id, going_live=GoingLive(step=Step.TAGS))

    assert "events are the last step of going live" in nextorder("klaviyo", "drafts", "--shop", shop.id)


def test_predictions_are_written_by_keyed_ids(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, aws: BareAws, shop: Shop, tmp_path: Path
) -> None:
    says = {"churn_probability": 0.25, "expected_date_of_next_order": "2026-12-01T00:00:00+00:00"}
    klaviyo.seed(
        {
            "profiles": [
                {"id": "01ANNA", "email": "anna@example.com", "predictive_analytics": says},
                {"id": "01BERTA", "email": "berta@example.com"},
                {"id": "01OTHER", "email": "other@example.com", "predictive_analytics": says},
            ]
        }
    )
    store = DynamoAccepted(aws.client("dynamodb"), TABLE)
    for customer, profile in (("7000000000001", "01ANNA"), ("7000000000002", "01BERTA"), ("3", "")):
        store.save(shop.id, customer, "klaviyo", Accepted(remote_id=profile, version=1))
    out = tmp_path / "predictions.csv"

    said = nextorder("klaviyo", "predictions", "--shop", shop.id, "--out", str(out))

    [row] = csv.DictReader(out.read_text().splitlines())
    assert (row["churn_probability"], row["predicted_clv"]) == ("0.25", "")
    assert row["expected_date_of_next_order"].startswith("2026-12-01")
    assert len(row["customer_key"]) == 20
    assert "1 of 2 profiles" in said
    assert not any(word in out.read_text() for word in ("example.com", "7000000000001", "01ANNA"))
    assert out.stat().st_mode & 0o077 == 0


def test_no_file_is_written_where_klaviyo_predicts_nothing(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    with pytest.raises(BadSettings, match="predicts nothing"):
        nextorder("klaviyo", "predictions", "--shop", shop.id, "--out", str(tmp_path / "none.csv"))

    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("action", [["drafts"], ["predictions", "--out", "x.csv"]])
def test_a_shop_without_klaviyo_is_told_so(
    nextorder: Nextorder, shops: DynamoShops, action: list[str]
) -> None:
    made = Shop(id=f"{uuid4().hex}.myshopify.com")
    shops.save(made)

    with pytest.raises(BadSettings, match="not connected"):
        nextorder("klaviyo", *action, "--shop", made.id)
