"""`nextorder connect klaviyo`: which account, and whose names in it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings, NeedsHuman
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.cli.connect_klaviyo.conftest import ACCOUNT, KEY
from tests.fakes.klaviyo import FakeKlaviyo
from tests.local_stack.bare import TABLE, BareAws


@pytest.fixture
def connected(shops: DynamoShops) -> Iterator[Callable[..., Shop]]:
    """Connect shops; afterwards none of them shares an account with another test's."""
    made: list[Shop] = []

    def connect(**fields: str) -> Shop:
        shop = replace(Shop(id=f"{uuid4().hex}.myshopify.com", currency="GBP"), **fields)  # type: ignore[arg-type]
        shops.save(shop)
        made.append(shop)
        return shop

    yield connect
    for shop in made:
        shops.change(shop.id, klaviyo_account="")


def connect(nextorder: Nextorder, shop: Shop, *more: str, key: str = KEY) -> str:
    return nextorder("connect", "klaviyo", "--shop", shop.id, "--key-stdin", *more, stdin=key)


def names(shops: DynamoShops, shop: Shop) -> tuple[str, str]:
    held = shops.get(shop.id)
    assert held
    return held.klaviyo_account, held.klaviyo_prefix


def test_the_account_is_remembered(
    nextorder: Nextorder, shops: DynamoShops, connected: Callable[..., Shop]
) -> None:
    shop = connected()

    said = connect(nextorder, shop)

    assert names(shops, shop) == (ACCOUNT, "nextorder")
    assert "counts in" not in said


def test_a_key_that_klaviyo_refuses_connects_nothing(
    nextorder: Nextorder, shops: DynamoShops, connected: Callable[..., Shop]
) -> None:
    shop = connected()

    with pytest.raises(NeedsHuman, match=f"private key for {shop.id} is wrong .* connect again"):
        connect(nextorder, shop, key="pk_wrong")

    assert names(shops, shop) == ("", "nextorder")


def test_a_second_shop_of_an_account_needs_names_of_its_own(
    nextorder: Nextorder, shops: DynamoShops, connected: Callable[..., Shop]
) -> None:
    connected(klaviyo_account=ACCOUNT)
    second = connected(currency="EUR")

    with pytest.raises(BadSettings, match="--prefix"):
        connect(nextorder, second)
    said = connect(nextorder, second, "--prefix", "nextorder_eu")

    assert names(shops, second) == (ACCOUNT, "nextorder_eu")
    assert "begin with nextorder_eu_" in said
    assert "Klaviyo counts in GBP; our amounts are in EUR" in said


@pytest.mark.parametrize(("first_key", "way"), [(KEY, ()), (KEY, ("--unchecked",)), ("pk_second", ())])
def test_an_account_that_was_not_asked_for_its_name_is_known_by_its_key(
    nextorder: Nextorder,
    klaviyo: FakeKlaviyo,
    connected: Callable[..., Shop],
    first_key: str,
    way: tuple[str, ...],
) -> None:
    klaviyo.second_key = "pk_second"
    connect(nextorder, connected(), "--unchecked", key=first_key)
    second = connected()

    with pytest.raises(BadSettings, match="--prefix"):
        connect(nextorder, second, *way)

    assert "kept for" in connect(nextorder, second, *way, "--prefix", "nextorder_eu")


def test_a_key_of_another_shop_that_opens_nothing_keeps_nobody_out(
    nextorder: Nextorder, connected: Callable[..., Shop]
) -> None:
    connect(nextorder, connected(), "--unchecked", key="pk_gone")

    assert "kept for" in connect(nextorder, connected())


@pytest.mark.parametrize("prefix", ["Next", "next-eu", "next__eu", "_next", "1next", "n" * 25])
def test_a_prefix_is_small_letters_and_digits(
    nextorder: Nextorder, connected: Callable[..., Shop], prefix: str
) -> None:
    with pytest.raises(BadSettings, match="--prefix"):
        connect(nextorder, connected(), "--prefix", prefix)


@pytest.mark.parametrize("fields", [{"klaviyo_account": "OTHER1"}, {"klaviyo_prefix": "mine"}])
def test_nothing_of_ours_is_left_behind_in_an_account_or_under_a_name(
    nextorder: Nextorder, aws: BareAws, connected: Callable[..., Shop], fields: dict[str, str]
) -> None:
    shop = connected(**({"klaviyo_account": ACCOUNT} | fields))
    store = DynamoAccepted(aws.client("dynamodb"), TABLE)
    store.save(shop.id, "7", "klaviyo", Accepted(remote_id="01ANNA", version=1))

    with pytest.raises(BadSettings, match="left behind there"):
        connect(nextorder, shop, "--prefix", "nextorder")
    store.delete(shop.id, "7", "klaviyo")

    assert "kept for" in connect(nextorder, shop, "--prefix", "nextorder")
