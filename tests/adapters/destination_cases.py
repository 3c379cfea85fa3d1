"""The shop, and its key to Shopify, for every test of a destination."""

from nextorder.adapters.shopify.client import Credentials
from nextorder.domain.shop import Shop

SHOP = Shop(id="demo.myshopify.com", currency="GBP", timezone="Europe/London", applied=True)
SECRET = Credentials(client_id="demo-client", client_secret="demo-secret")
