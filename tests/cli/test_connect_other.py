"""`nextorder connect NAME`: a further destination, asked for what its folder wants to know."""

import json
import time
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from nextorder.adapters.destination_parts import Setting
from nextorder.adapters.dynamodb.accepted import DynamoAccepted
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.segment import destination as folder
from nextorder.bootstrap.destinations import OTHERS
from nextorder.bootstrap.destinations import folder as destination_folder
from nextorder.cli.connect_other import described
from nextorder.domain.capabilities import Clears, Needs
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import NOWHERE, GoingLive
from nextorder.domain.shop import Shop
from tests.cli.conftest import Nextorder, Said
from tests.fakes.segment import FakeSegment
from tests.local_stack.bare import TABLE, BareAws

KEY = "hush-hush"
WEBHOOK_SECRET = f"whsec_{b64encode(bytes(32)).decode()}"


@pytest.fixture
def segment() -> Iterator[FakeSegment]:
    """As RudderStack, which says when a key is wrong."""
    with FakeSegment(write_key=KEY, rudder=True) as running:
        yield running


@pytest.fixture
def shop(shops: DynamoShops) -> Shop:
    shop = Shop(id=f"{uuid4().hex}.myshopify.com", currency="GBP")
    shops.save(shop)
    return shop


def kept(aws: BareAws, shop: Shop) -> object:
    text = aws.client("secretsmanager").get_secret_value(SecretId=aws.secret_arn)["SecretString"]
    return json.loads(text)["shops"].get(shop.id)


def connect(nextorder: Nextorder, shop: Shop, url: str, *more: str, key: str = KEY) -> Said:
    settings = ("--set", f"url={url}", "--set", "identified=yes")
    return nextorder("connect", "segment", "--shop", shop.id, "--secrets-stdin", *settings, *more, stdin=key)


def test_settings_are_tried_then_kept_beside_those_of_others(
    nextorder: Nextorder, aws: BareAws, shop: Shop, segment: FakeSegment
) -> None:
    nextorder(
        *("connect", "webhook", "--shop", shop.id, "--secrets-stdin", "--unchecked"),
        *("--set", "url=https://example.com/hook"),
        stdin=WEBHOOK_SECRET,
    )

    said = connect(nextorder, shop, segment.url)

    assert kept(aws, shop) == {
        "destinations": {
            "segment": {"url": segment.url, "write_key": KEY, "identified": "yes"},
            "webhook": {"url": "https://example.com/hook", "secret": WEBHOOK_SECRET},
        }
    }
    assert "OtherDestinations" in said
    assert KEY not in said
    assert not segment.users


def test_what_the_stack_serves_needs_no_deployment(
    nextorder: Nextorder, shop: Shop, segment: FakeSegment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_DESTINATIONS", "rule, segment")

    assert "OtherDestinations" not in connect(nextorder, shop, segment.url)


def test_a_key_that_is_refused_is_not_kept(
    nextorder: Nextorder, aws: BareAws, shop: Shop, segment: FakeSegment
) -> None:
    with pytest.raises(BadSettings, match="401") as refusal:
        connect(nextorder, shop, segment.url, key="another")

    assert "another" not in str(refusal.value)
    assert kept(aws, shop) is None


def test_a_look_changes_nothing_and_says_by_its_status_how_it_is(
    nextorder: Nextorder, aws: BareAws, shop: Shop, segment: FakeSegment
) -> None:
    look = ("connect", "segment", "--shop", shop.id, "--check")
    before = nextorder(*look)
    connect(nextorder, shop, segment.url)
    held = kept(aws, shop)
    well = nextorder(*look)
    segment.write_key = "rotated"
    unwell = nextorder(*look)

    assert (before.status, well.status, unwell.status) == (1, 0, 1)
    assert "not connected" in before
    assert "nextorder connect segment" in unwell
    assert kept(aws, shop) == held


@pytest.mark.parametrize(
    ("told", "complaint"),
    [
        ("color=red", "there is no color to set: it sets url, identified; write_key is asked for"),
        ("typo", "there is no typo to set: it sets url, identified"),
        ("write_key=x", "secret"),
        ("url", "NAME=VALUE"),
        ("url=notaurl", "url: expected an address that begins with https://"),
        ("url=http://example.com", "url: expected an address"),
        ("url=https://[", "url: expected an address"),
    ],
)
def test_what_makes_no_sense_is_refused(nextorder: Nextorder, shop: Shop, told: str, complaint: str) -> None:
    with pytest.raises(BadSettings, match=complaint):
        nextorder("connect", "segment", "--shop", shop.id, "--secrets-stdin", "--set", told, stdin=KEY)


@pytest.mark.parametrize("key", ["hush-hush", "us21", "hush-hush-us21 twice"])
def test_a_key_that_is_cut_off_is_refused_before_anybody_is_asked_and_not_quoted(
    nextorder: Nextorder, shop: Shop, key: str
) -> None:
    asked = ("connect", "mailchimp", "--shop", shop.id, "--secrets-stdin", "--set", "audience=abc")

    with pytest.raises(BadSettings, match="such as -us21: copy all of it") as refusal:
        nextorder(*asked, stdin=key)

    assert "hush" not in str(refusal.value)


def test_an_address_is_looked_at_before_a_secret_is_asked_for(nextorder: Nextorder, shop: Shop) -> None:
    """Where there is nobody to ask, asking would be the complaint."""
    with pytest.raises(BadSettings, match="url: expected an address that begins with https://"):
        nextorder("connect", "mailchimp", "--shop", shop.id, "--set", "url=http://example.com")


def test_a_webhooks_secret_that_is_none_is_refused_as_such(nextorder: Nextorder, shop: Shop) -> None:
    asked = ("connect", "webhook", "--shop", shop.id, "--key-stdin", "--set", "url=https://example.com/hook")

    with pytest.raises(BadSettings, match="secret: a webhook's secret is whsec_ and at least 24") as refusal:
        nextorder(*asked, stdin=KEY)

    assert KEY not in str(refusal.value)


@pytest.mark.parametrize("name", OTHERS)
def test_every_address_that_is_asked_for_is_looked_at(name: str) -> None:
    for setting in destination_folder(name).SETTINGS:
        if setting.name == "url":
            assert setting.wrong("notaurl")
            assert not setting.wrong("https://example.com/hook")


def test_a_setting_without_a_default_has_to_be_told(nextorder: Nextorder, shop: Shop) -> None:
    with pytest.raises(BadSettings, match="--set url=VALUE"):
        nextorder("connect", "webhook", "--shop", shop.id, "--secrets-stdin", stdin=KEY)


def test_another_place_is_refused_while_ours_stands_at_the_old_one(
    nextorder: Nextorder,
    aws: BareAws,
    shop: Shop,
    segment: FakeSegment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = Setting(name="url", label="Address", place=True)
    others = [one for one in folder.SETTINGS if one.name != "url"]
    monkeypatch.setattr(folder, "SETTINGS", (place, *others))
    connect(nextorder, shop, segment.url)
    DynamoAccepted(aws.client("dynamodb"), TABLE).save(shop.id, "7", "segment", Accepted(version=1))

    connect(nextorder, shop, segment.url)
    with pytest.raises(BadSettings, match="take it back"):
        connect(nextorder, shop, "https://example.com", "--unchecked")


def test_where_the_old_place_is_gone_the_new_one_is_begun_afresh_on_the_merchants_word(
    nextorder: Nextorder, aws: BareAws, shop: Shop, segment: FakeSegment
) -> None:
    connect(nextorder, shop, segment.url)
    accepted = DynamoAccepted(aws.client("dynamodb"), TABLE)
    accepted.save(shop.id, "7", "segment", Accepted(version=1))

    said = connect(nextorder, shop, "https://example.com", "--unchecked", "--leave-behind")

    assert "1 customers stay as they are shown" in said
    assert accepted.load(shop.id, "7", "segment") is None


@pytest.mark.parametrize("name", OTHERS)
def test_whatever_names_an_address_or_a_list_is_a_place(name: str) -> None:
    places = {one.name for one in destination_folder(name).SETTINGS if one.place}

    named = {one.name for one in destination_folder(name).SETTINGS} & {"url", "audience", "measurement_id"}
    assert places == (named - {"url"} if name == "ga4" else named)


def test_a_merchant_is_told_what_a_destination_does_to_people() -> None:
    can = replace(folder.CAPABILITIES, creates_people=False, tells_events=True, quiet_backfill="")
    bare = replace(can, without_consent="")

    assert described(bare) == []
    assert "who has not agreed is told of, with no event" in described(can)[0]
    assert "billed" in described(replace(bare, creates_people=True))[0]
    assert "subscribed" in described(replace(bare, consent=Needs.ADS))[0]
    assert "keeps" in described(replace(bare, clears=Clears.NEVER))[0]
    assert "no events" in described(replace(bare, tells_events=False))[0]


def test_a_live_shop_lets_it_be_known_that_nothing_goes_there_before_a_publisher_can_find_the_key(
    nextorder: Nextorder,
    aws: BareAws,
    shops: DynamoShops,
    shop: Shop,
    segment: FakeSegment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shops.change(shop.id, applied=True)
    seen: list[tuple[GoingLive | None, object]] = []

    def look(seconds: float) -> None:
        held = shops.get(shop.id)
        assert held is not None
        assert seconds > 60
        seen.append((held.newcomers.get("segment"), kept(aws, shop)))

    monkeypatch.setattr(time, "sleep", look)

    assert "waiting   a minute until every" in connect(nextorder, shop, segment.url).progress
    assert seen == [(NOWHERE, None)]
    assert "waiting" not in connect(nextorder, shop, segment.url).progress
