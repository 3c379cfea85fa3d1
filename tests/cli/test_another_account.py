"""A key of another account than the one that shows ours is noticed, whatever the settings say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.http import FakeServer
from tests.fakes.hubspot import FakeHubSpot
from tests.fakes.mailchimp import FakeMailchimp
from tests.fakes.rule import FakeRule
from tests.local_stack.bare import TABLE, BareAws

KEY = "hush-hush-us9"


@dataclass
class Platform:
    """One of those whose key alone tells the account."""

    name: str
    fake: FakeServer
    told_by: str
    """Where the fake keeps the account's id."""
    more: tuple[str, ...] = ()


PLATFORMS: dict[str, Any] = {
    "hubspot": lambda: Platform("hubspot", FakeHubSpot(token=KEY), "portal"),
    "mailchimp": lambda: Platform(
        "mailchimp", FakeMailchimp(api_key=KEY), "account_id", ("--set", "audience=a1b2c3")
    ),
    "rule": lambda: Platform("rule", FakeRule(api_key=KEY), "account_id"),
}


@pytest.fixture(params=sorted(PLATFORMS))
def platform(request: pytest.FixtureRequest) -> Iterator[Platform]:
    made: Platform = PLATFORMS[request.param]()
    with made.fake:
        yield made


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", currency="GBP")
    shops.save(shop)
    return shop


def connect(nextorder: Nextorder, shop: Shop, platform: Platform, *more: str) -> str:
    asked = ("connect", platform.name, "--shop", shop.id, "--secrets-stdin")
    place = ("--set", f"url={platform.fake.url}", *platform.more)
    return nextorder(*asked, *place, *more, stdin=KEY)


def test_it_is_refused_while_ours_stands_in_the_old_one(
    nextorder: Nextorder, aws: BareAws, shop: Shop, platform: Platform
) -> None:
    connect(nextorder, shop, platform)
    accepted = DynamoAccepted(aws.client("dynamodb"), TABLE)
    accepted.save(shop.id, "7", platform.name, Accepted(version=1))

    assert "settings kept" in connect(nextorder, shop, platform)
    setattr(platform.fake, platform.told_by, "another")
    with pytest.raises(BadSettings, match="another account would leave behind what we wrote: take it back"):
        connect(nextorder, shop, platform)
    assert "1 customers stay as they are" in connect(nextorder, shop, platform, "--leave-behind")
    assert accepted.load(shop.id, "7", platform.name) is None


def test_an_account_that_does_not_tell_its_id_is_connected_all_the_same(
    nextorder: Nextorder, shop: Shop, platform: Platform
) -> None:
    tells = "account_details|sender_details|get_root"
    platform.fake.faults.add({"match": tells, "times": 9, "status": 403})

    assert "settings kept" in connect(nextorder, shop, platform)
