"""Money of another currency than the shop's: converted once at the merchant's own rate, or not said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from nextorder.domain.facts import Order, OrderLine, Payment, Refund, RefundLine
from nextorder.domain.ledger import Profit, profit_of_order
from nextorder.domain.money import is_currency, minor_digits, round_half_up
from nextorder.domain.shop import Costs, CountryCosts, Incentives, Rate, Shop

_MOVED: Final = ("rates", "costs", "incentives", "told_in")


@dataclass(frozen=True, slots=True)
class Exchange:
    """Turns amounts of one currency into those of another, minor units into minor units."""

    into: str
    factor: Decimal

    def amount(self, minor: int) -> int:
        """Convert one amount; a half goes away from zero, for what is given back as for what is paid."""
        return round_half_up(minor * self.factor)

    def order(self, order: Order) -> Order:
        """Convert an order, what its goods cost included: that was known in the order's currency."""
        return replace(
            order,
            currency=self.into,
            lines=tuple(map(self._line, order.lines)),
            shipping=self.amount(order.shipping),
            duties=self.amount(order.duties),
            total=self.amount(order.total),
            discount=self.amount(order.discount),
            subtotal=self.amount(order.subtotal),
        )

    def refund(self, refund: Refund) -> Refund:
        """Convert a refund, which is in its order's currency."""
        return replace(
            refund,
            lines=tuple(map(self._refund_line, refund.lines)),
            shipping=self.amount(refund.shipping),
            shipping_tax=self.amount(refund.shipping_tax),
            adjustment=self.amount(refund.adjustment),
            duties=self.amount(refund.duties),
        )

    def payment(self, payment: Payment, foreign: str) -> Payment:
        """Convert a payment's fee, and its amount where that is in the order's currency, too."""
        fee = None if payment.fee is None else self.amount(payment.fee)
        if payment.currency not in ("", foreign):
            return replace(payment, fee=fee)
        return replace(payment, fee=fee, amount=self.amount(payment.amount), currency=self.into)

    def costs(self, costs: Costs) -> Costs:
        """Convert what the merchant has told of costs; shares stay."""
        return replace(
            costs,
            payment_fixed=self.amount(costs.payment_fixed),
            outbound_shipping=self.amount(costs.outbound_shipping),
            return_shipping=self.amount(costs.return_shipping),
            pick_pack=self.amount(costs.pick_pack),
            return_handling=self.amount(costs.return_handling),
            by_country={country: self._country(one) for country, one in costs.by_country.items()},
        )

    def offers(self, offers: Incentives) -> Incentives:
        """Convert what offers cost."""
        light, strong = self.amount(offers.light_cost), self.amount(offers.strong_cost)
        return replace(offers, light_cost=light, strong_cost=strong)

    def _country(self, own: CountryCosts) -> CountryCosts:
        return CountryCosts(**{name: self.amount(minor) for name, minor in own.told.items()})

    def _line(self, line: OrderLine) -> OrderLine:
        cost = None if line.unit_cost is None else self.amount(line.unit_cost)
        return replace(line, revenue=self.amount(line.revenue), unit_cost=cost)

    def _refund_line(self, line: RefundLine) -> RefundLine:
        return replace(line, revenue=self.amount(line.revenue), tax=self.amount(line.tax))


def is_foreign(currency: str, shop: Shop) -> bool:
    """Whether amounts in a currency are not the shop's; an empty one is."""
    return currency not in ("", shop.currency)


def rate_of(currency: str, shop: Shop) -> Decimal | None:
    """Return what one unit is worth in the shop's currency; None = the merchant has not said."""
    known = (one.rate for one in shop.rates if (one.currency, one.into) == (currency, shop.currency))
    return next(known, None)


def exchange(currency: str, shop: Shop) -> Exchange | None:
    """Return what converts a currency into the shop's; None without a rate."""
    rate = rate_of(currency, shop)
    if rate is None:
        return None
    return Exchange(shop.currency, rate.scaleb(minor_digits(shop.currency) - minor_digits(currency)))


def profit_in(
    shop: Shop, order: Order, refunds: Iterable[Refund], payments: Iterable[Payment]
) -> Profit | None:
    """
    Work out an order's profit in the shop's currency; None where no rate leads there.

    Each amount is rounded once, to whole minor units of the shop's currency.
    """
    costs = _costs(shop)
    if not is_foreign(order.currency, shop):
        return profit_of_order(order, refunds, payments, costs)
    if order.test or order.deleted:
        return Profit()
    if (into := exchange(order.currency, shop)) is None:
        return None
    return profit_of_order(
        into.order(order),
        map(into.refund, refunds),
        [into.payment(payment, order.currency) for payment in payments],
        costs,
    )


def foreign_currencies(orders: Iterable[Order], shop: Shop) -> Sequence[str]:
    """Name the currencies that a customer's orders are in beside the shop's, sorted."""
    real = (order.currency for order in orders if not (order.test or order.deleted))
    return sorted({currency for currency in real if is_foreign(currency, shop)})


def why_unpriced(currencies: Iterable[str], shop: Shop) -> str:
    """Say why nothing is said of a customer's money; empty = all of it is known in one currency."""
    missing = [one for one in currencies if rate_of(one, shop) is None]
    if missing:
        return _why(f"no rate is given for orders in {', '.join(missing)}")
    if is_foreign(shop.told_in, shop) and rate_of(shop.told_in, shop) is None:
        return _why(f"costs were told in {shop.told_in} and no rate is given")
    return ""


def why_unranked(shop: Shop) -> str:
    """Say why this shop's own numbers are of no use for money; empty = they are."""
    if is_foreign(shop.numbers.currency, shop):
        return _why(f"the shop's own numbers are in {shop.numbers.currency} until the next fit")
    return ""


def rates_in_words(currencies: Iterable[str], shop: Shop) -> str:
    """Say how orders were converted; empty = none was."""
    rates = [(one, rate_of(one, shop)) for one in currencies]
    told = [f"those in {one} at {rate:f} {shop.currency}" for one, rate in rates if rate is not None]
    return f"Orders in another currency are converted: {', '.join(told)}." if told else ""


def retold(shop: Shop) -> Shop:
    """Return a shop whose costs and offers are in its currency of now, where a rate leads there."""
    into = exchange(shop.told_in, shop) if is_foreign(shop.told_in, shop) else None
    if into is None:
        return shop
    return replace(
        shop, costs=into.costs(shop.costs), incentives=into.offers(shop.incentives), told_in=shop.currency
    )


def with_rates(shop: Shop, told: Mapping[str, Decimal]) -> Shop:
    """
    Return a shop with rates into its currency of now beside those it has, costs and offers converted.

    Raises:
        ValueError: What is named is no currency, or the shop's own.
    """
    for currency in told:
        if currency == shop.currency or not is_currency(currency):
            raise ValueError(f"{currency}: expected another currency than {shop.currency}, such as USD")
    held = {(one.currency, one.into): one.rate for one in shop.rates}
    held |= {(currency, shop.currency): rate for currency, rate in told.items()}
    rates = tuple(Rate(currency=pair[0], into=pair[1], rate=held[pair]) for pair in sorted(held))
    return retold(replace(shop, rates=rates))


def changed_by_rates(shop: Shop, rated: Shop) -> dict[str, Any]:
    """Return the fields of a shop that `with_rates` changed."""
    return {one: getattr(rated, one) for one in _MOVED if getattr(rated, one) != getattr(shop, one)}


def _costs(shop: Shop) -> Costs:
    """Return configured costs in the shop's currency, or as they are without a rate: nothing is said then."""
    return retold(shop).costs


def _why(because: str) -> str:
    return f"Nothing is said of value: {because}."
