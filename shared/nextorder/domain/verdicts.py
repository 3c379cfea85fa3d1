"""Reach a verdict: scores, segments and their reasons, from features, the shop's numbers and the clock."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from nextorder.domain.affinity import affinities
from nextorder.domain.buyer import Buyer
from nextorder.domain.calendar import ahead, marked
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.holdout import held_out
from nextorder.domain.incentive import incentive_of
from nextorder.domain.own_window import with_own_window
from nextorder.domain.placing import Placing, Standing
from nextorder.domain.prospects import prospect_scores
from nextorder.domain.published import NEWS
from nextorder.domain.reasons import reasons_by_family, up_to_three
from nextorder.domain.segments import Placement, place
from nextorder.domain.segments_cart import p_unaided
from nextorder.domain.segments_course import whole_second
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Cause, Memory, Scores, Segment, Verdict
from nextorder.domain.withholding import withheld_segments, without
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import chance_kept, forecast, next_order_days, p_within

_PASSING = frozenset({Cause.TIME, Cause.CUSTOMER})


def reach_verdict(
    features: Features,
    shop: Shop,
    model: StoreModel,
    *,
    as_of: datetime,
    catalogue: Catalogue,
    cause: Cause | None = None,
    standing: Standing | None = None,
) -> tuple[Verdict, datetime | None]:
    """
    Say all there is to say of one customer, and when it changes by time alone.

    Pure, and free of the order in which facts came. `cause` is found from facts and clock
    unless the caller knows better (import, refit). An `as_of` before the facts is moved
    up to them; only segments, never scores, make a moment due. `standing` is what numbers that
    changed since the last order or refund have to respect.
    """
    looked_at = standing.at if standing else features.as_of
    features = replace(features, as_of=max(as_of.replace(microsecond=0), features.as_of, looked_at))
    shop = with_own_window(features, shop)
    if standing:
        withheld = withheld_segments(shop, catalogue)
        standing = replace(standing, segments=without(standing.segments, withheld))
    is_held_out = held_out(shop.gid, features.customer, shop.holdout_share)
    speaks = features.order_days and not features.withheld
    buyer = Buyer(features=features, shop=shop, model=model) if speaks else None
    scores = _scores(buyer, catalogue) if buyer else prospect_scores(features, shop.numbers)
    scores = scores and replace(scores, p_unaided=p_unaided(features, shop.numbers))
    placing = Placing(features=features, shop=shop, buyer=buyer, catalogue=catalogue, standing=standing)
    placement = Placement(segments={}) if features.withheld else place(placing)

    segments = {**placement.segments, **(_hold(features) if is_held_out else {})}
    why = reasons_by_family(segments, features, shop, scores, catalogue, buyer)
    offer = incentive_of(shop, scores)
    verdict = Verdict(
        segments={family: replace(segment, reason=why[family]) for family, segment in segments.items()},
        scores=scores,
        currency=shop.currency,
        held_out=is_held_out,
        quality=features.quality,
        reasons=up_to_three(why, features, shop, scores, offer.reason if offer else ""),
        consents=dict(features.consents),
        absorbed=features.absorbed,
        affinities=affinities(features.purchases, shop.numbers),
        incentive=offer.name if offer else "",
        cause=cause or cause_of(features, placement.segments, placement.memory),
        scored_at=features.as_of,
        model=model.name,
        memory=None if placement.is_fresh else placement.memory,
    )
    return verdict, min(filter(None, (placement.due_at, features.counts_from)), default=None)


def cause_of(features: Features, segments: Mapping[str, Segment], memory: Memory | None = None) -> Cause:
    """Name what happened last, by its own time: a fact, new numbers, or a change by time alone."""
    is_buyer = bool(features.order_days) or features.subscription_since is not None
    passing = Cause.TIME if is_buyer else Cause.CUSTOMER
    happened = [(one.since, passing if family == "life" else Cause.TIME) for family, one in segments.items()]
    happened += [(at, Cause.REFUND) for at in features.refunded_at[-1:]]
    happened += [(at, Cause.ORDER) for at in features.ordered_at[-1:]]
    happened += [(one.at, Cause.CHECKOUT) for one in features.checkouts[-1:]]
    if memory:
        happened += [(memory.at, memory.cause)]
        happened += [(moments[-1], memory.cause) for moments in memory.moved.values()]
    at, cause = max(happened, key=lambda one: (one[0], one[1] not in _PASSING), default=(None, passing))
    return cause if at and features.as_of - at <= NEWS else Cause.IMPORT


def _hold(features: Features) -> Mapping[str, Segment]:
    return {"hold": Segment(value="", since=features.known_since or features.as_of)}


def _scores(buyer: Buyer, catalogue: Catalogue) -> Scores:
    features, shop, model = buyer.features, buyer.shop, buyer.model
    history = buyer.history(features.as_of)
    exceptional = ahead(shop.calendar, shop.zone, features.as_of)
    told = forecast(
        model,
        history,
        as_of=features.as_of,
        zone=shop.zone,
        marked=[marked(days, shop.zone) for days in exceptional],
    )
    scores = Scores(
        p_active=told.p_active,
        p_order=told.p_order,
        expected_order_days=told.expected_order_days,
        expected_spend=told.expected_spend,
        spend_lo=told.spend_lo,
        spend_hi=told.spend_hi,
        clv_gp2_365=told.clv_gp2_365,
        gp2_to_date=features.gp2_to_date,
        chance_kept=chance_kept(model, history, shop.numbers.window.days),
        marked_days=tuple(days.name for days in exceptional),
    )
    priced = scores.without_money if buyer.unpriced else scores
    return _with_window(_with_next_order(priced, buyer), buyer, catalogue)


def _with_next_order(scores: Scores, buyer: Buyer) -> Scores:
    """Add the dates as of the last order; once the latest has passed the customer is late, and has none."""
    last_at = buyer.features.order_days[-1].at
    days = next_order_days(buyer.model, buyer.history(last_at))
    if days is None:
        return scores
    p20, p50, p80 = (whole_second(last_at + timedelta(days=count)) for count in days)
    if buyer.features.as_of >= p80:
        return scores
    return replace(scores, next_order_p20=p20, next_order_p50=p50, next_order_p80=p80)


def _with_window(scores: Scores, buyer: Buyer, catalogue: Catalogue) -> Scores:
    """Add what is said of one-order customers alone: the window, and the chance to order before it closes."""
    features, close_days = buyer.features, buyer.shop.numbers.window.days
    if len(features.order_days) > 1 or features.missing_orders:
        return scores
    left_days = close_days - buyer.age_days(features.as_of)
    opens_days = catalogue.threshold("life:new", "until_share_of_c") * close_days
    history = buyer.history(features.as_of)
    return replace(
        scores,
        window_opens=buyer.first_at + timedelta(days=opens_days),
        window_closes=buyer.first_at + timedelta(days=close_days),
        p_window=p_within(buyer.model, history, left_days) if left_days > 0 else None,
    )
