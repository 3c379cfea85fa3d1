"""`nextorder settings`: what a merchant decides, in the shop's own currency."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.model_records import DynamoModelRecords
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.model_card import Former
from nextorder.domain.shop import Costs, CountryCosts, Numbers, Shop
from nextorder.use_cases.update_customer import Judge, update_customer
from tests.cli.conftest import Nextorder
from tests.fakes.signs import InMemoryForgotten
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import SHOP, an_order


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    """A shop of Stockholm, its settings as they come."""
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", currency="SEK")
    shops.save(shop)
    return shop


def test_settings_are_shown_in_the_shops_currency(nextorder: Nextorder, shop: Shop) -> None:
    said = nextorder("settings", "--shop", shop.id)
    assert "payment_rate        0.029" in said
    assert "payment_fixed       0.30 SEK" in said
    assert "holdout             0.10" in said
    assert "loyal               4" in said
    assert "count-wholesale     no" in said


def test_costs_are_told_one_by_one(nextorder: Nextorder, shops: DynamoShops, shop: Shop) -> None:
    costs = ("--cost", "payment_rate=0.019", "--cost", "outbound_shipping=4.50")
    said = nextorder("settings", "--shop", shop.id, *costs)
    held = shops.get(shop.id)
    assert held is not None
    assert held.costs == Costs(payment_rate=Decimal("0.019"), outbound_shipping=450)
    assert "outbound_shipping   4.50 SEK" in said
    nextorder("settings", "--shop", shop.id, "--cost", "pick_pack=1")
    held = shops.get(shop.id)
    assert held is not None
    assert (held.costs.outbound_shipping, held.costs.pick_pack) == (450, 100)


def test_a_rate_converts_costs_that_were_told_in_the_former_currency(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    nextorder("settings", "--shop", shop.id, "--cost", "pick_pack=10")
    shops.change(shop.id, currency="EUR")
    with pytest.raises(BadSettings, match="costs were told in SEK"):
        nextorder("settings", "--shop", shop.id, "--cost", "outbound_shipping=4")

    said = nextorder("settings", "--shop", shop.id, "--rate", "SEK=0.09", "--cost", "outbound_shipping=4")

    held = shops.get(shop.id)
    assert held is not None
    assert (held.costs.pick_pack, held.costs.outbound_shipping, held.told_in) == (90, 400, "EUR")
    assert "SEK in EUR          0.09" in said


def test_a_category_has_a_margin_of_its_own(nextorder: Nextorder, shops: DynamoShops, shop: Shop) -> None:
    nextorder("settings", "--shop", shop.id, "--margin", "Tea = pots=0.6", "--margin", "mugs=0.25")
    said = nextorder("settings", "--shop", shop.id, "--margin", "mugs=0.3")
    held = shops.get(shop.id)
    assert held is not None
    assert held.costs.margin_by_category == {"Tea = pots": Decimal("0.6"), "mugs": Decimal("0.3")}
    assert "margin of mugs      0.3" in said


def test_a_country_has_costs_of_its_own(nextorder: Nextorder, shops: DynamoShops, shop: Shop) -> None:
    nextorder("settings", "--shop", shop.id, "--cost", "NO.outbound_shipping=12", "--cost", "NO.pick_pack=1")
    said = nextorder("settings", "--shop", shop.id, "--cost", "NO.pick_pack=2", "--cost", "pick_pack=3")
    held = shops.get(shop.id)
    assert held is not None
    assert held.costs == Costs(
        pick_pack=300, by_country={"NO": CountryCosts(outbound_shipping=1_200, pick_pack=200)}
    )
    assert "NO.pick_pack        2.00 SEK" in said


def test_a_cost_of_a_country_and_a_margin_are_taken_away_again(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    nextorder("settings", "--shop", shop.id, "--cost", "NO.pick_pack=1", "--margin", "mugs=0.3")
    nextorder("settings", "--shop", shop.id, "--cost", "NO.pick_pack=", "--margin", "mugs=")
    held = shops.get(shop.id)
    assert held is not None
    assert held.costs == Costs()


def test_the_rest_is_told_too_and_nothing_else_changes(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop
) -> None:
    shops.change(shop.id, applied=True)
    options = ("--holdout", "0.2", "--loyal", "5", "--count-wholesale", "yes")
    nextorder("settings", "--shop", shop.id, *options)
    held = shops.get(shop.id)
    assert held is not None
    assert (held.holdout_share, held.loyal_order_days, held.count_wholesale) == (Decimal("0.2"), 5, True)
    assert (held.applied, held.costs) == (True, Costs())


def test_a_currency_without_minor_units_has_none(nextorder: Nextorder, shops: DynamoShops) -> None:
    yen = Shop(id=f"{uuid4().hex}.myshopify.com", currency="JPY")
    shops.save(yen)
    said = nextorder("settings", "--shop", yen.id, "--cost", "outbound_shipping=450")
    held = shops.get(yen.id)
    assert held is not None
    assert held.costs.outbound_shipping == 450
    assert "outbound_shipping   450 JPY" in said
    with pytest.raises(BadSettings, match="JPY"):
        nextorder("settings", "--shop", yen.id, "--cost", "outbound_shipping=4.50")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--cost", "postage=4.50"),
        ("--cost", "NO.payment_rate=0.1"),
        ("--cost", "Norway.pick_pack=1"),
        ("--cost", "margin_by_category=1"),
        ("--cost", "payment_rate"),
        ("--cost", "payment_rate=1.5"),
        ("--cost", "payment_rate=-0.1"),
        ("--cost", "payment_rate=NaN"),
        ("--cost", "outbound_shipping=-1"),
        ("--cost", "outbound_shipping=4.505"),
        ("--cost", "outbound_shipping=1e30"),
        ("--cost", "outbound_shipping=Infinity"),
        ("--cost", "outbound_shipping=much"),
        ("--margin", "mugs"),
        ("--margin", "=0.5"),
        ("--margin", "mugs=2"),
        ("--holdout", "1.1"),
        ("--holdout", "ten"),
        ("--loyal", "1"),
        ("--loyal", "4.5"),
    ],
)
def test_nonsense_changes_nothing(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, wrong: tuple[str, str]
) -> None:
    """Not even what stands beside it."""
    with pytest.raises(BadSettings, match=wrong[0]):
        nextorder("settings", "--shop", shop.id, "--cost", "pick_pack=1", *wrong)
    assert shops.get(shop.id) == shop


@pytest.fixture
def live(aws: BareAws, shops: DynamoShops) -> Shop:
    """A shop whose twelve new customers are shown."""
    now = datetime.now(UTC)
    numbers = Numbers(customers=12, fitted_at=now)
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com", applied=True, numbers=numbers)
    shops.save(shop)
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    judge = Judge(customers=customers, shops=shops, forgotten=InMemoryForgotten())
    for name in map(str, range(12)):
        order = replace(an_order(0, name=f"o{name}"), customer=name, placed_at=now, updated_at=now)
        customers.store(shop.id, name, order)
        update_customer(name, shop=shop, judge=judge, as_of=now)
    return shop


def test_settings_that_move_many_of_a_live_shop_wait_for_the_merchants_word(
    nextorder: Nextorder, shops: DynamoShops, live: Shop
) -> None:
    settings = ("settings", "--holdout", "1", "--shop", live.id)

    said = nextorder(*settings, stdin="n\n")
    assert "would be shown elsewhere: 12 of 12 customers" in said
    assert "nothing was done" in said
    assert shops.get(live.id) == live

    nextorder(*settings, "--yes")
    held = shops.get(live.id)
    assert held is not None
    assert held.holdout_share == 1


def test_numbers_that_withhold_what_is_shown_wait_for_the_merchants_word_however_few_are_in_it(
    nextorder: Nextorder, aws: BareAws, shops: DynamoShops, live: Shop
) -> None:
    client = aws.client("dynamodb")
    customers = DynamoCustomers(client, TABLE, new_log_key=lambda: "of-a-test")
    state = customers.read(live.id, "7").state
    assert state
    shown = replace(state, version=state.version + 1, shown_in=(*state.shown_in, "value:gold"))
    customers.save_state(live.id, "7", shown, replaces=state.version)
    before = datetime(2026, 10, 1, tzinfo=UTC)
    without = replace(live.numbers, fitted_at=before, withheld={"value": "Costs are told of 9 %."})
    DynamoModelRecords(client, TABLE).keep_former(live.id, Former(numbers=without, catalogue=""))
    back = ("model", "rollback", "--shop", live.id)

    said = nextorder(*back, stdin="n\n")
    assert "would be shown elsewhere: 1 of 12 customers" in said
    assert "nobody would be in value any more: Costs are told of 9 %. `nextorder audit`" in said
    assert shops.get(live.id) == live

    assert "in force" in nextorder(*back, stdin="y\n")
    held = shops.get(live.id)
    assert held
    assert held.numbers == without


def test_words_alone_move_nobody_and_need_no_look(
    nextorder: Nextorder, shops: DynamoShops, live: Shop
) -> None:
    said = nextorder("settings", "--objective", "Twice the orders", "--shop", live.id)

    assert "would be shown" not in said
    held = shops.get(live.id)
    assert held is not None
    assert held.objective == "Twice the orders"


def test_settings_that_are_told_again_as_they_are_need_no_look(
    nextorder: Nextorder, shops: DynamoShops, live: Shop
) -> None:
    said = nextorder("settings", "--holdout", str(live.holdout_share), "--loyal", "4", "--shop", live.id)

    assert "would be shown" not in said
    assert "nextorder fit" not in said
    assert shops.get(live.id) == live


def test_a_cost_of_no_country_is_refused(nextorder: Nextorder, shop: Shop) -> None:
    with pytest.raises(BadSettings, match="ZZ is no country"):
        nextorder("settings", "--shop", shop.id, "--cost", "ZZ.pick_pack=1")
