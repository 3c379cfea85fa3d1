"""Fit a shop's model anew, judge it against the one in force, promote it, propose it or leave things be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from nextorder.domain.ahead import known_by
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.contest import Contest
from nextorder.domain.features import Features, compute_features
from nextorder.domain.model_card import JUDGED_AFTER, LEAST_SECOND_ORDERS, Decision, ModelCard, Proposal
from nextorder.domain.sampling import Sample
from nextorder.domain.shop import Numbers, Shop
from nextorder.domain.withholding import taken_away
from nextorder.ports import Artefacts, Census, CustomerRecord, ModelRecords
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.preview import preview
from nextorder.use_cases.promote import promote
from nextorder.use_cases.update_customer import Judge

SAMPLED_ABOVE: Final = 100_000
"""
Customers whom one function fits in a third of its time and memory; `tests/bench/bench_training.py`
shows what more of them would add.
"""
PREVIEWED: Final = 10_000
"""Of so many a tenth is known to a third of a percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trainer:
    """The arithmetic of a training, which needs libraries that are not on the online path."""

    fit: Callable[[Sequence[Features], Shop, Catalogue, datetime], tuple[StoreModel, Numbers]]
    judge: Callable[[Sequence[Features], Shop, StoreModel, datetime], Contest | None]
    files: Callable[[StoreModel, Sequence[Features], Shop, datetime], Mapping[str, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """What a training reads, writes and tells."""

    trainer: Callable[[], Trainer]
    """Asked for only where there is something to calculate: its libraries take seconds to import."""
    census: Census
    judge: Judge
    records: ModelRecords
    artefacts: Artefacts
    packaged: Callable[[], str]
    """Text of the catalogue that a shop is pinned to with its first model."""
    tell: Callable[[str, ModelCard], None]
    """Tells the merchant that a model waits for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """Everyone with facts, or the sample that stands for them."""

    everyone: Sequence[Features]
    previewed: Sequence[tuple[str, CustomerRecord]]
    share: float
    """How much of everyone these are."""

    @property
    def buyers(self) -> list[Features]:
        """Those whom a model is about."""
        return [one for one in self.everyone if one.order_days and not one.withheld]

    def scaled(self, count: int) -> int:
        """Return what a count among these says of everyone."""
        return round(count / self.share)


def train(shop: Shop, *, school: School, as_of: datetime, anew: bool = False) -> ModelCard:
    """
    Train once; safe to repeat. `anew` = after an import: what was fitted to less has no say.

    A model is replaced where the recipe of today, refitted to what was known at past origins, is
    worse in nothing and better at forecasting who orders. One that would show more than a tenth
    of the customers elsewhere waits for the merchant.

    Raises:
        RetryLater: The shop has got other numbers, or another catalogue, meanwhile.
    """
    seen = _look_at_everyone(shop, school.census, as_of)
    card = _first_words(seen, shop, as_of)
    if anew and card.customers and (not shop.applied or card.champion_at is None):
        # nobody was shown anything of a model yet; a store too small for its own gets its numbers
        card = replace(card, decision=Decision.PROMOTED)
    else:
        card = _decided(card, seen, shop, school)
    if card.decision is Decision.PROMOTED:
        card = _promoted(card, seen, shop, school)
    school.records.save_card(shop.id, card)
    return card


def _look_at_everyone(shop: Shop, census: Census, as_of: datetime) -> _Seen:
    features: Sample[Features] = Sample(SAMPLED_ABOVE)
    records: Sample[CustomerRecord] = Sample(PREVIEWED)

    def note(customer: str, record: CustomerRecord) -> None:
        if record.facts and not record.gone:
            features.note(customer, compute_features(customer, known_by(record.facts, as_of), shop, as_of))
            if records.wants(customer):
                records.note(customer, record)

    census.take(shop.id, wanted=features.wants, note=note)
    drawn = features.drawn()
    return _Seen(everyone=list(drawn.values()), previewed=list(records.drawn().items()), share=features.share)


def _first_words(seen: _Seen, shop: Shop, as_of: datetime) -> ModelCard:
    """Begin the card with what there is to learn from."""
    buyers, numbers = seen.buyers, shop.numbers
    # fitted to less than makes a model of its own, it is the prior in all but name
    own = numbers.model if numbers.second_orders >= LEAST_SECOND_ORDERS else ""
    return ModelCard(
        at=as_of,
        decision=Decision.KEPT,
        customers=seen.scaled(len(buyers)),
        second_orders=seen.scaled(sum(len(one.order_days) > 1 for one in buyers)),
        first_order_at=min((one.order_days[0].at for one in buyers), default=None),
        sampled=0 if seen.share == 1.0 else len(seen.everyone),
        champion=own,
        champion_at=numbers.fitted_at if own else None,
    )


def _decided(card: ModelCard, seen: _Seen, shop: Shop, school: School) -> ModelCard:
    """Say whether there is to be another model, after a contest where there is one already."""
    if card.second_orders < LEAST_SECOND_ORDERS:
        return replace(card, decision=Decision.TOO_SMALL)
    if card.champion_at is None:
        return replace(card, decision=Decision.PROMOTED)
    if card.at - card.champion_at < JUDGED_AFTER:
        return replace(card, decision=Decision.TOO_YOUNG)
    champion = school.judge.shops.model(shop)
    contest = school.trainer().judge(seen.everyone, shop, champion, card.at)
    won = contest is not None and contest.won
    return replace(card, contest=contest, decision=Decision.PROMOTED if won else Decision.KEPT)


def _promoted(card: ModelCard, seen: _Seen, shop: Shop, school: School) -> ModelCard:
    """Fit the model and put it in force, or let the merchant say so where it moves too many."""
    shops = school.judge.shops
    trainer = school.trainer()
    model, counted = trainer.fit(seen.everyone, shop, shops.catalogue(shop), card.at)
    numbers = replace(counted, customers=card.customers, second_orders=card.second_orders)
    shops.save_model(shop.id, model)
    school.artefacts.keep(shop.id, model.name, trainer.files(model, seen.everyone, shop, card.at))
    # from the first model on a new release does not change what the merchant has seen
    pinned = shop.catalogue or shops.save_catalogue(shop.id, school.packaged())
    then = replace(shop, numbers=numbers, catalogue=pinned)
    moved = preview(then, judge=school.judge, as_of=card.at, everyone=seen.previewed)
    taken = taken_away(shop.numbers, numbers, shops.catalogue(then), moved.left)
    card = replace(card, model=model.name, window=numbers.window, changed_share=moved.share, taken=taken)
    if shop.applied and (moved.held or taken):
        card = replace(card, decision=Decision.PROPOSED)
        proposal = Proposal(card=card, numbers=numbers, catalogue=pinned, replaces=shop.numbers.fitted_at)
        school.records.propose(shop.id, proposal)
        school.tell(shop.id, card)
    else:
        # first the card: a model in force without one could not be explained any more
        school.records.save_card(shop.id, card)
        promote(shop, numbers, shops=shops, records=school.records, catalogue=pinned)
    return card
