"""What a flow may start from: which events a verdict has, what they say, and when they may be told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nextorder.domain.changes import Event, EventKind
from nextorder.domain.events import events_of, may_tell, subjects_of
from nextorder.domain.shop import Numbers
from nextorder.domain.verdict import MAY_START_FLOWS, Cause, Memory, Scores, Segment, Verdict
from nextorder.scoring.estimate import Estimate
from tests.unit.shop_cases import CATALOGUE

NOW = datetime(2026, 5, 2, 22, 30, tzinfo=UTC)
SINCE = NOW - timedelta(days=1)
SHOWN = CATALOGUE.with_on(["starter", "cart", "buy", "replenish", "value"])
NUMBERS = Numbers(profit_rank=20_000)
SCORES = Scores(
    p_active=0.9,
    p_order={days: Estimate(value=0.021, lo=0.01, hi=0.04) for days in ("0.5", "5", "30")},
    gp2_to_date=20_000,
    p_unaided=0.61,
)


def a_segment(value: str, previous: str = "", until: datetime | None = None) -> Segment:
    return Segment(value=value, since=SINCE, previous=previous, reason=f"why {value}", until=until)


def live(**segments: Segment) -> Verdict:
    return Verdict(
        segments=segments,
        scores=SCORES,
        cause=Cause.TIME,
        consents={"email": "subscribed", "sms": "unsubscribed"},
        scored_at=NOW,
    )


def events(
    verdict: Verdict, numbers: Numbers = NUMBERS, in_force_since: datetime | None = None
) -> dict[EventKind, Event]:
    return {event.kind: event for event in events_of(verdict, SHOWN, numbers, in_force_since)}


@pytest.mark.parametrize(
    ("segments", "kind", "subject"),
    [
        ({"life": a_segment("repeat", "new")}, EventKind.STAGE_CHANGED, "stage:repeat"),
        ({"life": a_segment("second-window", "new")}, EventKind.WINDOW_OPENED, "stage:second-window"),
        ({"life": a_segment("closing", "second-window")}, EventKind.WINDOW_CLOSING, "stage:closing"),
        ({"value": a_segment("gold", "silver")}, EventKind.TIER_CHANGED, "value:gold"),
        ({"risk": a_segment("cooling")}, EventKind.HUMAN_TOUCH, "touch"),
        ({"risk": a_segment("at-risk", "cooling")}, EventKind.HUMAN_TOUCH, "touch"),
        ({"cart": a_segment("hot")}, EventKind.CART_PRIORITY, "cart:hot"),
        ({"buy": a_segment("now")}, EventKind.HOT_NOW, "buy:now"),
        ({"replenish:tea": a_segment("due")}, EventKind.DUE, "replenish:tea:due"),
        ({"replenish:tea": a_segment("late", "due")}, EventKind.LATE, "replenish:tea:late"),
    ],
)
def test_each_flow_has_its_event(segments: dict[str, Segment], kind: EventKind, subject: str) -> None:
    verdict = live(**segments)

    [event] = events(verdict).values()
    assert (event.kind, event.subject) == (kind, subject)
    assert event.id == f"{subject}:20260501T223000Z"
    assert subjects_of(verdict, SHOWN, NUMBERS) == {subject}


@pytest.mark.parametrize(
    "segments",
    [
        {"risk": a_segment("lost", "at-risk")},
        {"value": a_segment("negative")},
        {"buy": a_segment("5d")},
        {"love:tea": a_segment("")},
        {"care": a_segment("")},
        {"hold": a_segment("")},
    ],
)
def test_other_segments_start_no_flow_by_event(segments: dict[str, Segment]) -> None:
    assert subjects_of(live(**segments), SHOWN, NUMBERS) == frozenset()


def test_an_event_says_all_that_a_flow_filters_by() -> None:
    verdict = live(life=a_segment("closing", "second-window"), care=a_segment(""))
    event = events(replace(verdict, incentive="light"))[EventKind.WINDOW_CLOSING]

    assert event.properties == {
        "stage": "closing",
        "cause": "time",
        "holdout": False,
        "care": True,
        "incentive": "light",
        "consent_email": "subscribed",
        "consent_sms": "unsubscribed",
        "reason": "why closing",
        "from": "second-window",
        "to": "closing",
        "p": 0.02,
        "lo": 0.01,
        "hi": 0.04,
    }


def test_an_event_says_what_its_flow_needs() -> None:
    until = NOW + timedelta(days=5)
    told = events(
        live(
            **{"replenish:tea": a_segment("due", until=until)},
            buy=a_segment("now"),
            cart=a_segment("warm", "hot"),
            value=a_segment("gold", "negative"),
        )
    )
    due = told[EventKind.DUE]

    assert due.until == until
    assert due.properties.items() >= {"category": "tea", "due_from": SINCE, "due_until": until}.items()
    assert told[EventKind.HOT_NOW].properties.items() >= {"p_12h": 0.02, "lo": 0.01, "hi": 0.04}.items()
    assert told[EventKind.CART_PRIORITY].properties.items() >= {"p_unaided": 0.63, "priority": "warm"}.items()
    assert told[EventKind.TIER_CHANGED].properties.items() >= {"from": "", "to": "gold"}.items()


def test_the_chance_within_12_hours_is_told_in_one_place() -> None:
    told = events(live(life=a_segment("repeat"), cart=a_segment("hot"), risk=a_segment("cooling")))

    assert len(told) == 3
    assert not any("p_12h" in event.properties for event in told.values())


def test_a_segment_that_is_not_shown_starts_no_flow_but_a_stage_does() -> None:
    verdict = live(life=a_segment("repeat"), cart=a_segment("hot"), value=a_segment("gold"))

    assert subjects_of(verdict, CATALOGUE, NUMBERS) == {"stage:repeat"}
    assert subjects_of(verdict, SHOWN, replace(NUMBERS, shown_as={"value:gold": ""})) == {
        "stage:repeat",
        "cart:hot",
    }


def test_what_is_too_small_is_told_as_what_it_is_shown_as() -> None:
    merged = {"value:gold": "value:silver", "life:champion": "life:loyal", "replenish:tea": "replenish:any"}
    numbers = replace(NUMBERS, shown_as=merged)
    told = events(
        live(
            **{"replenish:tea": a_segment("due")},
            value=a_segment("gold", "bronze"),
            life=a_segment("champion", "repeat"),
        ),
        numbers,
    )

    assert told[EventKind.TIER_CHANGED].properties["to"] == "silver"
    assert told[EventKind.STAGE_CHANGED].properties["to"] == "loyal"
    assert told[EventKind.DUE].properties["category"] == "tea"


def test_a_change_that_is_not_seen_is_not_told() -> None:
    merged = {"life:closing": "life:second-window", "value:gold": "value:silver", "buy:now": "buy:5d"}
    verdict = live(
        life=a_segment("closing", "second-window"), value=a_segment("gold", "silver"), buy=a_segment("now")
    )

    assert subjects_of(verdict, SHOWN, replace(NUMBERS, shown_as=merged)) == frozenset()


def test_a_person_is_asked_for_only_those_who_brought_much() -> None:
    poorer = replace(SCORES, gp2_to_date=19_999)

    assert not events(replace(live(risk=a_segment("at-risk")), scores=poorer))
    assert not events(live(risk=a_segment("at-risk")), Numbers())


@pytest.mark.parametrize("cause", list(Cause))
def test_only_what_happens_now_may_start_a_flow(cause: Cause) -> None:
    verdict = replace(live(life=a_segment("repeat")), cause=cause)

    assert may_tell(verdict) == (cause in MAY_START_FLOWS)
    assert bool(events(verdict)) == (cause in MAY_START_FLOWS)
    assert subjects_of(verdict, SHOWN, NUMBERS)


@pytest.mark.parametrize(("cause", "told"), [(Cause.ORDER, False), (Cause.TIME, False), (Cause.REFUND, True)])
def test_an_old_stage_is_no_news_unless_a_refund_brought_it_back(cause: Cause, *, told: bool) -> None:
    verdict = live(life=a_segment("repeat", "loyal"), value=a_segment("gold"))
    later = SINCE + timedelta(days=7, seconds=1)
    found = events(replace(verdict, scored_at=later, cause=cause))

    assert set(found) == ({EventKind.STAGE_CHANGED} if told else set())
    assert all(event.at == later for event in found.values())
    assert len(events(replace(verdict, scored_at=later - timedelta(seconds=1)))) == 2


def test_what_new_numbers_moved_is_not_told_whatever_happened_since() -> None:
    moved = Memory(at=SINCE, moved={"value": (SINCE,)})
    life = replace(a_segment("closing", "second-window"), since=NOW)
    verdict = replace(live(value=a_segment("gold", "silver"), life=life), memory=moved)

    assert set(events(verdict)) == {EventKind.WINDOW_CLOSING}
    assert subjects_of(verdict, SHOWN, NUMBERS) == {"value:gold", "stage:closing"}


@pytest.mark.parametrize("cause", sorted(MAY_START_FLOWS))
def test_what_stood_when_numbers_were_frozen_is_not_told_for_a_fact_that_comes_before_a_pass(
    cause: Cause,
) -> None:
    """A rank, a floor or a switch may be all that shows it; what comes to stand from then on is told."""
    life = replace(a_segment("closing", "second-window"), since=NOW)
    due = {"replenish:tea": a_segment("due"), "value": a_segment("gold"), "risk": a_segment("cooling")}
    verdict = replace(live(life=life, **due), cause=cause)

    assert set(events(verdict, replace(NUMBERS, fitted_at=NOW))) == {EventKind.WINDOW_CLOSING}
    assert len(events(verdict, replace(NUMBERS, fitted_at=SINCE))) == 4
    assert set(events(verdict, in_force_since=NOW)) == {EventKind.WINDOW_CLOSING}
    assert len(events(verdict, in_force_since=SINCE)) == 4


@pytest.mark.parametrize("cause", [Cause.ORDER, Cause.REFUND])
def test_the_stage_of_an_order_or_a_refund_is_told_after_a_fit_too(cause: Cause) -> None:
    verdict = replace(live(life=a_segment("repeat", "loyal")), cause=cause)

    assert set(events(verdict, replace(NUMBERS, fitted_at=NOW))) == {EventKind.STAGE_CHANGED}


def test_a_refund_that_takes_somebody_back_opens_no_window() -> None:
    back = live(life=a_segment("second-window", "repeat"))
    told = events(replace(back, cause=Cause.REFUND))

    assert set(told) == {EventKind.STAGE_CHANGED}
