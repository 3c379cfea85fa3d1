"""A verdict: all segments and published scores of one customer at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from nextorder.scoring.estimate import Estimate


class Cause(StrEnum):
    """Why a verdict changed; only the first four may start flows."""

    ORDER = "order"
    REFUND = "refund"
    CHECKOUT = "checkout"
    TIME = "time"
    CUSTOMER = "customer"
    REFIT = "refit"
    CATALOGUE = "catalogue"
    IMPORT = "import"
    MERGE = "merge"


MAY_START_FLOWS = frozenset({Cause.ORDER, Cause.REFUND, Cause.CHECKOUT, Cause.TIME})


class Quality(StrEnum):
    """How far the numbers can be trusted."""

    OK = "ok"
    LOW = "low"
    TRUNCATED = "truncated"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One family's value; `value` is empty for a family that is only on or off."""

    value: str
    since: datetime
    previous: str = ""
    """The value before `since`; empty when there was none."""
    reason: str = ""
    """In words and numbers, for the merchant."""
    until: datetime | None = None
    """When it ends if nothing happens; told of those that end by a date of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """What is said of one customer in numbers; amounts in minor units."""

    p_active: float
    p_order: Mapping[str, Estimate]
    """Key = horizon in days as text: 0.5, 5, 7, 30, 90, 180, 365."""
    p_window: Estimate | None = None
    expected_order_days: float = 0.0
    expected_spend: float = 0.0
    spend_lo: float = 0.0
    spend_hi: float = 0.0
    """80 % range of the customer's own outcome, unlike the ranges of the averages."""
    clv_gp2_365: Estimate | None = None
    gp2_to_date: int | None = 0
    """None = nothing is said of money, neither of what was nor of what will be."""
    chance_kept: float = 1.0
    next_order_p20: datetime | None = None
    next_order_p50: datetime | None = None
    next_order_p80: datetime | None = None
    window_opens: datetime | None = None
    window_closes: datetime | None = None
    prior: bool = False
    """Whether the chances are a documented prior's, not yet the shop's own."""
    p_unaided: float | None = None
    """P(the open checkout is completed without help); from rates of its own, no part of the calibration."""
    marked_days: tuple[str, ...] = ()
    """Names of the calendar's days that the chances within 12 hours or 5 days allow for."""

    @property
    def without_money(self) -> "Scores":
        """The same, and nothing is said of money."""
        return replace(
            self, expected_spend=0.0, spend_lo=0.0, spend_hi=0.0, clv_gp2_365=None, gp2_to_date=None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """
    What new numbers did to a customer since the last order or refund, which places afresh and ends it.

    So the verdict is a function of facts, shop numbers and clock again as soon as a fact comes.
    """

    at: datetime
    """When the numbers changed last."""
    cause: Cause = Cause.REFIT
    moved: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    """Key of `Verdict.segments` -> when new numbers changed it, as far as it still counts."""
    lifted: tuple[str, ...] = ()
    """Keys that new numbers took up once: their way down is the numbers', too, and not time's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Everything a destination may be told; a pure function of facts, shop numbers and clock."""

    segments: Mapping[str, Segment] = field(default_factory=dict)
    """Key = family; the whole name (`love:shoes`) where a customer can have several values of one."""
    scores: Scores | None = None
    currency: str = ""
    """Of the amounts in scores; another than the shop's until a change of currency has reached everyone."""
    held_out: bool = False
    quality: Quality = Quality.OK
    reasons: tuple[str, ...] = ()
    consents: Mapping[str, str] = field(default_factory=dict)
    """Channel -> Shopify's word; a channel that is missing is unknown."""
    absorbed: int = 0
    """How many other records were merged into this one: their tags came along."""
    incentive: str = ""
    """none, light or strong; empty while the shop has not switched it on."""
    affinities: tuple[str, ...] = ()
    """At most two categories, the likelier first."""
    cause: Cause = Cause.IMPORT
    scored_at: datetime | None = None
    model: str = ""
    memory: Memory | None = None
    """None = placed by facts, numbers and clock alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The customer's state item; `due_at` is when the verdict changes by time alone."""

    verdict: Verdict
    digest: str
    version: int
    shown: str = ""
    """Fingerprint of what destinations may be told; they are told only when it changes."""
    shown_version: int = 0
    """The version that changed `shown` last; whoever accepted an earlier one is behind."""
    shown_in: tuple[str, ...] = ()
    """The segments that destinations show, by name."""
    due_at: datetime | None = None
    orders: int = 0
    run: str = ""
    """Set by an import or a re-solve: the bulk publisher sends these, not the stream."""
    log_key: str = ""
    fit: str = ""
    """Names the numbers and terms that the verdict was reached with."""
    basis: str = ""
    """Names the facts that place the customer: others, and all is placed afresh."""
    left: tuple[str, ...] = ()
    """Episodes (cart, buy, replenish) that were shown since the last of these facts and are over."""
