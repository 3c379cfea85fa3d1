"""`nextorder connect NAME` has the fields made that a destination needs before it can show anything."""

import pytest

from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.domain.errors import BadSettings
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder
from tests.fakes.mailchimp import FakeMailchimp

KEY = "hush-hush-us9"
SHOP = Shop(id="fields.myshopify.com", currency="GBP")


def connect(nextorder: Nextorder, mailchimp: FakeMailchimp, *more: str) -> str:
    settings = ("--set", f"url={mailchimp.url}", "--set", f"audience={mailchimp.audience}")
    return nextorder(
        "connect", "mailchimp", "--shop", SHOP.id, "--secrets-stdin", *settings, *more, stdin=KEY
    )


def test_fields_are_made_once(nextorder: Nextorder, shops: DynamoShops) -> None:
    shops.save(SHOP)
    with FakeMailchimp(api_key=KEY) as mailchimp:
        said = connect(nextorder, mailchimp)
        made = dict(mailchimp.fields)
        connect(nextorder, mailchimp)

    assert "answers as Newsletter" in said
    assert "NX_STAGE" in made
    assert mailchimp.fields == made


def test_where_there_is_no_room_it_says_so_and_keeps_nothing(
    nextorder: Nextorder, shops: DynamoShops
) -> None:
    shops.save(SHOP)
    with FakeMailchimp(api_key=KEY) as mailchimp:
        mailchimp.fields |= {f"F{n}": {"tag": f"F{n}", "type": "text"} for n in range(29)}

        with pytest.raises(BadSettings, match="room for 30 merge fields"):
            connect(nextorder, mailchimp)


def test_a_key_that_is_refused_makes_nothing(nextorder: Nextorder, shops: DynamoShops) -> None:
    shops.save(SHOP)
    with FakeMailchimp(api_key="another-us9") as mailchimp:
        with pytest.raises(BadSettings, match="401"):
            connect(nextorder, mailchimp)

        assert "NX_STAGE" not in mailchimp.fields
