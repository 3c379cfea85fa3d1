"""Look at a store as it was known at a moment: its people, what is said of them, how that did before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain.audit import findings
from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.backtest import LEAST_HISTORY_DAYS
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import Features, compute_features
from nextorder.domain.hindsight import known_before
from nextorder.domain.judged import Judged
from nextorder.domain.model_card import LEAST_SECOND_ORDERS
from nextorder.domain.sampling import Drawn
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.titles import told_apart
from nextorder.report.store import Store
from nextorder.scoring.model import StoreModel
from nextorder.training.backtest import judge, later_in_shop
from nextorder.training.foretell import Foretold, foretell_shop, foretell_with
from nextorder.training.store import fit_store

WEEK: Final = timedelta(days=7)
MONTH: Final = timedelta(days=30)
JUDGED_DAYS: Final = (90, 30)
"""The longest horizon that is judged, and the one for a history that is too short for it."""

Facts = Mapping[str, Sequence[StoredFact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Everybody as known at a moment, by customer id, before anything is said of them."""

    as_of: datetime
    facts: Facts
    everyone: Sequence[Features]

    def by(self, model: StoreModel, shop: Shop, catalogue: Catalogue) -> Store:
        """Say what a model does."""
        return Store(
            shop=shop,
            catalogue=catalogue,
            as_of=self.as_of,
            everyone=self.everyone,
            told=foretell_with(model, self.everyone, shop, self.as_of),
            facts=self.facts,
        )


class NobodyOrdered(BadSettings):
    """A shop without a customer who had ordered has no page."""


def look_at(
    shop: Shop, catalogue: Catalogue, model: StoreModel | None, facts: Facts, as_of: datetime
) -> Store:
    """
    Look with the model that is in force; nothing from `as_of` on is looked at, whatever `facts` hold.

    A model that was fitted after `as_of` has seen what came then: one that is fitted to what was
    known takes its place, with its numbers, as where there is none. The week before is told by
    the same model, so that what differs is the customers.

    Raises:
        NobodyOrdered: There is nothing to be said yet.
    """
    seen = everyone_at(as_of, facts, shop)
    if model is None or (shop.numbers.fitted_at and shop.numbers.fitted_at > as_of):
        model, numbers = fit_store(seen.everyone, replace(shop, numbers=Numbers()), catalogue, as_of)
        shop = replace(shop, numbers=replace(numbers, model=model.name))
    now = seen.by(model, shop, catalogue)
    earlier = foretold(now, as_of - timedelta(days=_judged_days(now.told.history_days)))
    return replace(
        now,
        before=_before(now, model, earlier),
        month_ago=foretold(now, as_of - MONTH),
        backtest=judge(earlier, later_in_shop(now.everyone, earlier, as_of)) if earlier else None,
    )


def _before(now: Store, model: StoreModel, earlier: Foretold | None) -> Store | None:
    """Look a week back; what was to be expected 30 days before that is said by the model of `earlier`."""
    before = _as_of(now.as_of - WEEK, now, model)
    if before is None or earlier is None or earlier.as_of > before.as_of - MONTH:
        return before
    then = _features(known_at(now.facts, before.as_of - MONTH), now.shop, before.as_of - MONTH)
    return replace(before, month_ago=foretell_with(earlier.model, then, now.shop, before.as_of - MONTH))


def look_at_all(
    shop: Shop,
    catalogue: Catalogue,
    model: StoreModel | None,
    drawn: Drawn,
    judged: Sequence[Judged],
    as_of: datetime,
) -> Store:
    """
    Look at what was drawn of a shop, with what an audit finds in it and what became of what was said.

    Raises:
        NobodyOrdered: There is nothing to be said yet.
    """
    store = look_at(shop, catalogue, model, drawn.facts, as_of)
    tally = AuditTally()
    for held in store.facts.values():
        tally.add_customer(held, store.shop)
    for place in drawn.places:
        if known := known_before(place, as_of):
            tally.add_place(known, store.shop)
    return replace(
        store,
        findings=findings(tally.in_all(drawn.share), store.shop, as_of),
        judged=judged,
        share=drawn.share,
        before=replace(store.before, share=drawn.share) if store.before else None,
        titles=told_apart(drawn.titles),
    )


def everyone_at(as_of: datetime, facts: Facts, shop: Shop) -> Seen:
    """
    Describe everybody by what was known then.

    Raises:
        NobodyOrdered: There is nothing to be said yet.
    """
    known = known_at(facts, as_of)
    everyone = _features(known, shop, as_of)
    if not _any_buyer(everyone):
        raise NobodyOrdered(f"nobody had ordered by {as_of:%Y-%m-%d %H:%M %Z}")
    return Seen(as_of=as_of, facts=known, everyone=everyone)


def known_at(facts: Facts, moment: datetime) -> Facts:
    """Return what was known of everyone at a moment, by customer id; who was not known is left out."""
    known = ((customer, known_before(facts[customer], moment)) for customer in sorted(facts))
    return {customer: held for customer, held in known if held}


def _as_of(moment: datetime, now: Store, model: StoreModel) -> Store | None:
    known = known_at(now.facts, moment)
    everyone = _features(known, now.shop, moment)
    if not _any_buyer(everyone):
        return None
    told = foretell_with(model, everyone, now.shop, moment)
    return replace(now, as_of=moment, everyone=everyone, told=told, facts=known)


def foretold(store: Store, moment: datetime) -> Foretold | None:
    """Say what a model fitted to what was known would have said at a moment; None with too little."""
    if store.told.second_orders < LEAST_SECOND_ORDERS:
        return None
    then = _features(known_at(store.facts, moment), store.shop, moment)
    return foretell_shop(then, store.shop, moment) if _any_buyer(then) else None


def _judged_days(history_days: float) -> int:
    longest, shorter = JUDGED_DAYS
    return longest if history_days >= LEAST_HISTORY_DAYS + longest else shorter


def _features(known: Facts, shop: Shop, moment: datetime) -> Sequence[Features]:
    return [compute_features(customer, held, shop, moment) for customer, held in known.items()]


def _any_buyer(everyone: Iterable[Features]) -> bool:
    return any(one.order_days and not one.withheld for one in everyone)
