"""Consent and the holdout decide who is told anything: properties may be shown, flows may not start."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters.klaviyo import projection as klaviyo
from nextorder.adapters.shopify import projection as shopify
from nextorder.domain.changes import Desired
from nextorder.domain.events import events_of, may_tell, subjects_of
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate
from tests.unit.publish_cases import World
from tests.unit.shop_cases import CATALOGUE

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
SHOP = Shop(id="a.myshopify.com", numbers=Numbers(profit_rank=1))
SHOWN = CATALOGUE.with_on(["starter", "cart", "buy", "replenish", "value"])
WORDS = ("subscribed", "not_subscribed", "unsubscribed", "pending", "redacted", "invalid", "")
"""Shopify's own, and what an older webhook leaves out."""
SEGMENTS = {
    "life": ("new", "second-window", "closing", "repeat", "champion"),
    "risk": ("cooling", "at-risk", "lost"),
    "value": ("gold", "negative"),
    "cart": ("hot", "warm"),
    "buy": ("5d", "now"),
    "replenish:tea": ("due", "late"),
    "care": ("",),
}

consents = st.dictionaries(st.sampled_from(["email", "sms", "push"]), st.sampled_from(WORDS))
segments = st.fixed_dictionaries(
    {},
    optional={
        key: st.sampled_from(values).map(lambda value: Segment(value=value, since=NOW, reason="why"))
        for key, values in SEGMENTS.items()
    },
)
verdicts = st.builds(
    Verdict,
    segments=segments,
    scores=st.just(
        Scores(
            p_active=0.9,
            p_order={days: Estimate(value=0.02, lo=0.01, hi=0.03) for days in ("0.5", "5", "30", "90")},
            gp2_to_date=100,
            p_unaided=0.4,
        )
    ),
    consents=consents,
    held_out=st.booleans(),
    cause=st.sampled_from(Cause),
    scored_at=st.just(NOW),
    incentive=st.sampled_from(["", "none", "light"]),
    affinities=st.sampled_from([(), ("tea",)]),
    absorbed=st.integers(0, 2),
)


@given(verdicts)
def test_something_is_told_only_with_consent_on_some_channel(verdict: Verdict) -> None:
    told = events_of(verdict, SHOWN, SHOP.numbers)
    allowed = (
        "subscribed" in verdict.consents.values()
        and not verdict.held_out
        and verdict.cause in MAY_START_FLOWS
    )

    assert may_tell(verdict) == allowed
    assert {event.subject for event in told} == (
        subjects_of(verdict, SHOWN, SHOP.numbers) if allowed else frozenset()
    )


@given(verdicts)
def test_every_event_says_the_consent_of_each_channel_that_is_known(verdict: Verdict) -> None:
    """A flow sends by one channel, and filters by that channel's own word."""
    for event in events_of(verdict, SHOWN, SHOP.numbers):
        words = {f"consent_{channel}": word for channel, word in verdict.consents.items()}
        assert words.items() <= event.properties.items()
        assert event.properties["holdout"] is False


@given(verdicts, consents)
def test_consent_changes_what_is_told_and_nothing_that_is_shown(
    verdict: Verdict, other: dict[str, str]
) -> None:
    changed = replace(verdict, consents=other)

    assert fingerprint(changed, SHOWN, SHOP) == fingerprint(verdict, SHOWN, SHOP)
    assert shopify.project(SHOP, changed, SHOWN) == shopify.project(SHOP, verdict, SHOWN)
    assert (
        klaviyo.project(SHOP, changed, SHOWN).attributes == klaviyo.project(SHOP, verdict, SHOWN).attributes
    )


@given(verdicts)
def test_a_held_out_customer_gets_the_hold_mark_and_nothing_else(verdict: Verdict) -> None:
    held_out = replace(verdict, held_out=True)

    assert shopify.project(SHOP, held_out, SHOWN) == Desired(audiences=frozenset({"next:hold"}))
    assert klaviyo.project(SHOP, held_out, SHOWN) == Desired(attributes={"nextorder_holdout": True})
    assert events_of(held_out, SHOWN, SHOP.numbers) == ()


@given(st.lists(verdicts, min_size=1, max_size=6))
def test_through_any_history_nobody_without_consent_or_in_the_holdout_hears_a_word(
    history: list[Verdict],
) -> None:
    world = World(shop=replace(SHOP, id="demo.myshopify.com", applied=True))
    for verdict in history:
        told = len(world.told)
        world.place(verdict)
        world.publish()
        if "subscribed" not in verdict.consents.values() or verdict.held_out:
            assert len(world.told) == told
        if verdict.held_out:
            assert world.shown == ({"holdout": True}, {"next:hold"})
