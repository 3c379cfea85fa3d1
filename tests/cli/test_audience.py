"""`nextorder audience`: from the table and Shopify's word of the moment to a file, and to nothing else."""

import csv
import stat
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.privacy import Forgotten
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.adapters.packaged import packaged_catalogue
from nextorder.adapters.shop_data import write_connection
from nextorder.domain.errors import BadSettings
from nextorder.domain.hashed import sha256_hex
from nextorder.domain.shop import Shop, Withheld
from nextorder.domain.verdict import State, Verdict
from tests.cli.conftest import Nextorder
from tests.fakes.data_manager import FakeDataManager
from tests.fakes.shopify import FakeShopify
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.audience_cases import AT, a_verdict
from tests.unit.shop_cases import SHOP

YES: Mapping[str, Any] = {"email_marketing_consent": {"state": "subscribed"}}
PEPPER = b"p" * 40
"""Of the secret that the tests' AWS begins with."""


@pytest.fixture
def shop(aws: BareAws, shops: DynamoShops, store: FakeShopify) -> Shop:
    """Four champions: one to be reached, one who said no, one held out, one redacted; and a repeat buyer."""
    shop = replace(SHOP, id=f"{uuid4().hex}.myshopify.com", applied=True)
    shops.save(shop)
    keys = {"access_token": "shpat_static", "client_id": "id", "client_secrets": ["secret"]}
    write_connection(aws.client("secretsmanager"), aws.secret_arn, shop.id, keys)
    held: dict[str, Verdict] = {
        "7001": a_verdict(),
        "7002": a_verdict(),
        "7003": replace(a_verdict(), held_out=True),
        "7004": a_verdict(),
        "7005": a_verdict(5_000, life="repeat"),
    }
    customers = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "of-a-test")
    for customer, verdict in held.items():
        customers.save_state(shop.id, customer, State(verdict=verdict, digest="d", version=1), replaces=0)
    Forgotten(aws.client("dynamodb"), TABLE, secret=lambda: PEPPER).mark(shop.id, "7004", AT)
    people = [{"id": int(one), "email": f"c{one}@example.com", **YES} for one in held]
    people[1]["email_marketing_consent"] = {"state": "unsubscribed"}
    store.seed({"customers": people})
    return shop


def test_nobody_is_the_best_where_too_few_have_ordered_again(
    nextorder: Nextorder, shop: Shop, shops: DynamoShops, tmp_path: Path
) -> None:
    shops.save(replace(shop, numbers=replace(shop.numbers, second_orders=49)))
    path = tmp_path / "best.csv"

    with pytest.raises(BadSettings, match="best: no fit has seen 50 customers who had ordered again"):
        nextorder("audience", "best", "--for", "meta", "--out", str(path), "--shop", shop.id)

    assert not path.exists()


def rows(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))


@pytest.mark.parametrize("name", ["life:champion", "next:life:champion"])
def test_a_segment_becomes_a_file_of_hashes_and_everyone_who_is_not_in_it_is_accounted_for(
    nextorder: Nextorder, shop: Shop, tmp_path: Path, name: str
) -> None:
    path = tmp_path / "a.csv"

    said = nextorder("audience", name, "--for", "meta", "--out", str(path), "--shop", shop.id)

    assert rows(path) == [["email", "phone", "value"], [sha256_hex("c7001@example.com"), "", "120.0"]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert f"wrote     1 customers to {path}" in said
    for line in ("1  held out", "1  are not subscribed", "1  asked to be forgotten"):
        assert line in said
    assert "(clv_gp2_365), in EUR" in said
    assert "under 100 people" in said
    assert "example.com" not in said


def test_the_best_are_named_neutrally_and_the_key_table_says_who_they_are(
    nextorder: Nextorder, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    said = nextorder("audience", "best", "--for", "google", "--share", "1", "--shop", shop.id)

    [path] = tmp_path.iterdir()
    header, *people = rows(path)
    assert header == ["Email", "Phone", "Lifetime Value"]
    assert [row[2] for row in people] == ["120.0", "50.0"]
    assert path.stem.startswith("nextorder-")
    name = path.stem.removesuffix("-google")
    assert f"call it   {name} there, not best" in said
    assert f"{name}  best" in nextorder("audience", "--names", "--shop", shop.id)


def test_where_value_is_withheld_nobody_is_among_the_best(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    shops.change(shop.id, numbers=replace(shop.numbers, withheld={"value": "Costs are told of 10%."}))
    where = ("--for", "meta", "--out", str(tmp_path / "a.csv"), "--shop", shop.id)

    assert "best: nobody is ranked by value. Costs are told of 10%." in refused(
        nextorder, "audience", "best", *where
    )
    assert not list(tmp_path.iterdir())


def test_a_segment_that_rests_on_a_withheld_chance_is_no_audience(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    """Not even on the day on which everyone is looked at again."""
    own = '\n[own.mine]\non = true\nmeaning = "Mine"\nflow = "A letter"\nwhen = ["p_5d > 2 x base"]\n'
    catalogue = shops.save_catalogue(shop.id, packaged_catalogue() + own)
    withheld = {"5": Withheld(since=AT, reason="too many were expected")}
    shops.change(shop.id, catalogue=catalogue, withheld=withheld)
    where = ("--for", "meta", "--out", str(tmp_path / "a.csv"), "--shop", shop.id)

    assert "own:mine is withheld" in refused(nextorder, "audience", "own:mine", *where)
    assert not list(tmp_path.iterdir())


def test_a_segment_that_is_too_small_says_which_to_ask_for_and_segments_says_it_too(
    nextorder: Nextorder, shops: DynamoShops, shop: Shop, tmp_path: Path
) -> None:
    into, had = {"life:closing": "life:second-window"}, {"life:closing": 28}
    shops.change(shop.id, numbers=replace(shop.numbers, shown_as=into, too_small=had))
    where = ("--for", "csv", "--out", str(tmp_path / "a.csv"), "--shop", shop.id)
    said = "life:closing is shown as life:second-window: it had 28 customers at the last fit, it takes 30"

    assert f"{said}; ask for life:second-window" in refused(nextorder, "audience", "life:closing", *where)
    assert not list(tmp_path.iterdir())
    assert said in nextorder("segments", "--shop", shop.id)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_spreadsheet_needs_nobodys_address(
    nextorder: Nextorder, store: FakeShopify, shop: Shop, tmp_path: Path, form: str
) -> None:
    path = tmp_path / "out"
    before = store.counts["graphql"]

    said = nextorder("audience", "life:champion", "--for", form, "--out", str(path), "--shop", shop.id)

    assert "wrote     2 customers" in said
    assert store.counts["graphql"] == before
    assert b"example.com" not in path.read_bytes()


def test_contacts_are_in_a_spreadsheet_where_they_are_asked_for_and_subscribed(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    path = tmp_path / "out.csv"
    where = ("--out", str(path), "--shop", shop.id)

    nextorder("audience", "life:champion", "--for", "csv", "--contacts", *where)

    assert [row[:2] for row in rows(path)] == [
        ["customer", "email"],
        ["7001", "c7001@example.com"],
        ["7002", ""],
    ]


def test_an_audience_is_sent_to_google_with_a_token_and_no_file_is_left(
    nextorder: Nextorder, shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with FakeDataManager(token="ya29.hush") as google:
        google.seed({"lists": ["98765"]})
        monkeypatch.setenv("DATA_MANAGER_URL", google.url)
        where = ("--account", "123-456-7890", "--list", "98765", "--send", "--token-stdin")

        said = nextorder(
            "audience", "life:champion", "--for", "google-api", *where, "--shop", shop.id, stdin="ya29.hush\n"
        )

    assert google.lists == {"98765": {(sha256_hex("c7001@example.com"),)}}
    assert "request   request-1" in said
    assert "hush" not in said
    assert not [*tmp_path.iterdir()]


def test_nothing_is_sent_while_publishing_is_paused(
    nextorder: Nextorder, shop: Shop, shops: DynamoShops
) -> None:
    shops.change(shop.id, applied=False)
    where = ("--account", "123-456-7890", "--list", "98765", "--send", "--token-stdin")

    with pytest.raises(BadSettings, match="paused"):
        nextorder("audience", "life:champion", "--for", "google-api", *where, "--shop", shop.id, stdin="t")


def refused(nextorder: Nextorder, *arguments: str) -> str:
    with pytest.raises(BadSettings) as caught:
        nextorder(*arguments)
    return str(caught.value)


def test_an_audience_of_nobody_is_refused_and_what_was_there_stays(
    nextorder: Nextorder, shop: Shop, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("of last week")
    where = ("--for", "google", "--out", str(path), "--shop", shop.id)

    said = refused(nextorder, "audience", "life:closing", *where)

    assert "nobody of life:closing" in said
    assert path.read_text() == "of last week"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("hold", "--for", "csv"), "in no audience"),
        (("life:hero", "--for", "csv"), "choose best or one of"),
        (("best", "--for", "csv", "--share", "2"), "--share"),
        (("best",), "say which segment and for whom"),
        (("best", "--for", "google-api"), "--account"),
        (("best", "--for", "meta", "--send"), "only --for google-api"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    nextorder: Nextorder, shop: Shop, arguments: tuple[str, ...], says: str
) -> None:
    assert says in refused(nextorder, "audience", *arguments, "--shop", shop.id)
