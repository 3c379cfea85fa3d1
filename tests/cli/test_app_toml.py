"""shopify.app.toml as `connect --write-app-toml` writes it, for those who let the app carry its webhooks."""

import tomllib
from pathlib import Path
from uuid import uuid4

import pytest

from nextorder.adapters.shopify.subscriptions import COMPLIANCE_TOPICS, SUBSCRIBED
from nextorder.domain.errors import BadSettings
from tests.cli.conftest import Nextorder
from tests.fakes.door import Door


def test_the_apps_configuration_has_scopes_topics_and_compliance_topics(
    nextorder: Nextorder, door: Door, tmp_path: Path
) -> None:
    path = tmp_path / "shopify.app.toml"
    arguments = ("connect", "shopify", "--client-id", "abc", "--write-app-toml", str(path))
    nextorder(*arguments)
    written = tomllib.loads(path.read_text(encoding="utf-8"))
    assert written["client_id"] == "abc"
    assert "read_all_orders" in written["access_scopes"]["scopes"].split(",")
    assert written["webhooks"]["api_version"] == "2026-10"
    subscriptions = written["webhooks"]["subscriptions"]
    assert {topic for one in subscriptions for topic in one.get("topics", ())} == set(SUBSCRIBED)
    assert [one["compliance_topics"] for one in subscriptions if "compliance_topics" in one] == [
        list(COMPLIANCE_TOPICS)
    ]
    assert {one["uri"] for one in subscriptions} == {door.url}
    orders = next(one for one in subscriptions if "orders/create" in one.get("topics", ()))
    assert "customer.id" in orders["include_fields"]
    nextorder(*arguments)
    path.write_text("# the merchant's own\n")
    with pytest.raises(BadSettings, match="is there"):
        nextorder(*arguments)


def test_the_apps_configuration_names_the_app_that_the_shop_is_connected_by(
    nextorder: Nextorder, tmp_path: Path
) -> None:
    path, domain = tmp_path / "shopify.app.toml", f"{uuid4().hex}.myshopify.com"
    arguments = ("connect", "shopify", "--shop", domain, "--client-id", "demo-client", "--secret-stdin")
    nextorder(*arguments, "--unchecked", stdin="demo-secret")
    nextorder("connect", "shopify", "--shop", domain, "--write-app-toml", str(path))
    assert tomllib.loads(path.read_text(encoding="utf-8"))["client_id"] == "demo-client"
