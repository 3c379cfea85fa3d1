"""`nextorder connect shopify` against the deployed stack: the test delivery goes all the way."""

from tests.local_stack.connect import nextorder
from tests.local_stack.endpoints import Endpoints


def test_connecting_again_sees_a_delivery_arrive_and_changes_nothing(endpoints: Endpoints) -> None:
    shop = ("connect", "shopify", "--shop", endpoints.shop_domain)
    keys = ("--client-id", endpoints.client_id, "--secret-stdin", "--webhook-url", endpoints.webhook_url)

    nextorder(endpoints, *shop, *keys, secret=endpoints.client_secret)
    again = nextorder(endpoints, *shop, *keys, secret=endpoints.client_secret)
    checked = nextorder(endpoints, *shop, "--check")

    for said in (again, checked):
        assert "a signed one arrives" in said
        assert "a forged one is refused" in said
        assert "nothing was changed" in said
        assert "missing" not in said
