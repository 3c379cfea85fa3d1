"""Google's Data Manager API is told hashes and the merchant's word, again after trouble, and quoted never."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from nextorder.adapters.audience_files.columns import Asked
from nextorder.adapters.audience_files.formats import API, FORMATS
from nextorder.adapters.google_ads.bodies import MOST_MEMBERS, UserList, ingest_bodies, user_list
from nextorder.adapters.google_ads.data_manager import DataManager
from nextorder.domain.audience import Member
from nextorder.domain.errors import (
    BadSettings,
    NeedsHuman,
    NextorderError,
    OutcomeUnknown,
    Refused,
    RetryLater,
)
from nextorder.domain.hashed import sha256_hex
from nextorder.domain.messages import Reach
from tests.fakes.caller import Caller
from tests.fakes.clock import StillClock
from tests.fakes.data_manager import FakeDataManager
from tests.unit.audience_cases import a_verdict
from tests.unit.shop_cases import CATALOGUE, SHOP

LIST = UserList(account="1234567890", list_id="987654")
TOKEN = "ya29.hush-hush"
EMAIL, PHONE = sha256_hex("dana@example.com"), sha256_hex("+46701234567")


@pytest.fixture
def google(clock: StillClock) -> Iterator[FakeDataManager]:
    with FakeDataManager(token=TOKEN, clock=clock) as fake:
        fake.seed({"lists": [LIST.list_id]})
        yield fake


def api(google: FakeDataManager, clock: StillClock) -> DataManager:
    return DataManager(Caller("Google", google), base_url=google.url, sleep=clock.sleep)


def body(*members: tuple[str, str], target: UserList = LIST) -> dict[str, Any]:
    [only] = ingest_bodies(target, members or [(EMAIL, PHONE)])
    return only


def test_members_are_added_by_their_hashes_and_the_request_is_named(
    google: FakeDataManager, clock: StillClock
) -> None:
    name = api(google, clock).ingest(TOKEN, body((EMAIL, PHONE), (sha256_hex("x@example.com"), "")))

    assert name == "request-1"
    assert google.lists[LIST.list_id] == {tuple(sorted((EMAIL, PHONE))), (sha256_hex("x@example.com"),)}


def test_consent_is_the_merchants_word_alone() -> None:
    said = {"adUserData": "CONSENT_GRANTED", "adPersonalization": "CONSENT_GRANTED"}

    assert "consent" not in body()
    assert body(target=user_list("12345", "98765", consented=True))["consent"] == said


def test_a_manager_account_is_named_as_the_one_that_calls() -> None:
    [target] = body(target=user_list("123-456-7890", "98765", manager="111-222-3333"))["destinations"]

    assert target == {
        "loginAccount": {"accountType": "GOOGLE_ADS", "accountId": "1112223333"},
        "operatingAccount": {"accountType": "GOOGLE_ADS", "accountId": "1234567890"},
        "productDestinationId": "98765",
    }


@pytest.mark.parametrize(("account", "number"), [("", "98765"), ("123-456-7890", ""), ("shop", "98765")])
def test_what_is_no_number_is_refused_before_anybody_is_asked_about(account: str, number: str) -> None:
    with pytest.raises(BadSettings, match="expected the number"):
        user_list(account, number)


def test_ten_thousand_members_go_with_one_request() -> None:
    members = [(sha256_hex(str(number)), "") for number in range(2 * MOST_MEMBERS + 1)]

    sizes = [len(one["audienceMembers"]) for one in ingest_bodies(LIST, members)]

    assert sizes == [MOST_MEMBERS, MOST_MEMBERS, 1]


def test_a_file_of_bodies_is_what_the_api_takes(google: FakeDataManager, clock: StillClock) -> None:
    asked = Asked(shop=SHOP, catalogue=CATALOGUE, valued=False, user_list=LIST)
    form = FORMATS[API]
    member = Member(customer="1", verdict=a_verdict())
    people = [(member, Reach(customer="1", email="dana@example.com", phone="+46701234567"))]

    [line] = form.encode(form.table(people, asked), asked).splitlines()
    api(google, clock).ingest(TOKEN, json.loads(line))

    assert google.lists[LIST.list_id] == {tuple(sorted((EMAIL, PHONE)))}
    assert b"example.com" not in line


@pytest.mark.parametrize(
    "fault",
    [{"status": 429}, {"status": 503}, {"status": 500}, {"timeout_after": True}, {"drop_connection": "half"}],
    ids=str,
)
def test_what_fails_once_is_sent_again_and_is_there_once(
    fault: dict[str, Any], google: FakeDataManager, clock: StillClock
) -> None:
    google.faults.add({"match": "ingest", **fault})

    api(google, clock).ingest(TOKEN, body())

    assert google.lists[LIST.list_id] == {tuple(sorted((EMAIL, PHONE)))}
    assert sum(clock.naps) >= 0.1


TROUBLE: list[tuple[dict[str, Any], type[NextorderError], str]] = [
    ({"status": 429}, RetryLater, "429"),
    ({"status": 500}, OutcomeUnknown, "500"),
    ({"status": 401}, NeedsHuman, "fresh token"),
    ({"status": 403}, NeedsHuman, "fresh token"),
    ({"status": 400}, Refused, "google-bad-request"),
]


@pytest.mark.parametrize(("fault", "error", "says"), TROUBLE, ids=str)
def test_what_does_not_end_is_named_by_what_may_be_done_and_quotes_nobody(
    fault: dict[str, Any], error: type[NextorderError], says: str, google: FakeDataManager, clock: StillClock
) -> None:
    google.faults.add({"match": "ingest", "times": 10_000, **fault})

    with pytest.raises(error, match=says) as failure:
        api(google, clock).ingest(TOKEN, body())

    assert not any(secret in str(failure.value) for secret in (TOKEN, "example.com", EMAIL))


def test_a_refusal_says_in_googles_word_what_is_wrong(google: FakeDataManager, clock: StillClock) -> None:
    plain = body(("dana@example.com", ""))
    unknown = body(target=UserList(account="1234567890", list_id="1"))

    for wrong, code in ((plain, "google-invalid-sha256-format"), (unknown, "google-destination-account")):
        with pytest.raises(Refused, match=code) as refusal:
            api(google, clock).ingest(TOKEN, wrong)
        assert "example.com" not in str(refusal.value)
    assert not google.bodies
