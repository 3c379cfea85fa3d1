"""`nextorder backtest`: from a file or the shop's own facts, and never a byte later than its clock."""

import csv
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap.keys import connections
from nextorder.cli.main import main
from nextorder.domain.errors import BadSettings
from nextorder.domain.keyed import keyed_id
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.cli.order_file_cases import START, a_store, order_file
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import SHOP, a_refund, an_order

AS_OF = "2026-03-01"


def backtest(folder: Path, rows: list[str], *more: str) -> tuple[int, Path]:
    folder.mkdir(exist_ok=True)
    orders, out = order_file(folder / "orders.csv", rows), folder / "out"
    return main(["backtest", "--orders", orders, "--as-of", AS_OF, "--out", str(out), *more]), out


def test_a_small_store_is_told_that_it_is_too_small(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out = backtest(tmp_path, a_store())

    said = capsys.readouterr().out
    assert status == 0
    assert "verdict: not enough data" in said
    assert "broken  at least 50 customers had ordered again" in said
    assert said.index("verdict: ") < said.index("horizon  ")
    told = json.loads((out / "backtest.json").read_text())
    assert told["verdict"] == "not enough data"
    with (out / "calibration.csv").open() as file:
        assert {row["horizon_days"] for row in csv.DictReader(file)} >= {"30", "90"}


def test_a_day_after_the_end_of_the_file_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = order_file(tmp_path / "orders.csv", a_store())

    assert main(["backtest", "--orders", orders, "--as-of", "2026-11-01"]) == 1
    assert "orders.csv holds nothing after 2026-11-01 to judge by" in capsys.readouterr().err


def test_what_is_said_is_what_score_would_have_said_then(tmp_path: Path) -> None:
    _, out = backtest(tmp_path, a_store())
    orders, scores = str(tmp_path / "orders.csv"), tmp_path / "scores.csv"
    days = "0.5,5,7,30,90,180,365"
    main(["score", "--orders", orders, "--as-of", AS_OF, "--out", str(scores), "--horizons", days])

    with (out / "forecast.csv").open() as told, scores.open() as scored:
        columns = ("customer_id", "horizon_days", "p_order", "p_lo", "p_hi")
        ours, theirs = (
            [[row[name] for name in columns] for row in csv.DictReader(one)] for one in (told, scored)
        )
    assert ours == theirs


def test_a_poisoned_future_changes_no_byte_of_the_forecast(tmp_path: Path) -> None:
    _, clean = backtest(tmp_path / "clean", a_store())
    poison = [f"c{n:03d},2026-03-{1 + n % 28:02d} 00:00,{10**n % 10**9}" for n in range(0, 60, 2)]
    poison += ["new,2026-04-01,99", "c001,2026-03-01 00:00,-20"]
    _, poisoned = backtest(tmp_path / "poisoned", [*poison, *a_store()])

    assert (poisoned / "forecast.csv").read_bytes() == (clean / "forecast.csv").read_bytes()
    assert (poisoned / "calibration.csv").read_bytes() != (clean / "calibration.csv").read_bytes()


def test_others_are_compared_by_what_they_said_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    others = tmp_path / "others.csv"
    rows = [f"c{n:03d},2026-02-27,{'CHAMPIONS' if n > 40 else 'DORMANT'},{n}" for n in range(60)]
    others.write_text("\n".join(["customer_id,read_at,rfm_group,predicted_clv", *rows]), encoding="utf-8")

    backtest(tmp_path, a_store(), "--against", str(others))

    said = capsys.readouterr().out
    assert "rfm_group" in said
    assert "predicted_clv" in said


@pytest.mark.parametrize(
    ("header", "row", "complaint"),
    [
        ("customer_id,clv", "c001,5", "the columns customer_id and read_at are needed"),
        ("customer_id,read_at,clv", "c001,2026-03-02,5", "row 2: read after --as-of"),
        ("customer_id,read_at,clv", "c001,soon,5", "row 2, column read_at: write 2026-05-01T06:00"),
        ("customer_id,read_at,clv", "c001,2026-02-01,much", "row 2, column clv: write a number"),
    ],
)
def test_rankings_that_cannot_be_trusted_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], header: str, row: str, complaint: str
) -> None:
    others = tmp_path / "others.csv"
    others.write_text(f"{header}\n{row}\n", encoding="utf-8")

    status, _ = backtest(tmp_path, a_store(), "--against", str(others))

    assert status == 1
    assert complaint in capsys.readouterr().err


def a_shop(aws: BareAws, shops: DynamoShops) -> tuple[Shop, DynamoCustomers]:
    """A connected shop with forty customers' orders before the moment and some after it."""
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com")
    shops.save(shop)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    for number in range(40):
        for turn in range(1 + number % 4):
            at = START + timedelta(days=5 * number + 20 * turn)
            order = replace(an_order(0, name=f"o{number}-{turn}"), placed_at=at, updated_at=at)
            customers.store(shop.id, str(number), replace(order, customer=str(number)))
    return shop, customers


def test_a_shops_own_facts_are_known_as_they_were_then(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, tmp_path: Path
) -> None:
    shop, customers = a_shop(aws, shops)
    clean, poisoned = tmp_path / "clean", tmp_path / "poisoned"
    told = nextorder("backtest", "--as-of", "2026-01-10", "--shop", shop.id, "--out", str(clean))
    assert "gross profit 2 of" in told
    assert "verdict: not enough data" in told

    at = datetime(2026, 2, 1, tzinfo=UTC)
    for number in range(0, 40, 3):
        order = replace(an_order(0, name=f"o{number}-0"), placed_at=START + timedelta(days=5 * number))
        late = replace(an_order(0, 10**6, name=f"late{number}"), placed_at=at, updated_at=at)
        customers.store(
            shop.id,
            str(number),
            replace(order, customer=str(number), updated_at=at, cancelled_at=at, financial_status="refunded"),
        )
        customers.store(shop.id, str(number), replace(late, customer=str(number)))
        back = replace(a_refund(order, 0, 5_000), placed_at=at, updated_at=at)
        customers.store(shop.id, str(number), back)
    said = nextorder("backtest", "--as-of", "2026-01-10", "--shop", shop.id, "--out", str(poisoned))

    assert "of the orders before it 14 changed after it: later payments" in said
    assert "changed after it" not in told
    assert json.loads((poisoned / "backtest.json").read_text())["orders_changed"] == 14
    assert (poisoned / "forecast.csv").read_bytes() == (clean / "forecast.csv").read_bytes()
    assert (poisoned / "backtest.json").read_bytes() != (clean / "backtest.json").read_bytes()


def test_klaviyos_predictions_are_compared_by_keyed_ids(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, tmp_path: Path
) -> None:
    shop, _ = a_shop(aws, shops)
    secret, predictions = connections().pepper(), tmp_path / "klaviyo.csv"
    rows = [f"{keyed_id(secret, shop.id, str(n))},2026-01-09T06:00:00Z,{n},2026-03-01" for n in range(40)]
    header = "customer_key,read_at,predicted_clv,expected_date_of_next_order"
    predictions.write_text("\n".join([header, *rows, "a-stranger,2026-01-09T06:00:00Z,7,"]))
    before = ("backtest", "--as-of", "2026-01-10", "--json", "--shop", shop.id)

    told = json.loads(nextorder(*before, "--against", str(predictions)))

    assert [one["ranking"] for one in told["captures"][3:]] == ["predicted_clv"]


def test_a_file_that_cannot_be_used_is_refused_before_everyone_is_read(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop, _ = a_shop(aws, shops)
    others = tmp_path / "others.csv"
    others.write_text("customer_id,read_at,clv\n7,2026-01-11,5\n", encoding="utf-8")
    before = ("backtest", "--as-of", "2026-01-10", "--shop", shop.id)

    with pytest.raises(BadSettings, match="row 2: read after --as-of"):
        nextorder(*before, "--against", str(others))
    with pytest.raises(BadSettings, match="--out: the folder"):
        nextorder(*before, "--out", str(others))
    assert "customers" not in capsys.readouterr().err


def test_what_was_written_is_said_and_not_to_a_program(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, tmp_path: Path
) -> None:
    shop, _ = a_shop(aws, shops)
    told = ("backtest", "--as-of", "2026-01-10", "--shop", shop.id, "--out", str(tmp_path / "told"))

    said = nextorder(*told)
    assert said.splitlines()[-1] == f"  wrote     forecast.csv, calibration.csv, backtest.json to {told[-1]}"
    assert {path.name for path in (tmp_path / "told").iterdir()} == {
        *("forecast.csv", "calibration.csv", "backtest.json")
    }
    assert json.loads(nextorder(*told, "--json"))["verdict"]


def test_a_program_reads_the_verdict_and_every_rule(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops
) -> None:
    shop, _ = a_shop(aws, shops)
    told = json.loads(nextorder("backtest", "--as-of", "2026-01-10", "--json", "--shop", shop.id))

    assert told["verdict"] == "not enough data"
    assert {"rule", "found", "holds"} == told["checks"][0].keys()


def test_a_day_before_everyone_is_refused(nextorder: Nextorder, aws: BareAws, shops: DynamoShops) -> None:
    shop, _ = a_shop(aws, shops)

    with pytest.raises(BadSettings, match="nobody had ordered before 2020-01-01"):
        nextorder("backtest", "--as-of", "2020-01-01", "--shop", shop.id)
