"""Weeks of saying with exactly so many expected and so many who came, through the real score log."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, cast

from nextorder.adapters import document
from nextorder.adapters.dynamodb.records import state_item
from nextorder.adapters.score_log import ScoreLog
from nextorder.adapters.score_reader import ScoreReader
from nextorder.domain.judged import Judgement, Said, Standing, first_said, monday_of
from nextorder.domain.published import WINDOW_HORIZON
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, State, Verdict
from nextorder.scoring.estimate import Estimate
from nextorder.use_cases.judge_forecasts import Bench, judge_forecasts
from tests.fakes.in_memory import InMemoryCustomers, InMemoryShops
from tests.fakes.objects import InMemoryBucket
from tests.fakes.training import InMemoryCensus
from tests.unit.shop_cases import CATALOGUE, DAY, MODEL, SHOP, START, an_order

BUCKET = "bucket"


def state_saying(
    at: datetime, log_key: str, *, horizon: str = "5", chance: float = 0.2, held_out: bool = False
) -> State:
    """Return a state in which one chance is said."""
    said = Estimate(value=chance, lo=chance / 2, hi=min(chance * 2, 1.0))
    is_window = horizon == WINDOW_HORIZON
    scores = Scores(
        p_active=0.5,
        p_order={} if is_window else {horizon: said},
        p_window=said if is_window else None,
        window_closes=at + 100 * DAY if is_window else None,
    )
    verdict = Verdict(scores=scores, scored_at=at, model="m1", held_out=held_out)
    return State(verdict=verdict, digest="d", version=1, shown=f"{at}", log_key=log_key)


def record_of(shop: str, customer: str, state: State, number: int, *, brought_at: datetime) -> dict[str, Any]:
    """Return what the stream says of a new state."""
    image = state_item(f"{shop}#{customer}", shop, state, state.log_key)
    return {
        "dynamodb": {
            "Keys": {"pk": image["pk"], "sk": image["sk"]},
            "NewImage": image,
            "SequenceNumber": f"{number:020}",
            "ApproximateCreationDateTime": brought_at.timestamp(),
        }
    }


@dataclass
class InMemoryJudgements:
    """What is kept, as the text that the table has."""

    texts: dict[str, str] = field(default_factory=dict)

    def load(self, shop: str) -> Judgement | None:
        return document.decode(Judgement, self.texts[shop]) if shop in self.texts else None

    def save(self, shop: str, now: Judgement, *, replaces: Judgement | None) -> bool:
        if self.texts.get(shop) != (document.encode(replaces) if replaces else None):
            return False
        self.texts[shop] = document.encode(now)
        return True


@dataclass
class Weeks:
    """A shop of which chances are said, week by week."""

    bucket: InMemoryBucket = field(default_factory=InMemoryBucket)
    held: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    kept: InMemoryJudgements = field(default_factory=InMemoryJudgements)
    mails: list[Sequence[str]] = field(default_factory=list)
    numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.shops = InMemoryShops(prior=MODEL, shops={SHOP.id: SHOP}, packaged=CATALOGUE)
        self.log = ScoreReader(cast("Any", self.bucket), BUCKET)

    @property
    def shop(self) -> Shop:
        shop = self.shops.get(SHOP.id)
        assert shop
        return shop

    def say(
        self, week: int, *, asked: int, chance: float, came: int, horizon: str = "5", held_out: bool = False
    ) -> list[str]:
        """Let a chance be said of some customers whose turn it is, of whom so many order two days later."""
        at = START + (7 * week + 1) * DAY
        customers = [f"{next(self.numbers)}" for _ in range(asked)]
        records = []
        for n, customer in enumerate(customers):
            key = self.key_in_turn(at, horizon)
            state = state_saying(at, key, horizon=horizon, chance=chance, held_out=held_out)
            self.held.states[SHOP.id, customer] = state
            days = [-30.0, *([7 * week + 3.0] if n < came else [])]
            for day in days:
                order = replace(an_order(day, name=f"{customer}-{day:g}"), customer=customer)
                self.held.store(SHOP.id, customer, order)
            number = next(self.numbers)
            records.append(record_of(SHOP.id, customer, state, number, brought_at=at + DAY / 24))
        ScoreLog(cast("Any", self.bucket), BUCKET).write(records)
        return customers

    def key_in_turn(self, at: datetime, horizon: str) -> str:
        """Return a key whose turn is in a moment's week."""
        closes_at = at if horizon == WINDOW_HORIZON else None
        while True:
            key = f"{next(self.numbers):016x}"
            said = Said(log_key=key, at=at, version=1, model="", chances={horizon: 0.1}, closes_at=closes_at)
            far = at + 1_000 * DAY
            if first_said([said], horizon, monday_of(at.date()), SHOP.numbers, far):
                return key

    def judge(self, as_of: datetime | None = None, *, days: float = 0.0) -> Judgement:
        bench = Bench(
            log=self.log,
            census=InMemoryCensus(self.held),
            kept=self.kept,
            shops=self.shops,
            tell=lambda _, told: self.mails.append(told),
        )
        return judge_forecasts(self.shop, bench=bench, as_of=as_of or START + days * DAY)

    def judged_after(self, week: int) -> Judgement:
        """Judge on the Monday on which a week of saying is known for 5 days."""
        monday = START.replace(hour=3, minute=0, second=0) + timedelta(days=7 * (week + 2))
        return self.judge(monday)


def standing(kept: Judgement, horizon: str = "5") -> Standing | None:
    """Return what the merchant was told of a horizon."""
    return kept.told.get(horizon)
