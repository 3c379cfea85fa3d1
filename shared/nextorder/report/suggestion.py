"""One thing to do on Monday, in plain words: the first rule that has something to say."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nextorder.domain.audit import Light
from nextorder.domain.backtest import not_to_use
from nextorder.domain.buyer import Buyer
from nextorder.domain.currency import why_unranked
from nextorder.domain.features import Features
from nextorder.domain.holdout import held_out
from nextorder.domain.model_card import LEAST_SECOND_ORDERS
from nextorder.domain.own_window import with_own_window
from nextorder.domain.phrases import day_in_words
from nextorder.domain.published import shown_name
from nextorder.domain.segments_families import has_enough_history
from nextorder.domain.stages import stages
from nextorder.report.store import Store
from nextorder.report.words import counted, number, percent, roughly

LEAST: Final = 30
"""Customers who are worth a message of their own: the floor of a segment."""
CLOSING, AT_RISK, CHAMPION = "life:closing", "risk:at-risk", "life:champion"
MONEY: Final = "value"
"""The family that findings on money name."""
NO_PROMISE: Final = "What a message adds to that is not known before the holdout has shown it"
ASK: Final = "Ask whoever installed Nextorder"
_TO_MEND: Final[Mapping[str, tuple[str, str]]] = {
    "goods without a cost": (
        "Tell what your goods cost: for {share} no cost is known, and all profit rests on a guess",
        "to read in the costs of your goods, or the margins that you tell",
    ),
    "lines without a variant": (
        "Tell a margin for what you sell outside of your list of products: for {share} no cost can be known",
        "to enter the margin that you tell",
    ),
    "parcels and packing": (
        "Tell what parcels cost you, with packing and returns: without it each order looks better than it is",
        "to enter these costs",
    ),
    "orders in another currency": (
        "Tell the rates of your currencies: without one nothing is told of what some customers bring",
        "to enter the rates",
    ),
}
"""The audit's findings that money rests on: what is wanted of the reader, and what of who can do it."""
BY_ITSELF: Final = "history"
"""The finding that time mends: where older orders are missing, rule 1 or another finding says so."""
_SOMETHING: Final = "Mend what every profit on this page rests on, {name} ({share})"
QUIET: Final = "Nothing presses this week: look at what was said and what happened, and let the flows run."


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Customers of one segment who may be written to; amounts in minor units."""

    name: str
    members: Sequence[Features]
    held_out: int
    """Members of the segment who may not be, beside those."""
    expected: float = 0.0
    """Gross profit 2 of the next 365 days, as its members' values say."""
    expected_before: float = 0.0
    """The same as it was right after each one's last order."""

    @property
    def at_stake(self) -> float:
        """What the time since their last order has taken from what they are expected to bring."""
        return self.expected_before - self.expected


def suggestion(store: Store) -> str:
    """
    Suggest one thing, by rules in this order: the first that has something to say is taken.

    1. Too few second orders: bring in the older history.
    2. Forecasts whose totals were too far off are not to be planned with.
    3. What the audit shows in red of costs, since every profit rests on them.
    4. Nothing is published, not yet or not any more: go live.
    5. Of those whose window is closing and those at risk (30 or more, held-out ones left out) the
       group that has lost most of the profit expected of it.
    6. Champions, to be asked for a recommendation.

    Amounts are what such customers usually bring, whatever is sent: no effect of a message is promised.
    """
    return next(filter(None, (rule(store) for rule in RULES)), QUIET)


def _too_few(store: Store) -> str:
    found = store.told.second_orders
    if found >= LEAST_SECOND_ORDERS:
        return ""
    return (
        f"Bring in your older orders: people can be told apart once {LEAST_SECOND_ORDERS} have ordered "
        f"again, and so far {number(found)} have. {ASK} to let it read them, or to import them."
    )


def _off(store: Store) -> str:
    off = store.backtest and not_to_use(store.backtest)
    if not store.backtest or not off or not has_enough_history(store.shop.numbers):
        return ""
    worst = next(one for one in store.backtest.horizons if one.days == max(off))
    said, came = number(worst.expected), number(worst.happened)
    return (
        f"Do not plan with the forecasts of {worst.days:g} days yet: of the customers known on "
        f"{day_in_words(store.backtest.as_of, store.shop)} {said} were to order and {came} did. Segments by "
        "age and order days are not touched by that."
    )


def _costs(store: Store) -> str:
    red = (
        one
        for one in store.findings
        if one.light is Light.RED and MONEY in one.families and one.what and one.name != BY_ITSELF
    )
    found = next(red, None)
    if found is None:
        return ""
    what, ask = _TO_MEND.get(found.name, (_SOMETHING, "to do what stands there"))
    share, *_ = found.number.split(", ")
    return f"{what.format(name=found.name, share=share)}. {ASK} {ask}; how is told under “The data” below."


def _not_live(store: Store) -> str:
    if store.shop.applied and store.shop.going_live.share:
        return ""
    closing = store.in_all(len(_shown_in(store, CLOSING)))
    meanwhile = f"; meanwhile the window of {counted(closing, 'customer')} is closing" if closing else ""
    return (
        f"Go live: nothing is sent to Shopify or Klaviyo at present{meanwhile}. {ASK} to show you what would "
        "be sent, before anything is."
    )


def _slipping(store: Store) -> str:
    if why_unranked(store.shop) or not has_enough_history(store.shop.numbers):
        return ""
    groups = [group for name in (CLOSING, AT_RISK) if len((group := _group(store, name)).members) >= LEAST]
    if not groups:
        return ""
    most = max(groups, key=lambda one: one.at_stake)
    money = (most.expected_before, most.expected)
    before, now = (roughly(one / store.share, store.shop.currency) for one in money)
    todo = _TO_DO[most.name].format(count=number(len(most.members) / store.share))
    return (
        f"{todo}{_besides(most.held_out, store)}. Right after their last order they were expected to bring "
        f"{before} of gross profit within a year; now it is {now}. {NO_PROMISE}."
    )


def _champions(store: Store) -> str:
    champions = _shown_in(store, CHAMPION)
    members = _to_write_to(champions, store)
    if len(members) < LEAST:
        return ""
    all_brought, brought = (sum(one.gp2_to_date for one in some) for some in (store.buyers, members))
    share = f", who brought {percent(brought / all_brought)} of all profit" if all_brought > 0 else ""
    besides = _besides(len(champions) - len(members), store)
    return (
        f"Ask your {number(len(members) / store.share)} champions{share}, to recommend you, with a "
        f"thank-you and no discount{besides}; how many they win is to be seen among the new customers."
    )


RULES: Final[Sequence[Callable[[Store], str]]] = (_too_few, _off, _costs, _not_live, _slipping, _champions)
_TO_DO: Final = {
    CLOSING: "Give the {count} customers whose window is closing a last good reason for a second order",
    AT_RISK: "Win back the {count} customers at risk, without a discount first",
}


def _shown_in(store: Store, name: str) -> Sequence[Features]:
    """Return everybody in a segment of life or risk, held out or not; nobody where it is not shown."""
    if shown_name(name, store.catalogue, store.shop.numbers.shown_as) != name:
        return ()
    family, _, value = name.partition(":")
    return [one for one in store.buyers if _value(one, family, store) == value]


def _value(one: Features, family: str, store: Store) -> str:
    life, risk = stages(one, store.shop, store.told.model, store.catalogue, [store.as_of])
    return (life if family == "life" else risk)[0]


def _to_write_to(some: Iterable[Features], store: Store) -> Sequence[Features]:
    gid, share = store.shop.gid, store.shop.holdout_share
    return [one for one in some if not held_out(gid, one.customer, share)]


def _besides(held_out: int, store: Store) -> str:
    """Count those who are in the figures above and are not written to; empty = nobody is."""
    count = store.in_all(held_out)
    return f" ({number(count)} more {'is' if count == 1 else 'are'} held out)" if count else ""


def _group(store: Store, name: str) -> Group:
    everyone = [one for one in _shown_in(store, name) if not one.unpriced]
    members = _to_write_to(everyone, store)
    expected = expected_before = 0.0
    for one in members:
        buyer = Buyer(features=one, shop=with_own_window(one, store.shop), model=store.told.model)
        worth = buyer.worth(store.as_of)
        expected += worth(buyer.age_days(store.as_of))
        expected_before += worth(buyer.age_days(one.order_days[-1].at))
    return Group(
        name=name,
        members=members,
        held_out=len(everyone) - len(members),
        expected=expected,
        expected_before=expected_before,
    )
