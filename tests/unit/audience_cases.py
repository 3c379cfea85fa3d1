"""A shop's customers for audiences: their verdicts, and how they may be reached; no person behind any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from nextorder.domain.audience import Wanted
from nextorder.domain.facts import Channel
from nextorder.domain.messages import Reach
from nextorder.domain.verdict import Scores, Segment, State, Verdict
from nextorder.ports import Gone
from nextorder.scoring.estimate import Estimate
from nextorder.use_cases.audience import Audience, Sources, gather
from tests.fakes.in_memory import InMemoryCustomers
from tests.fakes.signs import InMemoryForgotten
from tests.fakes.training import InMemoryCensus
from tests.unit.shop_cases import CATALOGUE, SHOP

AT = datetime(2026, 5, 2, 9, 30, tzinfo=UTC)
BOTH = frozenset(Channel)
SEGMENT = "life:champion"
ADS = Wanted(segment=SEGMENT, for_ads=True, contacts=True, valued=True)
SHEET = Wanted(segment=SEGMENT)
BEST = replace(ADS, segment="best")


def a_verdict(profit: float | None = 12_345.0, **segments: str) -> Verdict:
    """Make the verdict of a champion, unless told otherwise."""
    worth = None if profit is None else Estimate(value=profit, lo=profit - 100, hi=profit + 100)
    named = segments or {"life": "champion"}
    return Verdict(
        segments={family: Segment(value=value, since=AT) for family, value in named.items()},
        scores=Scores(p_active=0.9, p_order={"30": Estimate(value=0.1, lo=0.08, hi=0.12)}, clv_gp2_365=worth),
    )


def a_reach(customer: str, subscribed: frozenset[Channel] = BOTH, *, opted_out: bool = False) -> Reach:
    return Reach(
        customer=customer,
        email=f"c{customer}@example.com",
        phone=f"+4670{int(customer):07}",
        subscribed=subscribed,
        opted_out=opted_out,
    )


@dataclass
class Town:
    """Everyone of a shop, and Shopify's word on whether they may be reached."""

    customers: InMemoryCustomers = field(default_factory=InMemoryCustomers)
    forgotten: InMemoryForgotten = field(default_factory=InMemoryForgotten)
    reaches: dict[str, Reach] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def settle(self, customer: str, verdict: Verdict | None = None, reach: Reach | None = None) -> None:
        """Let a customer be known, with consent to everything unless told otherwise."""
        state = State(verdict=verdict or a_verdict(), digest="d", version=1)
        self.customers.states[SHOP.id, customer] = state
        self.reaches[customer] = reach or a_reach(customer)

    def move_away(self, customer: str) -> None:
        """Let the record be merged or deleted."""
        self.customers.signs[SHOP.id, customer] = Gone(into="", at=AT)

    def reach(self, shop: str, customers: Sequence[str]) -> Mapping[str, Reach]:
        assert shop == SHOP.id
        self.asked += customers
        return {one: self.reaches[one] for one in customers if one in self.reaches}

    def gather(self, wanted: Wanted = ADS) -> Audience:
        sources = Sources(census=InMemoryCensus(self.customers), forgotten=self.forgotten, reaches=self)
        return gather(SHOP, wanted, catalogue=CATALOGUE, sources=sources)


def who(audience: Audience) -> list[str]:
    return [member.customer for member, _ in audience.people]
