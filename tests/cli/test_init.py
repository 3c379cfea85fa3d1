"""`nextorder init`: what the merchant answers and what the history tells end up in force, and in one file."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.bulk import DynamoBulk
from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.cli.init import FILE, OBJECTIVE
from nextorder.cli.report import FOLDER
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Order, OrderLine
from nextorder.domain.shop import Costs, Incentives, Numbers, Shop
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.local_stack.places import ROOT

KEEP = "\n" * 20


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", currency="SEK")
    shops.save(shop)
    return shop


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "nextorder.toml"


def held(shops: DynamoShops, shop: Shop) -> Shop:
    found = shops.get(shop.id)
    assert found is not None
    return found


def test_enter_keeps_the_defaults(nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path) -> None:
    said = nextorder("init", "--shop", shop.id, "--file", str(file), stdin=KEEP)

    now = held(shops, shop)
    assert (now.objective, now.costs, now.incentives) == (OBJECTIVE, Costs(), Incentives())
    assert f"[{OBJECTIVE}]: " in said
    assert "What a parcel costs you (SEK) [0.00]: " in said
    assert "no history yet" in said
    assert f'objective = "{OBJECTIVE}"' in file.read_text()


def test_answers_are_put_in_force_and_a_wrong_one_is_asked_again(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    answers = [
        "Twice the orders",
        "0.6",
        "",
        "much",
        "-1",
        "2.50",
        "49",
        "5",
        "",
        "",
        "",
        "4",
        "yes",
        "20",
        "60",
    ]

    said = nextorder("init", "--shop", shop.id, "--file", str(file), stdin="\n".join(answers) + "\n")

    now = held(shops, shop)
    assert "much is no number" in said
    assert "expected a number from 0, not -1" in said
    assert (now.objective, now.delivery_days) == ("Twice the orders", 4)
    assert now.costs == Costs(
        default_margin=Decimal("0.6"), payment_fixed=250, outbound_shipping=4_900, pick_pack=500
    )
    assert now.incentives == Incentives(on=True, light_cost=2_000, strong_cost=6_000)


def test_offers_without_a_cost_stay_off(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    said = nextorder("init", "--shop", shop.id, "--file", str(file), stdin="\n" * 10 + "y\n20\n10\n")

    assert "offers stay off" in said
    assert not held(shops, shop).incentives.on


def test_nobody_is_asked_with_yes(nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path) -> None:
    options = ("--cost", "pick_pack=3", "--holdout", "0.2", "--delivery-days", "3")

    nextorder("init", "--yes", "--shop", shop.id, "--file", str(file), *options)

    now = held(shops, shop)
    assert (now.costs.pick_pack, now.holdout_share, now.delivery_days) == (300, Decimal("0.2"), 3)
    assert now.objective == OBJECTIVE


def test_without_anybody_to_answer_nothing_is_written(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    with pytest.raises(BadSettings, match="--yes takes the defaults"):
        nextorder("init", "--shop", shop.id, "--file", str(file))

    assert not file.exists()
    assert held(shops, shop) == shop


def test_a_file_that_cannot_be_written_is_refused_before_anything_is_in_force(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    with pytest.raises(BadSettings, match="--file: there is no folder"):
        nextorder(
            *("init", "--yes", "--shop", shop.id, "--holdout", "0.2"),
            *("--file", str(file.parent / "none" / "nextorder.toml")),
        )

    assert held(shops, shop) == shop


def test_a_file_that_is_there_is_not_written_over(nextorder: Nextorder, shop: Shop, file: Path) -> None:
    file.write_text("# mine\n")

    with pytest.raises(BadSettings, match="is there"):
        nextorder("init", "--yes", "--shop", shop.id, "--file", str(file))
    assert file.read_text() == "# mine\n"

    nextorder("init", "--yes", "--force", "--shop", shop.id, "--file", str(file))
    assert "[costs]" in file.read_text()


def test_the_file_puts_settings_in_force_again(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    nextorder("init", "--yes", "--shop", shop.id, "--file", str(file))
    file.write_text(file.read_text().replace("pick_pack = 0.00", "pick_pack = 7.50"))

    said = nextorder("settings", "--file", str(file), "--loyal", "5", "--shop", shop.id)

    assert "pick_pack           7.50 SEK" in said
    assert (held(shops, shop).costs.pick_pack, held(shops, shop).loyal_order_days) == (750, 5)


def test_a_wrong_line_of_the_file_changes_nothing(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    file.write_text("loyal_order_days = 5\n\n[costs]\npick_pack = -1\n")

    with pytest.raises(BadSettings, match=r"toml line 4: costs\.pick_pack"):
        nextorder("settings", "--file", str(file), "--shop", shop.id)

    assert held(shops, shop) == shop


def test_the_window_and_the_shops_numbers_are_found_in_its_history(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    client = aws.client("dynamodb")
    bulk = DynamoBulk(client, TABLE, DynamoCustomers(client, TABLE, new_log_key=lambda: ""))
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    for n in range(40):
        again = [20 + n] if n % 2 else []
        orders = [an_order(n, start + timedelta(days=day + n)) for day in (0, *again)]
        bulk.store_all(shop.id, {str(n): orders})

    said = nextorder(
        "init", "--yes", "--shop", shop.id, "--file", str(file), "--as-of", "2026-07-01T00:00:00+00:00"
    )

    now, text = held(shops, shop), file.read_text()
    window = now.numbers.window
    assert now.numbers.fitted_at == datetime(2026, 7, 1, tzinfo=UTC)
    assert f"second-order window {window.days} days" in said
    assert f"closes after {window.days} days [{window.lo}-{window.hi}], estimated on 20 second orders" in text
    assert "Found in 40 customers' orders, as of 2026-07-01" in text
    assert "under 50 second orders only life and hold are given" in text
    assert not now.applied


def test_a_live_shop_keeps_its_numbers(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, file: Path
) -> None:
    fitted = Numbers(customers=9, fitted_at=datetime(2026, 7, 1, tzinfo=UTC))
    shops.change(shop.id, applied=True, numbers=fitted)

    said = nextorder("init", "--yes", "--shop", shop.id, "--file", str(file))

    assert "the shop is live" in said
    assert held(shops, shop).numbers == fitted


def an_order(customer: int, at: datetime) -> Order:
    line = OrderLine(
        id=f"L{customer}-{at:%Y%m%d}", category="tea", quantity=1, revenue=40_000, unit_cost=10_000
    )
    return Order(
        id=f"{customer}-{at:%Y%m%d}",
        customer=str(customer),
        placed_at=at,
        updated_at=at,
        currency="SEK",
        lines=(line,),
        total=40_000,
    )


@pytest.mark.parametrize("name", [FILE, f"{FOLDER}/", "/nextorder-????-*.csv", "*.rejects.jsonl"])
def test_what_is_written_beside_the_merchant_is_kept_out_of_git(name: str) -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()

    assert {name, f"/{name}"} & {*ignored}
