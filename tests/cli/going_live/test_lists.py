"""Going live with lists in Klaviyo: made with the segments, filled with the tags, emptied with them."""

import re

from nextorder.adapters.dynamodb.shops import DynamoShops
from tests.cli.conftest import Nextorder
from tests.cli.going_live_cases import CUSTOMERS, PROPERTIES, STAGES, TAGS, hash_in, live, put
from tests.fakes.klaviyo import FakeKlaviyo

CLOSING = "next:life:closing"


def on_the_list(klaviyo: FakeKlaviyo) -> int:
    return len(klaviyo.state()["members"][CLOSING])


def test_a_list_is_made_empty_filled_with_the_tags_after_its_flow_was_named_and_emptied_with_them(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, PROPERTIES)
    shops.change(with_klaviyo, klaviyo_account="DEMO01", klaviyo_lists=("life:closing",))
    nextorder("publish", "--shop", with_klaviyo)

    foreseen = nextorder("plan", "--shop", with_klaviyo)
    assert re.search(r"segments are made as far as they are not there: .*life:closing", foreseen)
    assert "these lists, empty until tags go live: life:closing" in foreseen
    nextorder("apply", "--yes", "--shop", with_klaviyo)
    assert (live(shops, with_klaviyo), on_the_list(klaviyo)) == ((True, "segments", 100), 0)

    flow = {"name": "Goodbye", "status": "live", "trigger": {"type": "list", "name": CLOSING}}
    klaviyo.seed({"flows": [flow]})
    said = nextorder("plan", "--share", "100", "--shop", with_klaviyo)
    assert "segments are made" not in said
    assert "joining a list starts its flows: switch those on afterwards" in said
    assert "flow Goodbye would be started by our list of life:closing" in said
    closing = sum(STAGES[n % 4] == "closing" for n in range(5, CUSTOMERS + 1))
    assert re.search(rf"\+ +{closing} +list life:closing\n", said)
    assert re.search(r"customer \d+: \+life:closing\n", said)

    nextorder("apply", "--share", "100", "--yes", "--shop", with_klaviyo)
    assert on_the_list(klaviyo) == closing

    nextorder("apply", "--back-to", "segments", "--take-off", "--yes", "--shop", with_klaviyo)
    assert on_the_list(klaviyo) == 0
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account


def test_what_would_be_made_or_named_otherwise_than_was_shown_is_another_plan(
    nextorder: Nextorder, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, PROPERTIES)
    shown = hash_in(nextorder("plan", "--quick", "--shop", with_klaviyo))
    assert hash_in(nextorder("plan", "--quick", "--shop", with_klaviyo)) == shown

    for name, value in (("klaviyo_lists", ("hold",)), ("klaviyo_prefix", "second")):
        shops.change(with_klaviyo, **{name: value})
        said = nextorder("apply", shown, "--shop", with_klaviyo)
        assert f"what would be sent is not what plan {shown} was: nothing was done" in said
        shown = hash_in(said)


def test_lists_that_come_late_are_filled_by_one_word(
    nextorder: Nextorder, klaviyo: FakeKlaviyo, with_klaviyo: str, shops: DynamoShops
) -> None:
    put(shops, with_klaviyo, TAGS)
    shops.change(with_klaviyo, klaviyo_account="DEMO01")
    nextorder("publish", "--shop", with_klaviyo)

    said = nextorder("connect", "klaviyo", "--lists", "life:closing", "--shop", with_klaviyo)
    assert "nextorder publish --destination klaviyo --yes" in said
    nextorder("publish", "--destination", "klaviyo", "--yes", "--shop", with_klaviyo)
    assert on_the_list(klaviyo) > 0

    nextorder("connect", "klaviyo", "--lists", "none", "--shop", with_klaviyo)
    assert klaviyo.state()["members"] == {}
    nextorder("publish", "--destination", "klaviyo", "--yes", "--shop", with_klaviyo)
    asked = len(klaviyo.requests)
    assert "unchanged" in nextorder("publish", "--destination", "klaviyo", "--shop", with_klaviyo)
    assert len(klaviyo.requests) == asked
    shops.change(with_klaviyo, klaviyo_account="")  # no other test's shop shares the account
