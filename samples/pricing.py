"""From the sample's rows to money: lines, discounts, tax, shipping and refunds of one order, in pence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from samples.assortment import Variant, variant_of
from samples.invented import (
    Person,
    discount_percent,
    person,
    shipping_price,
    tax_percent,
)
from samples.rows import Back, Returned, Sale, Sold


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line item; discount and tax are of the whole line."""

    place: int
    """The row it was made of."""
    variant: Variant
    quantity: int
    price: int
    discount: int
    tax: int

    @property
    def net(self) -> int:
        """After discounts, without tax."""
        return self.quantity * self.price - self.discount


@dataclass(frozen=True, slots=True)
class RefundedUnits:
    """Units of one line item that came back."""

    line: int
    """Index of the line item."""
    quantity: int
    subtotal: int
    tax: int


@dataclass(frozen=True, slots=True)
class PricedRefund:
    """One refund; `extra` > 0: more was given back than the units' price, < 0: less."""

    returned: Returned
    units: tuple[RefundedUnits, ...]
    extra: int
    extra_tax: int

    @property
    def paid_out(self) -> int:
        """Tax included."""
        return sum(each.subtotal + each.tax for each in self.units) + self.extra + self.extra_tax


@dataclass(frozen=True)
class PricedOrder:
    """One order as the shop's till would have it."""

    sale: Sale
    customer: Person
    percent_off: int
    lines: tuple[PricedLine, ...]
    shipping: int
    shipping_tax: int
    tax_percent: int

    @property
    def goods(self) -> int:
        """Lines before discounts: the total of the set's rows."""
        return sum(line.quantity * line.price for line in self.lines)

    @property
    def discount(self) -> int:
        """All of it is on lines."""
        return sum(line.discount for line in self.lines)

    @property
    def tax(self) -> int:
        """On lines and shipping."""
        return sum(line.tax for line in self.lines) + self.shipping_tax

    @property
    def total(self) -> int:
        """What is to be paid."""
        return self.goods - self.discount + self.shipping + self.tax

    @cached_property
    def refunds(self) -> tuple[PricedRefund, ...]:
        """All refunds there will ever be, oldest first."""
        till = _Till(self.lines, self.tax_percent, self.percent_off)
        return tuple(till.give_back(returned) for returned in self.sale.returns)


def price_order(sale: Sale) -> PricedOrder:
    """Price the order by the invented rules; its goods are the rows' total to the penny."""
    customer = person(sale.customer)
    percent_off = discount_percent(sale.customer, sale.number)
    rate = tax_percent(customer.country)
    shipping = shipping_price(sale.total * (100 - percent_off) // 100, customer.country)
    return PricedOrder(
        sale=sale,
        customer=customer,
        percent_off=percent_off,
        lines=tuple(_price_lines(sale.lines, percent_off, rate)),
        shipping=shipping,
        shipping_tax=_percent(shipping, rate),
        tax_percent=rate,
    )


def _price_lines(rows: Sequence[Sold], percent_off: int, rate: int) -> Iterator[PricedLine]:
    """A row whose amount its units do not divide becomes two line items, a penny apart in price."""
    for place, row in enumerate(rows):
        price, pennies = divmod(row.amount, row.quantity)
        for quantity, unit_price in ((row.quantity - pennies, price), (pennies, price + 1)):
            if quantity:
                discount = _percent(quantity * unit_price, percent_off)
                tax = _percent(quantity * unit_price - discount, rate)
                yield PricedLine(place, variant_of(row), quantity, unit_price, discount, tax)


def _percent(pence: int, percent: int) -> int:
    """Half a penny goes up."""
    return (pence * percent + 50) // 100


@dataclass
class _Till:
    """Gives back units and money of one order, never more than was paid for its lines."""

    lines: tuple[PricedLine, ...]
    rate: int
    percent_off: int
    gone: dict[int, int] = field(default_factory=dict)
    given: int = 0
    given_tax: int = 0

    def give_back(self, returned: Returned) -> PricedRefund:
        """
        Units at the price paid, the rest of the row's amount as a discrepancy.

        The rows' amounts are list prices, so the discrepancy is cut by the order's discount too.
        """
        units = tuple(each for back in returned.items for each in self._take(back))
        listed = sum(each.quantity * self.lines[each.line].price for each in units)
        wanted = sum(back.amount for back in returned.items) - listed
        self.given += sum(each.subtotal for each in units)
        self.given_tax += sum(each.tax for each in units)
        extra = self._within(wanted - _percent(wanted, self.percent_off), units)
        extra_tax = min(_percent(extra, self.rate), sum(line.tax for line in self.lines) - self.given_tax)
        self.given += extra
        self.given_tax += extra_tax
        return PricedRefund(returned, units, extra, extra_tax)

    def _within(self, extra: int, units: Sequence[RefundedUnits]) -> int:
        """Keep the refund at or above nothing, and all refunds at or below the lines' price."""
        lowest = -sum(each.subtotal for each in units)
        highest = sum(line.net for line in self.lines) - self.given
        return max(lowest, min(extra, highest))

    def _take(self, back: Back) -> Iterator[RefundedUnits]:
        """Take units off the line items of one row, in their order."""
        left = back.quantity
        for index, line in enumerate(self.lines):
            before = self.gone.get(index, 0)
            taken = min(left, line.quantity - before) if line.place == back.place else 0
            if taken:
                self.gone[index] = before + taken
                left -= taken
                subtotal, tax = (
                    whole * (before + taken) // line.quantity - whole * before // line.quantity
                    for whole in (line.net, line.tax)
                )
                yield RefundedUnits(index, taken, subtotal, tax)
