"""A Shopify store's Admin API, version 2026-10, as far as Nextorder uses it."""

from tests.fakes.shopify.server import FakeShopify

__all__ = ["FakeShopify"]
