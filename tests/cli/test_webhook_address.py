"""Where webhooks go: an address of the merchant's own stands until another one is given."""

from uuid import uuid4

import pytest

from tests.cli.conftest import Nextorder, Said
from tests.fakes.door import Door
from tests.fakes.shopify import FakeShopify


@pytest.fixture
def domain() -> str:
    return f"{uuid4().hex}.myshopify.com"


def connect(nextorder: Nextorder, domain: str, *more: str) -> Said:
    arguments = ("connect", "shopify", "--shop", domain, "--client-id", "demo-client", "--secret-stdin")
    return nextorder(*arguments, *more, stdin="demo-secret")


def addresses(store: FakeShopify) -> set[str]:
    return {one["uri"] for one in store.store.subscriptions.values()}


def test_an_address_of_ones_own_stands_until_another_is_given(
    nextorder: Nextorder, store: FakeShopify, door: Door, domain: str
) -> None:
    own = door.url.replace("127.0.0.1", "localhost")
    connect(nextorder, domain, "--webhook-url", own)

    again = connect(nextorder, domain)

    assert again.status == 0, again
    assert addresses(store) == {own}
    assert f"go to {own}" in again
    assert "nothing was changed" in again


def test_a_new_address_is_told_beside_the_old_one(
    nextorder: Nextorder, store: FakeShopify, door: Door, domain: str
) -> None:
    own = door.url.replace("127.0.0.1", "localhost")
    connect(nextorder, domain, "--webhook-url", own)

    said = connect(nextorder, domain, "--webhook-url", "stack")

    assert said.status == 0, said
    assert f"from {own} to {door.url}" in said
    assert addresses(store) == {door.url}


def test_the_shell_may_say_where_webhooks_of_a_local_stack_go(
    nextorder: Nextorder, store: FakeShopify, door: Door, domain: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = door.url.replace("127.0.0.1", "localhost")
    monkeypatch.setenv("NEXTORDER_WEBHOOK_URL", own)
    assert connect(nextorder, domain).status == 0
    assert addresses(store) == {own}
