"""When what happens to an order of the sample."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from samples.moments import TO_PAID, Calendar, fulfilled_after, placed_locally, returned_locally
from samples.pricing import PricedOrder, PricedRefund


@dataclass(frozen=True, slots=True)
class StagedOrder:
    """A priced order and when what happens to it."""

    priced: PricedOrder
    customer_since: datetime
    placed: datetime
    fulfilled: datetime
    refunded: tuple[datetime, ...]

    @property
    def paid(self) -> datetime:
        """Seconds after the order."""
        return self.placed + TO_PAID

    @property
    def number(self) -> int:
        """The order's number in the sample."""
        return self.priced.sale.number

    def refunds_until(self, as_of: datetime) -> Sequence[PricedRefund]:
        """Return the refunds made by then, oldest first."""
        return self.priced.refunds[: sum(moment <= as_of for moment in self.refunded)]

    def stages(self) -> list[datetime]:
        """Return every moment at which the order changes, in time order, the first being its own."""
        return sorted((self.placed, self.paid, self.fulfilled, *self.refunded))


def stage(priced: PricedOrder, calendar: Calendar, customer_since: datetime) -> StagedOrder:
    """Place the order in the calendar; a refund in its first day comes before the parcel leaves."""
    placed = calendar.moment(placed_locally(priced.sale))
    leaves = placed.astimezone(UTC) + fulfilled_after(priced.sale)
    return StagedOrder(
        priced=priced,
        customer_since=customer_since,
        placed=placed,
        fulfilled=leaves.astimezone(placed.tzinfo).replace(second=50),
        refunded=tuple(calendar.moment(returned_locally(each)) for each in priced.sale.returns),
    )
