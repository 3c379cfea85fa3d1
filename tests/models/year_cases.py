"""The sample store's customers, and what a scan of every hour finds of them without any solving."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from nextorder.adapters.packaged import packaged_catalogue
from nextorder.domain.buyer import Buyer
from nextorder.domain.catalogue import RISKS, TIERS, parse_catalogue
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import Features, compute_features
from nextorder.domain.shop import Costs, Shop
from nextorder.scoring.model import StoreModel
from nextorder.training.batch import chances_of_order, expected_spend
from nextorder.training.order_facts import facts_of
from nextorder.training.order_file import read_order_file
from nextorder.training.store import fit_store
from nextorder.training.table import Floats, Summary
from samples import order_file

CATALOGUE = parse_catalogue(packaged_catalogue())
NOW = datetime(2026, 11, 21, tzinfo=UTC)
HOUR = timedelta(hours=1)
Words = npt.NDArray[np.str_]
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Store:
    """A fitted store and its customers' features at one moment."""

    shop: Shop
    model: StoreModel
    facts: Mapping[str, Sequence[StoredFact]]

    def features(self, customer: str, as_of: datetime) -> Features:
        return compute_features(customer, self.facts[customer], self.shop, as_of)


@cache
def sample_store() -> Store:
    """Fit the sample store at the end of its history."""
    zone = ZoneInfo("Europe/London")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        order_file.write(path, NOW)
        orders = read_order_file(path, NOW, zone)
    facts = {customer: [fact for _, fact in known] for customer, known in facts_of(orders, "GBP").items()}
    shop = Shop(
        id="a.myshopify.com",
        gid="gid://shopify/Shop/1",
        timezone="Europe/London",
        currency="GBP",
        costs=Costs(default_margin=Decimal("0.4")),
    )
    everyone = [compute_features(customer, known, shop, NOW) for customer, known in facts.items()]
    model, numbers = fit_store(everyone, shop, CATALOGUE, NOW)
    return Store(replace(shop, numbers=numbers), model, facts)


@dataclass(frozen=True)
class Scan:
    """One customer at every hour from now on, by the training formulas; nothing is solved."""

    store: Store
    features: Features
    hours: int

    def families(self) -> Mapping[str, Words]:
        """Return life, risk and value as words, one an hour."""
        days = len(self.features.order_days)
        if days == 0:
            return {}
        worth, kept = self._worth(self._tenures()), self._kept(self._tenures())
        found = {"value": self._value(worth), "life": self._life(worth, kept)}
        if days > 1:
            levels = [CATALOGUE.threshold(f"risk:{value}", "chance_kept") for value in RISKS]
            place = sum((kept < level).astype(int) for level in levels)
            found["risk"] = np.array(["", *RISKS])[place]
        return found

    def _life(self, worth: Floats, kept: Floats) -> Words:
        days = len(self.features.order_days)
        if days == 1:
            ages = self._tenures() / self.store.shop.numbers.window.days
            names: Words = np.array(["new", "second-window", "closing", "missed"])
            by_age: Words = names[np.searchsorted([0.2, 0.7, 1.0], ages, side="left")]
            return by_age
        base = "loyal" if days >= self.store.shop.loyal_order_days else "repeat"
        placed = self._placed_tenure()
        numbers = self.store.shop.numbers
        enters = (
            self._worth(placed)[0] >= numbers.clv_ranks["0.1"] > 0
            and self._kept(placed)[0] >= 0.5
            and self.features.return_share <= numbers.return_share_top_decile
        )
        stays = (kept >= 0.47) & (worth >= numbers.clv_ranks["0.15"])
        found: Words = np.where(stays & enters, "champion", base)
        return found

    def _value(self, worth: Floats) -> Words:
        entries = [CATALOGUE.entries[f"value:{tier}"].thresholds for tier in TIERS]
        ranks = self.store.shop.numbers.clv_ranks
        ways = [(ranks[f"{one['clv_rank']:g}"], ranks[f"{one['clv_rank_out']:g}"]) for one in entries]
        at_fact = self._worth(self._placed_tenure())[0]
        entered = next((n for n, (way_in, _) in enumerate(ways) if 0 < way_in <= at_fact), len(ways))
        place = sum((worth < way_out).astype(int) for _, way_out in ways[entered:]) + entered
        tiers: Words = np.array([*TIERS, ""])
        found: Words = tiers[place]
        return found

    def _tenures(self) -> Floats:
        first_at = self.features.order_days[0].at
        return (NOW - first_at) / DAY + np.arange(self.hours) / 24.0

    def _placed_tenure(self) -> Floats:
        placed_at = max([*self.features.ordered_at, *self.features.refunded_at])
        return np.array([(placed_at - self.features.order_days[0].at) / DAY])

    def _kept(self, tenures: Floats) -> Floats:
        window = self.store.shop.numbers.window.days
        then = self._summary(np.array([self._summary(tenures).t_x[0]]))
        chances: Floats = chances_of_order(self._ordering(), self._summary(tenures), window)
        return chances / chances_of_order(self._ordering(), then, window)

    def _worth(self, tenures: Floats) -> Floats:
        model = self.store.model
        spending = (model.p, model.q, model.v)
        rate = Buyer(features=self.features, shop=self.store.shop, model=model).margin_rate()
        return expected_spend(self._ordering(), spending, self._summary(tenures), 365.0) * rate

    def _ordering(self) -> tuple[float, float, float, float]:
        model = self.store.model
        return model.r, model.alpha, model.a, model.b

    def _summary(self, tenures: Floats) -> Summary:
        days = self.features.order_days
        spent = [day.revenue for day in days if day.revenue > 0]
        same = np.ones(len(tenures))
        return Summary(
            customer=np.zeros(len(tenures), dtype=np.int64),
            x=same * (len(days) - 1),
            t_x=same * ((days[-1].at - days[0].at) / DAY),
            tenure=tenures,
            spend_days=same * len(spent),
            mean_spend=same * (sum(spent) / len(spent) if spent else 0.0),
            weight=same,
        )
