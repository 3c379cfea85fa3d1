"""`nextorder connect shopify` and its --check: what is made in the shop, shown, and seen to work."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.installations import DynamoRecords
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.adapters.shopify.scopes import SCOPES, with_implied
from nextorder.adapters.shopify.subscriptions import SUBSCRIBED, enum_of
from nextorder.domain.catalogue_text import switched
from nextorder.domain.errors import BadSettings
from tests.cli.conftest import Nextorder, Said
from tests.fakes.door import Door
from tests.fakes.shopify import FakeShopify
from tests.fakes.shopify.server import STATIC_TOKEN
from tests.local_stack.bare import TABLE, BareAws

SECRET = "demo-secret"
CHANGING = {
    "metafieldDefinitionCreate",
    "metafieldDefinitionDelete",
    "metafieldDefinitionUpdate",
    "segmentCreate",
    "segmentDelete",
    "segmentUpdate",
    "webhookSubscriptionCreate",
    "webhookSubscriptionDelete",
    "webhookSubscriptionUpdate",
}


@pytest.fixture
def domain() -> str:
    return f"{uuid4().hex}.myshopify.com"


def connect(nextorder: Nextorder, domain: str, *more: str) -> Said:
    arguments = ("connect", "shopify", "--shop", domain, "--client-id", "demo-client", "--secret-stdin")
    return nextorder(*arguments, *more, stdin=SECRET)


def check(nextorder: Nextorder, domain: str) -> Said:
    return nextorder("connect", "shopify", "--shop", domain, "--check")


def changes(store: FakeShopify) -> int:
    return sum(store.counts[name] for name in CHANGING)


def test_connecting_makes_everything_and_sees_a_delivery_arrive(
    nextorder: Nextorder, store: FakeShopify, door: Door, domain: str
) -> None:
    said = connect(nextorder, domain)
    assert said.status == 0, said
    topics = {one["topic"] for one in store.store.subscriptions.values()}
    assert topics == {enum_of(topic) for topic in SUBSCRIBED}
    assert {one["uri"] for one in store.store.subscriptions.values()} == {door.url}
    assert "next:life:new" in {one["name"] for one in store.store.segments.values()}
    assert "made" in said
    assert "a signed one arrives" in said
    assert "a forged one is refused" in said


def test_the_second_time_nothing_is_changed(nextorder: Nextorder, store: FakeShopify, domain: str) -> None:
    connect(nextorder, domain)
    before = changes(store)
    said = connect(nextorder, domain)
    assert said.status == 0
    assert "nothing was changed" in said
    assert changes(store) == before


def test_a_check_changes_nothing_and_tells_what_is_wrong(
    nextorder: Nextorder, store: FakeShopify, domain: str
) -> None:
    connect(nextorder, domain)
    assert check(nextorder, domain).status == 0
    dropped = next(id_ for id_, one in store.store.subscriptions.items() if one["topic"] == "ORDERS_CREATE")
    del store.store.subscriptions[dropped]
    before = changes(store)
    said = check(nextorder, domain)
    assert said.status == 1
    assert "orders/create" in said
    assert changes(store) == before
    assert connect(nextorder, domain).status == 0
    assert check(nextorder, domain).status == 0


def test_a_check_says_what_puts_right_and_that_names_what_it_repaired(
    nextorder: Nextorder, store: FakeShopify, domain: str
) -> None:
    connect(nextorder, domain)
    by_topic = {one["topic"]: id_ for id_, one in store.store.subscriptions.items()}
    del store.store.subscriptions[by_topic["ORDERS_CREATE"]]
    assert f"run `nextorder connect shopify --shop {domain}` again" in check(nextorder, domain)
    said = connect(nextorder, domain)
    assert "made      1 webhook" in said
    assert said.partition("1 webhook")[2].split()[0] == "orders/create"
    assert "connect shopify" not in check(nextorder, domain)


def test_a_shop_that_was_never_installed_fails_its_check(nextorder: Nextorder, domain: str) -> None:
    connect(nextorder, domain, "--unchecked")
    said = check(nextorder, domain)
    assert said.status == 1
    assert "nothing is installed here: run `nextorder connect shopify" in said


def test_the_check_of_a_shop_that_was_left_says_when(
    nextorder: Nextorder, shops: DynamoShops, domain: str
) -> None:
    connect(nextorder, domain)
    shops.change(domain, uninstalled_at=datetime(2026, 11, 20, tzinfo=UTC))
    said = check(nextorder, domain)
    assert said.status == 1
    assert "taken out of the shop on 2026-11-20: install it there, then run `nextorder connect" in said


def segments(store: FakeShopify) -> set[str]:
    return {one["name"] for one in store.store.segments.values()}


def test_shopifys_segments_follow_the_catalogue(
    nextorder: Nextorder, store: FakeShopify, domain: str, tmp_path: Path
) -> None:
    connect(nextorder, domain)
    file = tmp_path / "mine.toml"
    file.write_text(switched(packaged_catalogue(), ["life:new", "value:gold"]), encoding="utf-8")
    before = segments(store)
    assert {"next:life:new", "next:risk:at-risk"} <= before

    said = nextorder("catalogue", "apply", str(file), "--shop", domain)

    assert "removed" in said
    assert segments(store) == {"next:life:new", "next:value:gold", "next:hold"}
    assert check(nextorder, domain).status == 0
    nextorder("catalogue", "apply", "--shop", domain)
    assert segments(store) == before


def test_a_catalogue_is_put_in_force_also_while_the_shop_does_not_answer(
    nextorder: Nextorder, store: FakeShopify, domain: str
) -> None:
    connect(nextorder, domain)
    store.store.scopes = frozenset()

    said = nextorder("catalogue", "apply", "--shop", domain)

    assert said.status == 0
    assert "within a day the daily check makes Shopify's follow" in said


def test_an_optional_scope_is_told_with_its_cost_and_the_way_out(
    nextorder: Nextorder, store: FakeShopify, domain: str
) -> None:
    store.store.scopes -= {"read_all_orders"}
    said = connect(nextorder, domain)
    assert said.status == 0
    assert "60 days" in said
    assert "CSV" in said


EVERY = [scope.name for scope in SCOPES]
NEEDED = [scope.name for scope in SCOPES if scope.needed]


@pytest.mark.parametrize("lacking", [[one] for one in NEEDED] + [EVERY], ids=[*NEEDED, "every one"])
def test_without_a_needed_scope_the_command_fails_and_says_first_what_it_costs(
    nextorder: Nextorder, store: FakeShopify, domain: str, lacking: list[str]
) -> None:
    granted = {*EVERY} - {*lacking}
    # to write is to read
    store.store.scopes = frozenset(granted - {"write_customers"} if "read_customers" in lacking else granted)

    for said in (connect(nextorder, domain), check(nextorder, domain)):
        assert said.status == 1
        table, said_so, _ = said.partition("-> give the app these scopes")
        assert said_so
        for scope in SCOPES:
            assert scope.name in table
            assert (scope.lack in table) == (scope.name not in with_implied(store.store.scopes))


def test_a_door_that_takes_forged_deliveries_is_told(nextorder: Nextorder, door: Door, domain: str) -> None:
    door.open = True
    said = connect(nextorder, domain)
    assert said.status == 1
    assert "a forged one is refused: the address answered 200" in said


def test_with_an_event_source_subscriptions_go_there_and_the_door_is_tried_all_the_same(
    nextorder: Nextorder, store: FakeShopify, door: Door, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVENT_SOURCE", "aws.partner/shopify.com/1/nextorder")
    said = connect(nextorder, domain)
    assert said.status == 0, said
    source = "event-source/aws.partner/shopify.com/1/nextorder"
    assert {one["uri"] for one in store.store.subscriptions.values()} == {
        f"arn:aws:events:us-east-1::{source}"
    }
    assert door.seen == ["nextorder/ping", "nextorder/ping"]


def test_an_address_where_nobody_is_is_told(nextorder: Nextorder, domain: str) -> None:
    said = connect(nextorder, domain, "--webhook-url", "http://127.0.0.1:9/")
    assert said.status == 1
    assert "cannot be reached" in said


def test_a_legacy_app_is_connected_by_its_static_token(
    nextorder: Nextorder, store: FakeShopify, aws: BareAws, domain: str
) -> None:
    arguments = ("connect", "shopify", "--shop", domain, "--static-token", "--secret-stdin")
    said = nextorder(*arguments, stdin=f"{STATIC_TOKEN}\n{SECRET}\n")
    assert said.status == 0
    assert store.counts["access_token"] == 0
    held = aws.client("secretsmanager").get_secret_value(SecretId=aws.secret_arn)["SecretString"]
    assert STATIC_TOKEN in held
    assert STATIC_TOKEN not in said
    assert SECRET not in said


@pytest.mark.parametrize("which", [(), ("--client-id", "one", "--static-token")])
def test_one_kind_of_app_has_to_be_named(nextorder: Nextorder, domain: str, which: tuple[str, ...]) -> None:
    with pytest.raises(BadSettings, match="--client-id"):
        nextorder("connect", "shopify", "--shop", domain, *which, "--secret-stdin", stdin="x")


def test_the_apps_own_configuration_may_carry_the_subscriptions(
    nextorder: Nextorder, store: FakeShopify, aws: BareAws, domain: str
) -> None:
    connect(nextorder, domain)
    connect(nextorder, domain, "--subscriptions", "app")
    assert not store.store.subscriptions
    connect(nextorder, domain)
    assert not store.store.subscriptions
    assert DynamoRecords(aws.client("dynamodb"), TABLE).load(domain).in_app
    connect(nextorder, domain, "--subscriptions", "shop")
    assert store.store.subscriptions
