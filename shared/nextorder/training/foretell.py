"""What would have been said at a moment that has passed, from what was known before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from nextorder.domain.buyer import Buyer
from nextorder.domain.features import Features
from nextorder.domain.shop import Numbers, Shop
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import HORIZON_DAYS
from nextorder.scoring.traits import Usual
from nextorder.training.crowd import Crowd
from nextorder.training.fit import fit_table
from nextorder.training.forecast import forecast_all
from nextorder.training.numbers import margins
from nextorder.training.orders import moment_of, read_orders
from nextorder.training.store import buyers_by, shop_marks, table_of_shop
from nextorder.training.table import Floats, OrderTable, Summary, is_dated, span_days, summarise

LEVEL: Final = 0.8
ANY: Final = Usual(gap_days=1.0, spend=1.0)
"""Units of traits that nobody asks for."""
REVENUE, PROFIT = "net revenue", "gross profit 2"
FIFTHS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Foretold:
    """What would have been said at a moment: nothing in it knows what came after."""

    as_of: datetime
    model: StoreModel
    names: pd.Index
    """Customer -> id; rising."""
    days: tuple[float, ...]
    chance: Floats
    """Customer x days, like lo, hi, orders and worth."""
    lo: Floats
    hi: Floats
    orders: Floats
    """Order days to expect."""
    worth: Floats
    """Money to expect, minor units."""
    spend: Floats
    spend_lo: Floats
    spend_hi: Floats
    money: str
    rfm: Floats
    spent: Floats
    """Net revenue so far, minor units."""
    second_orders: int
    history_days: float

    def frame(self) -> pd.DataFrame:
        """Return a row a customer and horizon; amounts in minor units."""
        count = len(self.days)
        columns = {
            "customer_id": np.repeat(self.names.to_numpy(), count),
            "horizon_days": np.tile(self.days, len(self.names)),
            "p_order": self.chance.ravel(),
            "p_lo": self.lo.ravel(),
            "p_hi": self.hi.ravel(),
            "expected_spend": self.spend.ravel(),
            "spend_lo": self.spend_lo.ravel(),
            "spend_hi": self.spend_hi.ravel(),
            "expected_worth": self.worth.ravel(),
        }
        return pd.DataFrame(columns)


def foretell_file(orders: pd.DataFrame, as_of: datetime, timezone: str) -> Foretold:
    """Forecast from the rows of `read_order_file`, which end before the moment."""
    zone = ZoneInfo(timezone)
    known, now = read_orders(orders, as_of, zone), moment_of(as_of, zone).to_pydatetime()
    model = fit_table(known.table, now, zone, crowd=Crowd.marked(known.marks))
    return _foretell(model, known.table, known.marks, known.names, now, zone)


def foretell_shop(everyone: Sequence[Features], shop: Shop, as_of: datetime) -> Foretold:
    """
    Forecast from features as of the moment; none of the shop's frozen numbers is looked at.

    Of the numbers only the margins are taken anew: what else tells customers apart says nothing of them.
    """
    table, marks = table_of_shop(everyone, shop, as_of), shop_marks(everyone, as_of)
    model = fit_table(table, as_of, shop.zone, crowd=Crowd.marked(marks))
    rate, by_category = margins(buyers_by(everyone, as_of), replace(shop, numbers=Numbers()), model)
    numbers = Numbers(margin_rate=rate, margin_by_category=by_category)
    return foretell_with(model, everyone, replace(shop, numbers=numbers), as_of)


def foretell_with(model: StoreModel, everyone: Sequence[Features], shop: Shop, as_of: datetime) -> Foretold:
    """Forecast with a model and the shop's numbers that go with it, as they are."""
    table, marks = table_of_shop(everyone, shop, as_of), shop_marks(everyone, as_of)
    buyers = buyers_by(everyone, as_of)
    margins = [Buyer(features=one, shop=shop, model=model).margin_rate() for one in buyers]
    names = pd.Index([one.customer for one in buyers])
    return _foretell(model, table, marks, names, as_of, shop.zone, np.array(margins))


def _foretell(
    model: StoreModel,
    table: OrderTable,
    marks: pd.DataFrame,
    names: pd.Index,
    as_of: datetime,
    zone: ZoneInfo,
    margins: Floats | None = None,
) -> Foretold:
    usual, bearing = (model.correction.usual, model.correction.marks) if model.correction else (ANY, ())
    people = Crowd.marked(marks, bearing).people(table, as_of, usual)
    # stamps that carry a date only cannot judge hours
    days = tuple(day for day in HORIZON_DAYS if day >= (1.0 if is_dated(table) else 0.0))
    rows = forecast_all(model, people, as_of, zone, np.array(days), LEVEL)
    said = {name: rows[name].to_numpy().reshape(-1, len(days)) for name in rows.columns}
    rate = np.ones(len(names)) if margins is None else margins
    summary = summarise(table, as_of)
    spent = np.zeros(len(names))
    np.add.at(spent, table.customer, np.maximum(table.revenue, 0.0))
    return Foretold(
        as_of=as_of.astimezone(zone),
        model=model,
        names=names,
        days=days,
        chance=said["p_order"],
        lo=said["p_lo"],
        hi=said["p_hi"],
        orders=said["expected_orders"],
        spend=said["expected_spend"],
        spend_lo=said["spend_lo"],
        spend_hi=said["spend_hi"],
        worth=said["expected_spend"] * rate[:, None],
        money=REVENUE if margins is None else PROFIT,
        rfm=rfm_of(summary, spent),
        spent=spent,
        second_orders=int((summary.x > 0).sum()),
        history_days=span_days(table, as_of),
    )


def rfm_of(summary: Summary, spent: Floats) -> Floats:
    """Return the sum of the fifths (1 to 5) by days since the last order, order days and revenue so far."""
    silence = summary.tenure - summary.t_x
    return _fifth(-silence) + _fifth(summary.x) + _fifth(spent)


def _fifth(column: Floats) -> Floats:
    """Rank into fifths, the highest is 5; who is alike is in the same one."""
    share = np.searchsorted(np.sort(column), column, side="left") / len(column)
    fifths: Floats = np.floor(share * FIFTHS) + 1.0
    return fifths
