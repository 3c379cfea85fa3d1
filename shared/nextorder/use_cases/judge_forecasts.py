"""Compare what was said with what came, week by week; withhold a horizon that does not hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from typing import Final

from nextorder.domain.features import compute_features
from nextorder.domain.judged import (
    HORIZONS,
    Judged,
    Judgement,
    Standing,
    first_said,
    joined,
    judgeable_weeks,
    monday_of,
    standing_of,
    week_of,
)
from nextorder.domain.judged_words import news, why_withheld
from nextorder.domain.shop import Shop, Withheld
from nextorder.ports import Census, CustomerRecord, Shops
from nextorder.ports.judging import Judgements, SaidLog

AT_ONCE: Final = 8
"""Weeks of saying that are judged by one look at everyone; a run usually has one a horizon."""

Week = tuple[str, date]
"""A horizon and the Monday of a week of saying."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What a judgement reads, keeps and tells."""

    log: SaidLog
    census: Census
    kept: Judgements
    shops: Shops
    tell: Callable[[str, Sequence[str]], None]
    """Tells the merchant of a shop what became of its horizons."""


def judge_forecasts(
    shop: Shop, *, bench: Bench, as_of: datetime, has_time: Callable[[], bool] = lambda: True
) -> Judgement:
    """
    Judge all weeks whose outcomes are known by now; safe to repeat, and to stop between two looks.

    A week is judged once. What a shop withholds is written only when it changes, since everyone is
    looked at again then; the merchant is told before it is noted that they were.

    Returns:
        What is kept of the shop now.
    """
    held = bench.kept.load(shop.id)
    now = held or Judgement()
    if now.begun is None:
        now = _begun(shop, bench)
    while has_time() and (weeks := list(islice(judgeable_weeks(now, shop.numbers, as_of), AT_ONCE))):
        for week in _judged(shop, weeks, bench, as_of):
            now = joined(now, week)
        if not bench.kept.save(shop.id, now, replaces=held):
            return now
        held = now
    return _settled(shop, now, held, bench, as_of)


def _begun(shop: Shop, bench: Bench) -> Judgement:
    first = bench.log.first_day(shop.id)
    if first and shop.connected_at:
        # what was said in a life before was erased with it: its rows are nobody's
        first = max(first, shop.connected_at.astimezone(UTC).date())
    return Judgement(begun=monday_of(first) if first else None)


def _judged(shop: Shop, weeks: Sequence[Week], bench: Bench, as_of: datetime) -> Sequence[Judged]:
    """Sum some weeks by one look at everyone."""
    said = {
        (horizon, monday): first_said(bench.log.week(shop.id, monday), horizon, monday, shop.numbers, as_of)
        for horizon, monday in weeks
    }
    ordered_at = _order_days(shop, frozenset(key for rows in said.values() for key in rows), bench, as_of)
    return [week_of(horizon, monday, said[horizon, monday], ordered_at) for horizon, monday in weeks]


def _order_days(
    shop: Shop, log_keys: frozenset[str], bench: Bench, as_of: datetime
) -> Mapping[str, Sequence[datetime]]:
    """Return when each of these customers ordered; who has no state any more is not among them."""
    found: dict[str, Sequence[datetime]] = {}

    def note(customer: str, record: CustomerRecord) -> None:
        key = record.state.log_key if record.state else ""
        if key in log_keys:
            features = compute_features(customer, record.facts, shop, as_of)
            found[key] = [day.at for day in features.order_days]

    if log_keys:
        bench.census.take(shop.id, wanted=lambda _: True, note=note)
    return found


def _settled(shop: Shop, now: Judgement, held: Judgement | None, bench: Bench, as_of: datetime) -> Judgement:
    """Withhold and give back, tell what is new, and note that it was told."""
    found = {horizon: standing_of(windows) for horizon in HORIZONS if (windows := now.of(horizon))}
    withheld = {
        horizon: shop.withheld.get(horizon)
        or Withheld(since=as_of.replace(microsecond=0), reason=why_withheld(now.of(horizon)))
        for horizon, standing in found.items()
        if standing is Standing.WITHHELD
    }
    if withheld.keys() != shop.withheld.keys():
        bench.shops.change(shop.id, withheld=withheld)
    before = {horizon: now.told.get(horizon, Standing.GOOD) for horizon in found}
    if told := [
        news(horizon, before[horizon], standing, now.of(horizon))
        for horizon, standing in found.items()
        if _is_news(before[horizon], standing)
    ]:
        bench.tell(shop.id, told)
    after = replace(now, told=found)
    if after != held:
        bench.kept.save(shop.id, after, replaces=held)
    return after


def _is_news(before: Standing, standing: Standing) -> bool:
    """Whether the merchant has to hear of it: a drift that has passed by itself is none."""
    return standing is not before and (standing is not Standing.GOOD or before is Standing.WITHHELD)
