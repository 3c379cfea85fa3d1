"""A key that was rotated is read afresh before a human is called."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nextorder.adapters.klaviyo.client import KlaviyoClient
from nextorder.adapters.shopify.client import Credentials, ShopifyClient
from nextorder.domain.errors import NeedsHuman
from tests.adapters.destination_cases import SHOP
from tests.fakes.klaviyo import FakeKlaviyo
from tests.fakes.shopify import FakeShopify

ASK = "query { shop { id } }"


@dataclass
class Keyring:
    """What a process knows of the keys, and what the secret says meanwhile."""

    known: str
    kept: str
    reads: int = 0
    allowed: bool = True

    def renew(self) -> bool:
        self.reads += self.allowed
        self.known = self.kept if self.allowed else self.known
        return self.allowed


def by_secret(keys: Keyring) -> Credentials:
    return Credentials(client_id="demo-client", client_secret=keys.known)


def by_token(keys: Keyring) -> Credentials:
    return Credentials(token=keys.known)


@pytest.mark.parametrize(("credentials", "right"), [(by_secret, "demo-secret"), (by_token, "shpat_static")])
def test_shopify_is_asked_again_with_the_new_key(
    credentials: Callable[[Keyring], Credentials], right: str
) -> None:
    keys = Keyring(known="old", kept=right)
    with FakeShopify() as fake:
        client = ShopifyClient(lambda _: credentials(keys), renew=keys.renew, base_url=fake.url)

        assert client.execute(SHOP.id, ASK, {})["shop"]["id"]
        assert client.execute(SHOP.id, ASK, {})["shop"]["id"]
    assert keys.reads == 1


@pytest.mark.parametrize("credentials", [by_secret, by_token])
@pytest.mark.parametrize("allowed", [True, False])
def test_a_key_that_is_still_refused_needs_a_human(
    credentials: Callable[[Keyring], Credentials], *, allowed: bool
) -> None:
    keys = Keyring(known="old", kept="old", allowed=allowed)
    with FakeShopify() as fake:
        client = ShopifyClient(lambda _: credentials(keys), renew=keys.renew, base_url=fake.url)
        with pytest.raises(NeedsHuman):
            client.execute(SHOP.id, ASK, {})
    assert keys.reads == allowed


def test_klaviyo_is_asked_again_with_the_new_key() -> None:
    keys = Keyring(known="pk_old", kept="pk_demo")
    with FakeKlaviyo() as fake:
        client = KlaviyoClient(lambda _: keys.known, renew=keys.renew, base_url=fake.url)

        assert client.call(SHOP.id, "GET", "/api/accounts")["data"]
        keys.known = keys.kept = "pk_gone"
        with pytest.raises(NeedsHuman):
            client.call(SHOP.id, "GET", "/api/accounts")
    assert keys.reads == 2
