"""A customer's way through orders, refits and time, and a record of every change on it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.facts import Order, SignUp, StoredFact, sort_key
from nextorder.domain.features import compute_features
from nextorder.domain.recall import EPISODES, basis_of, episode_of
from nextorder.domain.shop import Gaps, Shop
from nextorder.domain.verdict import Segment, State
from nextorder.ports import CustomerRecord
from nextorder.scoring.model import StoreModel
from nextorder.use_cases.update_customer import Judge, next_state
from tests.fakes.in_memory import InMemoryCustomers, InMemoryShops
from tests.fakes.signs import InMemoryForgotten
from tests.unit.habit_cases import GAPS, SHARES
from tests.unit.live_cases import LIVE_NUMBERS, a_checkout
from tests.unit.shop_cases import CATALOGUE, DAY, MODEL, SECOND, SHOP, START, a_refund, an_order

NUMBERS = replace(LIVE_NUMBERS, category_shares=SHARES, gaps=GAPS, return_rate=0.1)
CATEGORIES = ("tea", "pots", "cups")
JITTERED = ("r", "alpha", "a", "b", "v")


@dataclass(frozen=True)
class Refit:
    """New numbers: each of some factors moves a group of them."""

    factors: tuple[float, ...]

    def numbers_of(self, shop: Shop, at: datetime, name: str) -> tuple[StoreModel, Shop]:
        """Return the model and the shop after this fit."""
        model_by, clv_by, chance_by, gaps_by, rest_by, days_by = self.factors
        parameters = {key: getattr(MODEL, key) * model_by**n for n, key in enumerate(JITTERED, start=-2)}
        model = replace(MODEL, name=name, **parameters)
        numbers = replace(
            NUMBERS,
            window=replace(NUMBERS.window, days=round(160 * days_by)),
            clv_ranks={key: round(worth * clv_by) for key, worth in NUMBERS.clv_ranks.items()},
            chance_ranks={key: chance * chance_by for key, chance in NUMBERS.chance_ranks.items()},
            gaps={name: _moved(gaps, gaps_by) for name, gaps in GAPS.items()},
            category_shares={name: share * rest_by for name, share in SHARES.items()},
            return_rate=0.1 * rest_by,
            base={key: chance / rest_by for key, chance in NUMBERS.base.items()},
            model=model.name,
            fitted_at=at,
        )
        return model, replace(shop, numbers=numbers)


def _moved(gaps: Gaps, by: float) -> Gaps:
    return replace(gaps, day_40=gaps.day_40 * by, day_75=gaps.day_75 * by, day_95=gaps.day_95 * by)


@dataclass(frozen=True)
class Change:
    """One value after another; `by` is what the state says of it: fact, time or numbers."""

    key: str
    before: Segment | None
    after: Segment | None
    by: str
    at: datetime
    episode: str
    """Names the facts between which it lies."""


@dataclass
class Walk:
    """One customer, looked at again and again; `forgetful` states remember nothing across fits."""

    forgetful: bool = False
    now: datetime = START
    shop: Shop = field(default_factory=lambda: replace(SHOP, numbers=NUMBERS))
    catalogue: Catalogue = CATALOGUE
    state: State | None = None
    changes: list[Change] = field(default_factory=list)
    looks: int = 0

    def __post_init__(self) -> None:
        self.facts: dict[str, StoredFact] = {}
        self.shops = InMemoryShops(prior=MODEL, packaged=self.catalogue)
        self.judge = Judge(customers=InMemoryCustomers(), shops=self.shops, forgotten=InMemoryForgotten())

    def take(self, *facts: StoredFact) -> None:
        """Keep facts and look."""
        self.facts |= {sort_key(fact): fact for fact in facts}
        self.look()

    def refit(self, refit: Refit) -> None:
        """Let other numbers hold; nobody has looked yet."""
        name = f"fit {len(self.shops.models)}"
        model, self.shop = refit.numbers_of(self.shop, self.now, name)
        self.shops.save_model(self.shop.id, model)

    def next(self, as_of: datetime) -> State | None:
        """Return what a look would find."""
        held = self.state
        if held and self.forgetful:
            held = replace(held, basis="")
        record = CustomerRecord(facts=tuple(self.facts.values()), state=held, accepted={}, gone=None)
        return next_state("7", record, shop=self.shop, judge=self.judge, as_of=as_of)

    def look(self, as_of: datetime | None = None) -> None:
        """Bring the state up to a moment, and write down what changed."""
        before, after = self.state, self.next(as_of or self.now)
        self.looks += 1
        if after is not None and after is not before:
            self.changes += changes_between(before, after, self.basis())
        self.state = after

    def wait(self, days: float, *, asleep: bool = False) -> None:
        """Let time pass, looking at every moment that is due; asleep, only at the end."""
        until = self.now + timedelta(seconds=round(days * 86_400))
        while not asleep and self.state and self.state.due_at and self.state.due_at <= until:
            self.now = max(self.now, self.state.due_at)
            self.look()
            assert self.state.due_at is None or self.state.due_at > self.now, "due again at once"
        self.now = until

    def basis(self) -> str:
        """Name the facts as the record of changes does."""
        return basis_of(compute_features("7", self.facts.values(), self.shop, self.now))


def changes_between(before: State | None, after: State, basis: str) -> list[Change]:
    """Compare two states, key by key."""
    old = before.verdict.segments if before else {}
    new = after.verdict.segments
    at = after.verdict.scored_at
    assert at is not None
    is_fact = before is None or before.basis.split(".")[0] != after.basis.split(".")[0]
    moved: Mapping[str, Sequence[datetime]] = after.verdict.memory.moved if after.verdict.memory else {}
    known = before.verdict.memory.moved if before and before.verdict.memory else {}
    found = []
    for key in sorted({*old, *new, *moved}):
        was, now = old.get(key), new.get(key)
        news = [moment for moment in moved.get(key, ()) if moment not in known.get(key, ())]
        if _value(was) == _value(now) and not news:
            continue
        by = "fact" if is_fact else "numbers" if news else "time"
        if not is_fact and before and before.basis != after.basis and key in ("cart", "buy"):
            by = "fact"
        found += [Change(key, was, now, by, news[0] if news else now.since if now else at, basis)]
    return found


def _value(segment: Segment | None) -> str:
    return (segment.value or "on") if segment else ""


def entries(changes: Sequence[Change]) -> Mapping[tuple[str, str], int]:
    """Count how often each episode's family was entered, from nothing, between the same facts."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for change in changes:
        family = change.key.partition(":")[0]
        if family in EPISODES and change.after and not change.before:
            name = episode_of(change.key, change.after)
            by_checkout = name in ("cart", "buy:now")
            found[change.episode if by_checkout else change.episode.split(".")[0], name] += 1
    return found


def an_order_of(number: int, day: float, category: str, revenue: int, discount: int) -> Order:
    order = an_order(day, revenue, name=str(number))
    line = replace(order.lines[0], category=category)
    placed_at = order.placed_at - timedelta(microseconds=number % 3)
    return replace(order, placed_at=placed_at, lines=(line,), discount=discount, subtotal=revenue + discount)


Step = tuple[str, Any]
FACTORS = st.tuples(*[st.sampled_from([0.6, 0.85, 0.95, 1.0, 1.05, 1.2, 1.7])] * 6)
_CALM = st.one_of(
    st.tuples(st.just("wait"), st.sampled_from([0.2, 3.0, 8.0, 15.0, 30.0, 70.0])),
    st.tuples(st.just("refit"), FACTORS),
    st.tuples(st.just("late refit"), FACTORS),
    st.tuples(st.just("asleep"), st.sampled_from([1.0, 6.0, 33.0])),
    st.tuples(st.just("again"), st.sampled_from([0, 1, 600])),
)
_BUSY = st.one_of(
    st.tuples(
        st.just("order"), st.tuples(st.sampled_from(CATEGORIES), st.sampled_from([900, 9_000, 30_000]))
    ),
    st.tuples(st.just("burst"), st.integers(1, 4)),
    st.tuples(st.just("refund"), st.sampled_from([100, 2_000])),
    st.tuples(st.just("checkout"), st.none()),
    st.tuples(st.just("sign-up"), st.none()),
)
CALM: st.SearchStrategy[list[Step]] = st.lists(_CALM, min_size=4, max_size=14)
BUSY: st.SearchStrategy[list[Step]] = st.lists(st.one_of(_CALM, _BUSY), min_size=4, max_size=16)
STARTS = st.lists(
    st.tuples(st.sampled_from(CATEGORIES), st.sampled_from([900, 9_000, 30_000])), min_size=1, max_size=6
)


def walk(
    starts: Sequence[tuple[str, int]],
    steps: Sequence[Step],
    *,
    forgetful: bool = False,
    catalogue: Catalogue = CATALOGUE,
) -> Walk:
    """Order every third week, then go the steps."""
    way = Walk(forgetful=forgetful, catalogue=catalogue)
    for number, (category, revenue) in enumerate(starts):
        way.take(an_order_of(number, (way.now - START) / DAY, category, revenue, 90 * (number % 2)))
        way.wait(21.0)
    for step in steps:
        go(way, step)
    return way


def go(way: Walk, step: Step) -> None:
    """Do one step."""
    kind, much = step
    if kind == "wait":
        way.wait(much)
    elif kind == "asleep":
        way.wait(much, asleep=True)
        way.look()
    elif kind in ("refit", "late refit"):
        way.refit(Refit(much))
        way.wait(0.8 if kind == "late refit" else 0.0)
        way.look()
    elif kind == "again":
        way.look(way.now - much * SECOND)
    else:
        for fact in _facts(way, kind, much):
            way.take(fact)


def _facts(way: Walk, kind: str, much: Any) -> Sequence[StoredFact]:
    day = (way.now - START) / DAY
    orders = [fact for fact in way.facts.values() if isinstance(fact, Order)]
    if kind == "order":
        category, revenue = much
        return [an_order_of(len(orders), day, category, revenue, 0)]
    if kind == "burst":
        return [replace(orders[-1], updated_at=way.now + n * SECOND) for n in range(much)]
    if kind == "refund":
        return [replace(a_refund(orders[-1], day, much), returned=True)]
    return [a_checkout(day) if kind == "checkout" else _a_late_sign_up(way)]


def _a_late_sign_up(way: Walk) -> SignUp:
    return SignUp(customer="7", created_at=START, updated_at=way.now)
