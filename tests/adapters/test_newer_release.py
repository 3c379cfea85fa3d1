"""What a newer release wrote: an older one reads what it knows, and what it does not know stays."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nextorder.adapters import fact_codec
from nextorder.adapters.document import decode, encode, from_plain, kept_beside, to_plain
from nextorder.adapters.words import TAMEST
from nextorder.domain.facts import Consent, Order, OrderKind, OrderLine, Refund, RefundLine, Restock, sort_key
from nextorder.domain.going_live import GoingLive, Step
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import MAY_START_FLOWS, Verdict

AT = datetime(2026, 5, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """A part as this release knows it."""

    first: date
    factor: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerDays(Days):
    """The same with what a later release has added."""

    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Settings as this release knows them: parts alone, by name, in a row and optional."""

    cap: int = 2
    usual: Days
    by_country: Mapping[str, Days] = field(default_factory=dict)
    calendar: tuple[Days, ...] = ()
    last: Days | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewerRules:
    """The same of a later release."""

    cap: int = 2
    usual: NewerDays
    by_country: Mapping[str, NewerDays] = field(default_factory=dict)
    calendar: tuple[NewerDays, ...] = ()
    last: NewerDays | None = None
    pause: NewerDays | None = None


NEWER_DAYS = st.builds(
    NewerDays,
    first=st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 1, 9)),
    factor=st.sampled_from([0.0, 1.5]),
    note=st.sampled_from(["", "fair", "sale"]),
)
NEWER_RULES = st.builds(
    NewerRules,
    cap=st.integers(1, 3),
    usual=NEWER_DAYS,
    by_country=st.dictionaries(st.sampled_from(["SE", "GB"]), NEWER_DAYS),
    calendar=st.lists(NEWER_DAYS, max_size=3, unique_by=lambda one: (one.first, one.factor)).map(tuple),
    last=st.none() | NEWER_DAYS,
    pause=st.none() | NEWER_DAYS,
)


def as_known(newer: NewerDays) -> Days:
    return Days(first=newer.first, factor=newer.factor)


@given(NEWER_RULES)
def test_what_is_known_is_read_and_what_is_not_is_passed_over(newer: NewerRules) -> None:
    known = Rules(
        cap=newer.cap,
        usual=as_known(newer.usual),
        by_country={name: as_known(days) for name, days in newer.by_country.items()},
        calendar=tuple(as_known(days) for days in newer.calendar),
        last=as_known(newer.last) if newer.last else None,
    )

    assert decode(Rules, encode(newer)) == known


@given(NEWER_RULES)
def test_what_is_written_back_unchanged_is_all_there(newer: NewerRules) -> None:
    held = to_plain(newer)

    written = kept_beside(Rules, to_plain(from_plain(Rules, held)), held)

    assert from_plain(NewerRules, written) == newer


@given(newer=NEWER_RULES, cap=st.integers(1, 3), removed=st.integers(0, 2), added=NEWER_DAYS)
def test_a_change_of_one_part_leaves_the_others_as_the_newer_release_wrote_them(
    newer: NewerRules, cap: int, removed: int, added: NewerDays
) -> None:
    held = to_plain(newer)
    mine = from_plain(Rules, held)
    calendar = (*mine.calendar[:removed], *mine.calendar[removed + 1 :])
    here = {**mine.by_country, "NO": as_known(added)}

    written = kept_beside(Rules, to_plain(replace(mine, cap=cap, calendar=calendar, by_country=here)), held)

    rest = (*newer.calendar[:removed], *newer.calendar[removed + 1 :])
    there = {**newer.by_country, "NO": replace(added, note="")}
    assert from_plain(NewerRules, written) == replace(newer, cap=cap, calendar=rest, by_country=there)


def test_of_parts_in_a_row_that_look_alike_here_each_keeps_its_own() -> None:
    day = date(2026, 1, 1)
    alike = tuple(NewerDays(first=day, note=note) for note in ("fair", "sale"))
    newer = NewerRules(usual=NewerDays(first=day), calendar=alike)
    held = to_plain(newer)

    written = kept_beside(Rules, to_plain(from_plain(Rules, held)), held)

    assert from_plain(NewerRules, written) == newer


def test_what_lacks_a_field_that_is_needed_is_refused() -> None:
    with pytest.raises(ValueError, match="not a Rules"):
        decode(Rules, '{"cap":1}')


def stored_words(kind: Any) -> Iterator[type[StrEnum]]:
    """Yield the enumerations that stand in a dataclass, however deep."""
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        yield kind
    parts = get_type_hints(kind).values() if is_dataclass(kind) else get_args(kind)
    for part in parts:
        yield from stored_words(part)


@pytest.mark.parametrize("kind", [Shop, Verdict, Order, Refund])
def test_every_word_that_is_kept_for_good_has_a_tame_reading(kind: type) -> None:
    assert set(stored_words(kind)) <= TAMEST.keys()


def test_a_word_of_a_newer_release_lets_nothing_out_and_starts_no_flow() -> None:
    live = decode(GoingLive, '{"step":"sms","share":100}')
    cause = TAMEST[next(one for one in stored_words(Verdict) if one.__name__ == "Cause")]

    assert live.step is Step.PROPERTIES
    assert not live.reaches(Step.TAGS, "shop", "7")
    assert cause not in MAY_START_FLOWS


def test_an_order_of_a_newer_release_is_read_as_far_as_it_is_known() -> None:
    line = OrderLine(id="1", quantity=1, revenue=900)
    order = Order(id="1", customer="7", placed_at=AT, updated_at=AT, currency="EUR", lines=(line,))
    held = json.loads(fact_codec.encode(order))
    held |= {"gift_note": True, "kind": "preorder", "origin": ["google", "cpc", "", "", "", "later"]}
    held["lines"][0] += [*(None for _ in range(len(fields(OrderLine)) - len(held["lines"][0]))), "later"]

    found = fact_codec.decode(sort_key(order), json.dumps(held), "7")

    assert isinstance(found, Order)
    assert found.kind is OrderKind.RENEWAL
    assert (found.origin.source, found.origin.code) == ("google", "")
    assert found.lines[0].revenue == line.revenue


def test_goods_that_went_where_this_release_knows_nothing_of_are_not_back_on_the_shelf() -> None:
    back = RefundLine(line="1", quantity=1, revenue=900, restock=Restock.RETURN)
    refund = Refund(id="2", order="1", placed_at=AT, updated_at=AT, lines=(back,))
    held = fact_codec.encode(refund).replace('"return"', '"donated"')

    found = fact_codec.decode(sort_key(refund), held)

    assert found == replace(refund, lines=(replace(back, restock=Restock.NO_RESTOCK),))


@given(st.dictionaries(st.text(min_size=8), st.integers() | st.text() | st.lists(st.none())))
def test_a_fact_with_whatever_else_is_the_fact(others: dict[str, Any]) -> None:
    consent = Consent(id="email", customer="7", updated_at=AT, state="subscribed")
    names = {one.name for one in fields(Consent)}
    held = {name: value for name, value in others.items() if name not in names}

    text = json.dumps(held | json.loads(fact_codec.encode(consent)))

    assert fact_codec.decode(sort_key(consent), text, "7") == consent
