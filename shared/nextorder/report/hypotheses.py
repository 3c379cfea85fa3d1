"""What to try with new customers, the most money first: differences that chance does not explain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from nextorder.domain.spend_file import Spend
from nextorder.report.acquisition import Won, won
from nextorder.report.groups import LEAST, RECENT_DAYS, Compared, Group
from nextorder.report.page import Column, Estimate, Kind, Picture, Value
from nextorder.report.store import Store
from nextorder.report.words import counted, estimated, number

KEY: Final = "hypotheses"
TITLE: Final = "What to try with new customers"
INTERVAL: Final = (
    "the average of such customers lies within it four times out of five, and so does what is at stake. A "
    "difference is no proof of its cause: who comes by one way differs in others, too, so try it on a few "
    "first; amounts of two lines may be the same money"
)
COLUMNS: Final = (
    Column(name="dimension", label="by", kind=Kind.TEXT),
    Column(name="name", label="which", kind=Kind.TEXT),
    Column(name="n", label="new customers in 12 months", kind=Kind.COUNT),
    Column(name="recent", label="in the last 90 days", kind=Kind.COUNT),
    Column(name="year", label="gross profit of the first year", kind=Kind.MONEY),
    Column(name="year_lo", label="first year, at least", kind=Kind.MONEY),
    Column(name="year_hi", label="first year, at most", kind=Kind.MONEY),
    Column(name="store", label="of the store", kind=Kind.MONEY),
    Column(name="store_lo", label="of the store, at least", kind=Kind.MONEY),
    Column(name="store_hi", label="of the store, at most", kind=Kind.MONEY),
    Column(name="stake", label="at stake", kind=Kind.MONEY),
    Column(name="stake_lo", label="at stake, at least", kind=Kind.MONEY),
    Column(name="stake_hi", label="at stake, at most", kind=Kind.MONEY),
    Column(name="says", label="what is seen", kind=Kind.TEXT),
    Column(name="to_try", label="what to try", kind=Kind.TEXT),
)
_WON_BY: Final[Mapping[str, str]] = {
    "source": "who came from {}",
    "landing": "who first saw {}",
    "product": "who began with product {}",
    "code": "who used {}",
    "campaign": "won by the campaign {}",
    "country": "in {}",
}
_MEND: Final[Mapping[str, str]] = {
    "source": "spend less there for a month, or show the offer to others, and compare the next {n} customers",
    "landing": "send half of these visits to another page, and compare the next {n} customers",
    "product": "lead new visitors to another product, or follow its buyers up, and compare the next {n}",
    "code": "leave the code out for half of the visitors, and compare the next {n} customers of each half",
    "campaign": "change what it offers or whom it is shown to, and compare the next {n} customers",
    "country": "look at what its parcels and returns cost, change one thing, and compare the next {n}",
}
_MORE: Final[Mapping[str, str]] = {
    "source": "put a little more there for a month, and see whether the next {n} are as good",
    "landing": "send more visits to that page for a month, and see whether the next {n} are as good",
    "product": "show it first to new visitors for a month, and see whether the next {n} are as good",
    "code": "offer it to a few more visitors, and see whether the next {n} are as good",
    "campaign": "let it run a little larger, and see whether the next {n} are as good",
    "country": "put a little more into it for a month, and see whether the next {n} are as good",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One thing to try; amounts in minor units."""

    group: Group
    store: Estimate
    recent: float
    """New customers of the last 90 days, of everyone."""

    @property
    def stake(self) -> Estimate:
        """
        What the newcomers of the last 90 days would bring more in a year were they like the store's.

        Of a group that brings more: what as many again would bring more than as many of the store's.
        """
        sign = -1 if self.group.compared is Compared.LESS else 1
        value, *ends = (
            sign * self.recent * (end - self.store.value) for end in self.group.year.ends if end is not None
        )
        return Estimate(value=value, lo=min(ends), hi=max(ends))


def hypotheses_of(found: Won) -> Sequence[Hypothesis]:
    """Rank the groups that surely differ by what is at stake; those of whom nobody came of late are none."""
    store = found.groups.year
    apart = (one for one in found.groups.found if one.compared and one.recent)
    counts = ((one, one.recent / found.share) for one in apart)
    ranked = (Hypothesis(group=one, store=store, recent=recent) for one, recent in counts)
    return sorted(ranked, key=lambda one: (-one.stake.value, one.group.dimension, one.group.name))


def hypotheses(store: Store, spend: Iterable[Spend] = ()) -> Picture:
    """Rank what could be tried, each in words that can be passed on."""
    found = won(store, spend)
    ranked = () if found.missing else hypotheses_of(found)
    return Picture(
        key=KEY,
        title=TITLE,
        says=found.missing or _says(ranked, found, store.shop.currency),
        n=found.groups.n,
        unit="customers won in the last 12 months",
        interval=INTERVAL,
        columns=COLUMNS,
        rows=tuple(_rows(ranked, found, store.shop.currency)),
    )


def _rows(ranked: Iterable[Hypothesis], found: Won, currency: str) -> Iterator[Sequence[Value]]:
    for one in ranked:
        group = one.group
        yield (
            group.dimension,
            group.name,
            found.in_all(group.n),
            round(one.recent),
            *map(_rounded, (*group.year.ends, *one.store.ends, *one.stake.ends)),
            in_words(one, currency),
            to_try(one),
        )


def _rounded(value: float | None) -> int | None:
    return None if value is None else round(value)


def in_words(one: Hypothesis, currency: str) -> str:
    """Say what is seen and what is at stake."""
    group = one.group
    who = _WON_BY[group.dimension].format(group.name)
    year, range_ = estimated(group.year, currency)
    stake, _ = estimated(one.stake, currency)
    said = (
        f"Customers {who} bring {year} ({range_}) in their first year against "
        f"{estimated(one.store, currency)[0]} of the store; {number(one.recent)} of them came in the last "
        f"{RECENT_DAYS} days: "
    )
    if group.compared is Compared.LESS:
        return f"{said}{stake} are at stake if they became like the store's."
    return f"{said}as many again would bring {stake} more than as many of the store's."


def to_try(one: Hypothesis) -> str:
    """Say what small thing would tell whether it can be changed."""
    table = _MEND if one.group.compared is Compared.LESS else _MORE
    return table[one.group.dimension].format(n=max(LEAST, min(round(one.recent), 100)))


def _differ(count: int) -> str:
    return "differs" if count == 1 else "differ"


def _says(ranked: Sequence[Hypothesis], found: Won, currency: str) -> str:
    compared = found.groups.compared
    if not compared:
        return (
            "There is nothing to compare: the orders name no source, code, product or country by which "
            f"{LEAST} new customers could be told from the others."
        )
    if not ranked:
        return (
            f"Of {counted(compared, 'group')} of at least {LEAST} new customers none clearly brings less or "
            "more than the others: nothing here asks for a change."
        )
    first = ranked[0]
    return (
        f"{number(len(ranked))} of {counted(compared, 'group')} clearly {_differ(len(ranked))} from the "
        "others; "
        f"most is at stake with those by {first.group.dimension} {first.group.name}: "
        f"{estimated(first.stake, currency)[0]} a year. Even where all groups were alike, "
        "chance alone would name one in one store of ten."
    )
