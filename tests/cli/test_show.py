"""`nextorder show` says what is shown of a customer, what was told, and what the caps spared them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from nextorder.adapters.dynamodb.customers import DynamoCustomers
from nextorder.adapters.dynamodb.shops import DynamoShops
from nextorder.bootstrap.import_history import runs
from nextorder.bootstrap.sweep import passes
from nextorder.cli.show import describe, told_lines
from nextorder.cli.shown import shown_line
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import TagRemoval
from nextorder.domain.going_live import GoingLive, Step, place
from nextorder.domain.imports import ImportRun, Stage
from nextorder.domain.passes import Pass
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.verdict import Quality, Scores, Segment, State, Verdict
from nextorder.scoring.estimate import Estimate
from tests.cli.conftest import Nextorder
from tests.local_stack.bare import TABLE, BareAws
from tests.unit.shop_cases import CATALOGUE, an_order

AT = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)


def test_what_was_told_and_what_was_over_the_cap_is_said() -> None:
    klaviyo = Accepted(
        told={"stage:closing:20260501T223000Z": AT, "cart:hot:20260401T223000Z": AT.replace(month=4)},
        dropped=5,
        last_dropped=("value:gold:20260501T223000Z", "replenish:tea:due:20260501T223000Z"),
    )

    assert told_lines({"shopify": Accepted(), "klaviyo": klaviyo}) == [
        "told to klaviyo: cart:hot on 2026-04-02 09:30 UTC, stage:closing on 2026-05-02 09:30 UTC",
        "never told to klaviyo, for the caps or a pause: 5, the latest value:gold, replenish:tea:due",
    ]


def test_each_destinations_refusal_is_told_in_its_own_word() -> None:
    missing = Accepted(refused="profile-missing", refused_version=3)

    said = told_lines({"klaviyo": missing, "mailchimp": missing, "rule": missing})

    assert [line.partition(": it has no ")[2].split()[0] for line in said] == [
        "profile",
        "contact",
        "subscriber",
    ]


LIVE = Shop(id="a.myshopify.com", applied=True, gid="gid://shopify/Shop/1")
BEGUN = GoingLive(step=Step.PROPERTIES, share=100, since=AT)
AT_FIRST = next(str(n) for n in range(1, 200) if place(LIVE.gid, str(n)) >= 10)
CLOSING = State(
    verdict=Verdict(segments={"life": Segment(value="closing", since=AT)}),
    digest="",
    version=1,
    shown_in=("life:closing",),
)
SMALL = Numbers(shown_as={"life:closing": "life:second-window"}, too_small={"life:closing": 28})
UNSHOWN = replace(CLOSING, shown_in=(), verdict=Verdict(segments={"life": Segment(value="repeat", since=AT)}))


@pytest.mark.parametrize(
    ("shop", "state", "says"),
    [
        (LIVE, CLOSING, "shown as: life:closing"),
        (replace(LIVE, applied=False), CLOSING, "not published yet: `nextorder plan`"),
        (replace(LIVE, applied=False, going_live=BEGUN), CLOSING, "paused: `nextorder resume`"),
        (replace(LIVE, uninstalled_at=AT), CLOSING, "the app is out of the shop"),
        (replace(LIVE, going_live=BEGUN), CLOSING, "as properties only: going live is at properties for"),
        (replace(LIVE, going_live=replace(BEGUN, share=10)), CLOSING, "at properties for 10 %"),
        (
            replace(LIVE, numbers=SMALL),
            replace(CLOSING, shown_in=("life:second-window",)),
            "shown as: life:second-window; life:closing is shown as life:second-window: it had 28 customers",
        ),
        (LIVE, UNSHOWN, "nothing, since life:repeat is switched off in the catalogue"),
        (LIVE, replace(UNSHOWN, verdict=Verdict()), "nothing, since no segment fits"),
        (LIVE, replace(UNSHOWN, verdict=Verdict(quality=Quality.WITHHELD)), "this customer is withheld"),
        (LIVE, replace(CLOSING, shown_in=("hold",), verdict=Verdict(held_out=True)), "hold (held out, so"),
    ],
)
def test_what_is_not_shown_says_why_not(shop: Shop, state: State, says: str) -> None:
    assert says in shown_line(shop, AT_FIRST, state, CATALOGUE)


def test_a_segment_whose_name_is_its_key_says_its_value_beside() -> None:
    segments = {
        "life": Segment(value="repeat", since=AT),
        "care": Segment(value="", since=AT),
        "love:tea": Segment(value="", since=AT),
        "replenish:tea": Segment(value="late", since=AT),
    }

    [line, *_] = describe(Verdict(segments=segments), "EUR")
    assert line == "segments: life:repeat, care, love:tea, replenish:tea (late)"


def test_amounts_of_a_former_currency_are_said_in_that_one() -> None:
    scores = Scores(p_active=0.9, p_order={}, clv_gp2_365=Estimate(value=4_200, lo=1_000, hi=9_000))
    verdict = Verdict(scores=scores, currency="GBP")

    assert "profit in the next 365 days: 42.00 GBP [10.00 GBP to 90.00 GBP]" in describe(verdict, "GBP")
    assert (
        "profit in the next 365 days: 42.00 GBP [10.00 GBP to 90.00 GBP] "
        "(in GBP until they are looked at again)"
    ) in describe(verdict, "JPY")


def test_half_a_day_is_told_as_the_docs_have_it() -> None:
    chance = Estimate(value=0.1, lo=0.05, hi=0.2)
    told = describe(Verdict(scores=Scores(p_active=0.9, p_order={"0.5": chance, "5": chance})), "EUR")

    assert told[1:3] == [
        "P(order within 12 hours) 10.0% [5.0%-20.0%]",
        "P(order within 5 d) 10.0% [5.0%-20.0%]",
    ]


def test_a_refusal_is_told_in_words() -> None:
    full = Accepted(refused="tag-limit", refused_version=3, unsure=True)
    other = Accepted(refused="metafield-invalid_type", refused_version=3)

    klaviyo, shopify = told_lines({"klaviyo": other, "shopify": full})
    assert klaviyo.startswith("refused by klaviyo: Shopify does not take a metafield of ours")
    assert klaviyo.endswith("(metafield-invalid_type)")
    assert shopify.startswith("refused by shopify: the customer has Shopify's 250 tags already")


def test_what_was_taken_off_by_hand_is_told_as_long_as_it_stands() -> None:
    held = Accepted(audiences=frozenset({"next:life:new"}), joined={"next:life:new": AT})
    removal = TagRemoval(customer="7", id="next:life:new", updated_at=AT + timedelta(hours=1))

    assert told_lines({"shopify": held}, [removal]) == [
        "taken off in shopify by hand, and left off while it stands: next:life:new"
    ]
    assert told_lines({"shopify": Accepted(unsure=True)}, [removal]) == [
        "what shopify shows is not certain: all is said afresh with the next change"
    ]


def test_a_customer_with_facts_and_no_verdict_is_known(nextorder: Nextorder, aws: BareAws) -> None:
    shop = f"{uuid4().hex}.myshopify.com"
    arguments = ("connect", "shopify", "--shop", shop, "--client-id", "demo-client", "--secret-stdin")
    nextorder(*arguments, "--unchecked", "--currency", "EUR", stdin="demo-secret")
    held = DynamoCustomers(aws.client("dynamodb"), TABLE, new_log_key=lambda: "key")
    held.store_newer(shop, "7", [an_order(0)])

    with pytest.raises(BadSettings, match="held of customer 7: 1 fact, and no verdict yet"):
        nextorder("show", "gid://shopify/Customer/7", "--shop", shop)
    with pytest.raises(BadSettings, match="nothing is held of customer 8: is it the number at the end of"):
        nextorder("show", "8", "--shop", shop)
    with pytest.raises(BadSettings, match="is no customer's id") as refused:
        nextorder("show", "anna@example.com", "--shop", shop)
    assert "anna" not in str(refused.value)


def test_while_an_import_is_under_way_nobody_is_told_to_begin_one(
    nextorder: Nextorder, shops: DynamoShops
) -> None:
    shop = replace(LIVE, id=f"{uuid4().hex}.myshopify.com")
    shops.save(shop)
    assert "no customers yet: `nextorder import`, or wait for webhooks" in nextorder(
        "segments", "--shop", shop.id
    )
    run = ImportRun(run="import-1", started_at=AT, stage=Stage.STORING)
    assert runs().save(shop.id, run, replaces=None)

    said = nextorder("segments", "--shop", shop.id)

    assert "no customers yet: an import is under way, which `nextorder import` follows" in said


def test_a_pass_over_everyone_is_said_to_take_its_day(nextorder: Nextorder, shops: DynamoShops) -> None:
    shop = replace(LIVE, id=f"{uuid4().hex}.myshopify.com")
    shops.save(shop)
    begun = Pass(terms="-", started_at=AT, a_tick=28, looked_at=56)
    assert passes().save(shop.id, begun, replaces=None)

    said = nextorder("segments", "--shop", shop.id)

    pace = "everyone is looked at again, 28 each quarter of an hour"
    assert f"{pace}: 56 customers since 2026-05-02 09:30 UTC" in said
