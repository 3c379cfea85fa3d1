"""One customer before the store's model: histories and the two curves that segments rest on."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nextorder.domain.currency import why_unranked
from nextorder.domain.features import Features, OrderDay
from nextorder.domain.shop import Shop
from nextorder.scoring.margin import shrunk_margin
from nextorder.scoring.model import StoreModel
from nextorder.scoring.predict import BuyingHistory, kept_by_tenure, profit_by_tenure

DAY = timedelta(days=1)
Curve = Callable[[float], float]
PRIOR_ORDER_DAYS = 2.0
"""So many average order days of the category's margin are added to the customer's own."""


class _Said(dict[float, float]):
    """What a curve has said, by age: it is asked of the same moments again and again."""

    def __init__(self, curve: Curve) -> None:
        self._curve = curve

    def __missing__(self, age_days: float) -> float:
        said = self[age_days] = self._curve(age_days)
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyer:
    """
    A customer with at least one order day, as known now.

    Looking back to an earlier moment leaves out later order days; a refund that came later
    stays with its order, since amounts are kept as they are and not as they were.
    """

    features: Features
    shop: Shop
    model: StoreModel
    described: dict[int, BuyingHistory] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By order days, as of the last of them: families ask for the same moments again and again."""
    curves: dict[tuple[str, int], Curve] = field(default_factory=dict, init=False, repr=False, compare=False)
    """By name and order days."""

    @property
    def first_at(self) -> datetime:
        """The first order day: day 0 of every curve."""
        return self.features.order_days[0].at

    @property
    def unpriced(self) -> str:
        """Why nothing is said of money: of theirs, or of everyone's; empty = something is."""
        return self.features.unpriced or why_unranked(self.shop)

    def days_by(self, moment: datetime) -> Sequence[OrderDay]:
        """Return the order days up to and including a moment."""
        days = self.features.order_days
        return days[: bisect_right(days, moment, key=lambda day: day.at)]

    def history(self, moment: datetime) -> BuyingHistory:
        """Describe the customer to the model as of a moment, not before the first order day."""
        return self._history(self.days_by(moment)).at(self.age_days(moment))

    def _history(self, days: Sequence[OrderDay]) -> BuyingHistory:
        """Describe the customer as of the last of these order days."""
        if len(days) not in self.described:
            self.described[len(days)] = self._described(days)
        return self.described[len(days)]

    def _described(self, days: Sequence[OrderDay]) -> BuyingHistory:
        spent = [day.revenue for day in days if day.revenue > 0]
        last_days = self.age_days(days[-1].at)
        history = BuyingHistory(
            repeat_days=len(days) - 1,
            first_to_last_days=last_days,
            tenure_days=last_days,
            spend_days=len(spent),
            mean_spend=sum(spent) / len(spent) if spent else 0.0,
            margin_rate=self.margin_rate(),
        )
        return self._told(history, days) if self.model.correction else history

    def _told(self, history: BuyingHistory, days: Sequence[OrderDay]) -> BuyingHistory:
        """Add what a corrected model sees beyond the base's numbers."""
        return history._replace(
            days=tuple(self.age_days(day.at) for day in days),
            first_spend=float(max(days[0].revenue, 0)),
            last_spend=float(max(days[-1].revenue, 0)),
            marks=frozenset(self.features.first_marks),
        )

    def margin_rate(self) -> float:
        """Return gross profit 2 over net revenue of all orders, shrunk to category and shop."""
        numbers, features = self.shop.numbers, self.features
        average = self.model.p * self.model.v / (self.model.q - 1)
        return shrunk_margin(
            features.gp2_to_date,
            features.net_revenue,
            numbers.margin_by_category.get(features.first_category),
            numbers.margin_rate,
            prior_revenue=PRIOR_ORDER_DAYS * average,
        )

    def kept(self, moment: datetime) -> Curve:
        """Return chance_kept by age in days, with the order days known at a moment."""
        window_days = self.shop.numbers.window.days
        return self._curve("kept", moment, lambda known: kept_by_tenure(self.model, known, window_days))

    def worth(self, moment: datetime) -> Curve:
        """Return clv_gp2_365 (minor units) by age in days, with the order days known at a moment."""
        return self._curve("worth", moment, lambda known: profit_by_tenure(self.model, known))

    def _curve(self, name: str, moment: datetime, of: Callable[[BuyingHistory], Curve]) -> Curve:
        days = self.days_by(moment)
        if (name, len(days)) not in self.curves:
            self.curves[name, len(days)] = _Said(of(self._history(days))).__getitem__
        return self.curves[name, len(days)]

    def age_days(self, moment: datetime) -> float:
        """Return days since the first order day."""
        return (moment - self.first_at) / DAY
