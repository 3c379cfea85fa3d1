"""Of links and codes what many orders share is kept; what is one person's never is."""

import json
import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters import fact_codec
from nextorder.adapters.shopify.origins import origin_of
from nextorder.adapters.shopify.payload import Node
from nextorder.adapters.shopify.read import read
from nextorder.domain.clocks import version_of
from nextorder.domain.errors import BadPayload
from nextorder.domain.facts import NO_ORIGIN, Order, Origin
from tests.unit.payloads import Body, a_line, an_order

NOW = datetime(2026, 3, 3, tzinfo=UTC)
MOST_BYTES = 150
"""An order of ten lines with costs takes 872 of the 1,024 bytes of a write unit."""


def origin(landing: str | None = None, referrer: str | None = None, *codes: str) -> Origin:
    """Return what is kept of a body's three fields."""
    told = [{"code": code, "amount": "1.00", "type": "percentage"} for code in codes]
    return origin_of(Node({"landing_site": landing, "referring_site": referrer, "discount_codes": told}))


def test_the_tags_of_a_campaign_are_kept_as_slugs() -> None:
    found = origin("/products/teapot?utm_source=Klaviyo&utm_medium=E-Mail&utm_campaign=Spring%20Sale_2026")
    assert found == Origin(
        source="klaviyo", medium="e-mail", campaign="spring-sale-2026", landing="products/teapot"
    )


@pytest.mark.parametrize(
    ("landing", "page"),
    [
        ("/", "home"),
        ("/?utm_term=x", "home"),
        ("/sv", "home"),
        ("/en-gb/collections/tea/products/pot", "products/pot"),
        ("https://shop.example.com/collections/tea", "collections/tea"),
        ("/blogs/news/how-we-make-it", "blogs/news"),
        ("/collections", "collections"),
        ("/account/activate/123/f00dfeed", "other"),
        ("/12345678/checkouts/8c9d8f7e", "other"),
        ("/cart/c/Z2NwLWV1cm9wZS13ZXN0", "other"),
        ("/products/anna%40example.com", "products"),
        (None, ""),
        ("http://[", ""),
    ],
)
def test_of_a_landing_page_its_kind_and_its_own_name_are_kept(landing: str | None, page: str) -> None:
    assert origin(landing).landing == page


@pytest.mark.parametrize(
    ("landing", "referrer", "sender"),
    [
        ("/?gclid=Cj0KCQ", "https://www.google.com/", ("google", "cpc")),
        ("/?fbclid=IwAR0", "https://l.facebook.com/", ("facebook", "")),
        ("/?gclid=Cj0KCQ&utm_source=ads&utm_medium=pmax", None, ("ads", "pmax")),
        ("/", "https://www.instagram.com/anna.example/", ("instagram.com", "")),
        ("/", "android-app://com.google.android.gm", ("com.google.android.gm", "")),
        ("/", "https://anna:secret@blog.example.com:8080/x", ("blog.example.com", "")),
        ("/", "https://0f3b2c1d4e5a697881234567.ads.example.com/", ("ads.example.com", "")),
        ("/", "android-app://com.google.android.googlequicksearchbox", ("googlequicksearchbox", "")),
        ("/", "example string", ("", "")),
        (None, None, ("", "")),
    ],
)
def test_who_sent_a_visit_is_told_by_tag_then_click_then_host(
    landing: str | None, referrer: str | None, sender: tuple[str, str]
) -> None:
    found = origin(landing, referrer)
    assert (found.source, found.medium) == sender


@pytest.mark.parametrize(
    "personal",
    [
        "anna@example.com",
        "anna%40example.com",
        "anna%2540example.com",
        "anna%25252540example.com",
        "anna\N{FULLWIDTH COMMERCIAL AT}example.com",
        "7F3K9QD2",
        "X7K9-QP2M-8Z3T",
        "XKQJZPTW",
        "+46701234567",
        "d41d8cd98f00b204e9800998ecf8427e",
    ],
)
def test_what_is_one_persons_is_kept_nowhere(personal: str) -> None:
    found = origin(f"/pages/{personal}?utm_source={personal}&utm_medium={personal}", None, personal)
    assert found == Origin(landing="pages")


def test_of_a_code_that_was_made_for_one_person_the_common_part_is_kept() -> None:
    assert origin(None, None, "WELCOME-7F3K9QD2").code == "welcome"
    assert origin(None, None, "WELCOME-X7K9-QP2M").code == "welcome"


@pytest.mark.parametrize("code", ["summer2026", "bfcm", "ss26-sale", "b2b", "10off", "2-for-1"])
def test_a_code_of_plain_words_and_numbers_is_kept_whole(code: str) -> None:
    assert origin(None, None, code.upper()).code == code


def test_of_several_codes_the_same_one_is_kept_whatever_their_order() -> None:
    assert origin(None, None, "TEN", "FREESHIP") == origin(None, None, "FREESHIP", "TEN")


def test_a_campaign_may_be_a_number() -> None:
    """Ad platforms fill in the campaign's own id, which all of its visitors share."""
    assert origin("/?utm_campaign=20958374612").campaign == "20958374612"


@given(
    query=st.dictionaries(st.sampled_from(["utm_source", "utm_medium", "utm_campaign"]), st.text()),
    path=st.text(),
    referrer=st.text(),
    code=st.text(),
)
def test_whatever_a_link_says_slugs_come_out_and_they_are_short(
    query: dict[str, str], path: str, referrer: str, code: str
) -> None:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    found = origin(f"/{path}?{asked}", f"https://{referrer}", code)
    order = Order(id="1", customer="7", placed_at=NOW, updated_at=NOW, currency="EUR", origin=found)
    said = json.loads(fact_codec.encode(order)).get("origin", [])
    assert len(json.dumps(said, separators=(",", ":"))) + len('"origin":,') <= MOST_BYTES
    assert set("".join(map(str, said))) <= set(string.ascii_lowercase + string.digits + "-/.")


def test_what_is_no_text_is_refused_by_its_name() -> None:
    with pytest.raises(BadPayload, match="landing_site"):
        origin_of(Node({"landing_site": 7}))


def an_order_from(landing: str | None) -> Order:
    body: Body = an_order(a_line(1, "20.00"), total="25.00", landing_site=landing)
    [order] = [
        fact
        for fact in read("orders/create", body, triggered_at=NOW, currency="EUR").facts
        if isinstance(fact, Order)
    ]
    return order


def test_whoever_knows_where_an_order_came_from_wins_over_who_does_not() -> None:
    """An order export names no landing page; GraphQL names none until the visit is attributed."""
    known, unknown = an_order_from("/products/pot"), an_order_from(None)
    assert unknown.origin == NO_ORIGIN
    assert version_of(unknown) < version_of(known)
