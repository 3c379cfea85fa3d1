"""`nextorder connect shopify`: what is kept of a shop, and what a second time changes."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap.update import prior
from nextorder.cli.main import parser
from nextorder.domain.errors import BadSettings, NeedsHuman
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws

SECRET = "demo-secret"


@pytest.fixture
def domain() -> str:
    return f"{uuid4().hex}.myshopify.com"


def held(aws: BareAws, domain: str) -> Shop | None:
    return DynamoShops(aws.client("dynamodb"), TABLE, prior=prior).get(domain)


def connect(nextorder: Nextorder, domain: str, *more: str, secret: str = SECRET) -> str:
    arguments = ("connect", "shopify", "--shop", domain, "--client-id", "demo-client", "--secret-stdin")
    return nextorder(*arguments, *more, stdin=secret)


def test_a_shop_is_kept_as_it_describes_itself(
    nextorder: Nextorder, aws: BareAws, store: FakeShopify, domain: str
) -> None:
    connect(nextorder, domain)
    shop = held(aws, domain)
    assert shop is not None
    assert (shop.gid, shop.timezone, shop.currency) == (store.store.shop_id, "Europe/London", "GBP")
    assert shop.storefront == "www.example.com"
    assert not shop.applied


def test_a_new_currency_is_told_with_what_it_asks_for(
    nextorder: Nextorder, store: FakeShopify, domain: str
) -> None:
    assert "worth" not in connect(nextorder, domain)
    store.store.currency = "EUR"

    said = connect(nextorder, domain)

    assert "`nextorder settings --rate GBP=...` says what GBP is worth" in said
    assert "costs count for orders in the currency they were told in: for EUR" in said


def test_the_shop_is_known_before_its_secret(nextorder: Nextorder, aws: BareAws, domain: str) -> None:
    """A secret that cannot be written leaves a shop without webhooks, not webhooks without a shop."""
    secrets = aws.client("secretsmanager")
    before = secrets.get_secret_value(SecretId=aws.secret_arn)["SecretString"]
    secrets.put_secret_value(SecretId=aws.secret_arn, SecretString="no json")
    try:
        with pytest.raises(json.JSONDecodeError):
            connect(nextorder, domain, "--unchecked")
    finally:
        secrets.put_secret_value(SecretId=aws.secret_arn, SecretString=before)
    assert held(aws, domain)


def test_a_wrong_secret_connects_nothing(nextorder: Nextorder, aws: BareAws, domain: str) -> None:
    with pytest.raises(NeedsHuman, match=f"{domain}: .*the client id or secret is wrong.*connect again"):
        connect(nextorder, domain, secret="wrong")
    assert held(aws, domain) is None


def test_a_wrong_static_token_connects_nothing(nextorder: Nextorder, aws: BareAws, domain: str) -> None:
    arguments = ("connect", "shopify", "--shop", domain, "--static-token", "--secret-stdin")
    with pytest.raises(NeedsHuman, match=f"{domain}: the access token is wrong.*connect again"):
        nextorder(*arguments, stdin=f"shpat_wrong\n{SECRET}\n")
    assert held(aws, domain) is None


def test_a_mistyped_shop_is_refused_by_the_name_of_the_one_that_answers(
    nextorder: Nextorder, aws: BareAws, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeShopify(shop="another.myshopify.com") as other:
        monkeypatch.setenv("SHOPIFY_URL", other.url)
        with pytest.raises(BadSettings, match=f"another.myshopify.com answers for {domain}"):
            connect(nextorder, domain)
    assert held(aws, domain) is None


def test_a_shop_that_was_renamed_is_still_the_same(
    nextorder: Nextorder, aws: BareAws, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(nextorder, domain)
    with FakeShopify(shop="another.myshopify.com") as renamed:
        monkeypatch.setenv("SHOPIFY_URL", renamed.url)
        connect(nextorder, domain)
    assert held(aws, domain)


@pytest.mark.parametrize(
    "what",
    [
        ("shopify", "--shop", "{}", "--client-id", "x"),
        ("klaviyo", "--shop", "{}"),
        ("mailchimp", "--shop", "{}", "--set", "audience=x"),
    ],
)
def test_where_there_is_no_terminal_the_way_without_one_is_named(
    nextorder: Nextorder, domain: str, what: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_terminal(_prompt: str) -> str:
        raise EOFError

    connect(nextorder, domain)
    monkeypatch.setattr("getpass.getpass", no_terminal)
    with pytest.raises(BadSettings, match=r"no terminal .* --secrets-stdin"):
        nextorder("connect", *(word.format(domain) for word in what))


@pytest.mark.parametrize("platform", ["shopify", "klaviyo", "mailchimp", "webhook"])
@pytest.mark.parametrize("option", ["--secrets-stdin", "--secret-stdin", "--key-stdin"])
def test_every_platform_takes_its_secret_from_stdin_by_any_of_the_options_names(
    platform: str, option: str
) -> None:
    assert parser().parse_args(["connect", platform, option]).from_stdin


def test_a_shop_that_was_left_is_not_meant_where_none_is_named(
    nextorder: Nextorder, shops: DynamoShops, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(nextorder, domain)
    left = f"left-{domain}"
    connect(nextorder, left)
    shops.change(left, uninstalled_at=datetime(2026, 11, 20, tzinfo=UTC))
    monkeypatch.setattr(DynamoShops, "connected", lambda _: [domain, left])
    assert domain in nextorder("settings")
    third = f"third-{domain}"
    connect(nextorder, third)
    monkeypatch.setattr(DynamoShops, "connected", lambda _: [domain, left, third])
    with pytest.raises(BadSettings, match=f"connected: {domain}, {third}; uninstalled: {left}"):
        nextorder("settings")
    monkeypatch.setattr(DynamoShops, "connected", lambda _: [left])
    assert left in nextorder("settings")
    monkeypatch.setattr(DynamoShops, "connected", lambda _: [])
    with pytest.raises(BadSettings, match="no shop is connected yet: run `nextorder connect shopify --shop"):
        nextorder("settings")


def test_an_unchecked_shop_is_what_the_caller_says(nextorder: Nextorder, aws: BareAws, domain: str) -> None:
    terms = ("--timezone", "Europe/Stockholm", "--currency", "SEK", "--shop-gid", "gid://shopify/Shop/7")
    connect(nextorder, domain, "--unchecked", *terms)
    expected = Shop(id=domain, gid="gid://shopify/Shop/7", timezone="Europe/Stockholm", currency="SEK")
    assert lasting(aws, domain) == expected


def test_connecting_unchecked_again_takes_nothing_back(
    nextorder: Nextorder, aws: BareAws, domain: str
) -> None:
    connect(nextorder, domain)
    before = lasting(aws, domain)
    connect(nextorder, domain, "--unchecked", secret="the next one")
    assert lasting(aws, domain) == before


def test_settings_outlive_a_new_secret_and_an_uninstalled_shop_is_back(
    nextorder: Nextorder, aws: BareAws, domain: str
) -> None:
    connect(nextorder, domain)
    shops = DynamoShops(aws.client("dynamodb"), TABLE, prior=prior)
    shops.change(domain, applied=True, uninstalled_at=datetime(2026, 11, 1, tzinfo=UTC), loyal_order_days=6)
    connect(nextorder, domain, "--unchecked")
    shop = held(aws, domain)
    assert shop is not None
    assert (shop.applied, shop.uninstalled_at, shop.loyal_order_days) == (True, None, 6)


def test_who_is_held_out_changes_only_on_request(
    nextorder: Nextorder, aws: BareAws, store: FakeShopify, domain: str
) -> None:
    connect(nextorder, domain, "--unchecked", "--shop-gid", "gid://shopify/Shop/7")
    said = connect(nextorder, domain)
    kept = lasting(aws, domain)
    assert kept.gid == "gid://shopify/Shop/7"
    assert store.store.shop_id in said
    connect(nextorder, domain, "--shop-gid", store.store.shop_id)
    assert lasting(aws, domain) == replace(kept, gid=store.store.shop_id)


def lasting(aws: BareAws, domain: str) -> Shop:
    """Return the shop without the moments that each connecting notes."""
    shop = held(aws, domain)
    assert shop is not None
    assert shop.connected_at
    return replace(shop, connected_at=None, updated_at=None)


@pytest.mark.parametrize(
    "wrong",
    [
        ("--unchecked", "--timezone", "Mars/Olympus"),
        ("--unchecked", "--timezone", "../etc"),
        ("--unchecked", "--currency", "euro"),
        ("--unchecked", "--shop-gid", "7"),
        ("--currency", "EUR"),
    ],
)
def test_nonsense_connects_nothing(
    nextorder: Nextorder, aws: BareAws, domain: str, wrong: tuple[str, ...]
) -> None:
    with pytest.raises(BadSettings):
        connect(nextorder, domain, *wrong)
    assert held(aws, domain) is None
