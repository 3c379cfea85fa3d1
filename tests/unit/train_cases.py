"""A shop whose model is to be trained anew, and what a training reads and tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.contest import Contest, Pair
from nextorder.domain.features import Features
from nextorder.domain.model_card import ModelCard
from nextorder.domain.shop import Numbers, Shop
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.train import School, Trainer, train
from nextorder.use_cases.update_customer import update_customer
from tests.fakes.house import House
from tests.fakes.training import InMemoryCensus, InMemoryModelRecords
from tests.unit.crowd_cases import a_crowd
from tests.unit.shop_cases import CATALOGUE, MODEL, NUMBERS, SHOP, START

AS_OF = START + timedelta(days=100)
LATER = AS_OF + timedelta(days=40)
OTHER = StoreModel.of(
    **{name: getattr(MODEL, name) for name in ("r", "alpha", "a", "b", "p", "q", "clock", "drift")},
    v=MODEL.v + 1,
    value_drift=MODEL.value_drift,
)
BETTER = Contest(origins=(AS_OF,), figures={"loss_30": Pair(champion=0.9, challenger=0.8)})
WORSE = Contest(origins=(AS_OF,), figures={"loss_30": Pair(champion=0.8, challenger=0.9)})


TAUGHT = replace(NUMBERS, model=MODEL.name, fitted_at=AS_OF, second_orders=500, customers=160)


@cache
def scored() -> House:
    """Return a store of 160 customers whose verdicts are up to date: other terms alone move them."""
    house = House(replace(SHOP, applied=True, numbers=TAUGHT), MODEL, CATALOGUE, LATER)
    for customer, orders in a_crowd(160, LATER).items():
        for order in orders:
            house.held.store(SHOP.id, customer, order)
        update_customer(customer, shop=house.shop, judge=house.judge, as_of=LATER)
    return house


@dataclass
class Lesson:
    """A shop whose model was fitted at AS_OF, forty days ago; `days` of the window are what is fitted."""

    contest: Contest | None = None
    days: int = NUMBERS.window.days
    second_orders: int = 500
    withheld: Mapping[str, str] = field(default_factory=dict)
    """What the data cannot carry any more."""
    records: InMemoryModelRecords = field(default_factory=InMemoryModelRecords)
    kept: list[str] = field(default_factory=list)
    told: list[ModelCard] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.house = House(scored().shop, MODEL, CATALOGUE, LATER)
        self.house.held.facts.update(scored().held.facts)
        self.house.held.states.update(scored().held.states)
        self.shops = self.house.shops
        self.shops.save_model(SHOP.id, MODEL)
        self.shops.change(SHOP.id, numbers=replace(TAUGHT, second_orders=self.second_orders))

    @property
    def shop(self) -> Shop:
        found = self.shops.get(SHOP.id)
        assert found
        return found

    def trainer(self) -> Trainer:
        self.asked.append("trainer")
        return Trainer(fit=self._fit, judge=lambda *_: self.contest, files=lambda *_: {"card.json": b"{}"})

    def _fit(
        self, everyone: Sequence[Features], shop: Shop, catalogue: Catalogue, as_of: datetime
    ) -> tuple[StoreModel, Numbers]:
        assert everyone
        assert catalogue.entries
        window = replace(shop.numbers.window, days=self.days)
        fitted = replace(shop.numbers, model=OTHER.name, fitted_at=as_of, window=window)
        return OTHER, replace(fitted, withheld=self.withheld)

    def keep(self, shop: str, model: str, files: Mapping[str, bytes]) -> None:
        """ports.Artefacts."""
        assert (shop, list(files)) == (SHOP.id, ["card.json"])
        self.kept.append(model)

    def train(self, as_of: datetime = LATER, shop: Shop | None = None, *, anew: bool = False) -> ModelCard:
        school = School(
            trainer=self.trainer,
            census=InMemoryCensus(self.house.held),
            judge=self.house.judge,
            records=self.records,
            artefacts=self,
            packaged=packaged_catalogue,
            tell=lambda _, card: self.told.append(card),
        )
        return train(shop or self.shop, school=school, as_of=as_of, anew=anew)
