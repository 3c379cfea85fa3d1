"""What the demo prints and keeps: pure text and numbers from verdicts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from nextorder.domain.phrases import next_order_in_words
from nextorder.domain.published import segment_name
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Scores, Verdict
from nextorder.scoring.estimate import Estimate

SHOWN_CUSTOMERS = 10
SHOWN_HORIZONS = ("0.5", "7", "30", "90", "365")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The demo's result, as .local/demo.json has it."""

    webhooks_sent: int
    webhooks_accepted: int
    webhooks_refused: int
    dead_letters: int
    customers: int
    customers_tagged_in_shopify: int
    profiles_updated_in_klaviyo: int
    profiles_created_in_klaviyo: int
    segments: Mapping[str, int]
    seconds: float
    steps: Mapping[str, float] = field(default_factory=dict)
    """Seconds by step."""

    def to_document(self) -> dict[str, object]:
        """Return what JSON can write."""
        return asdict(self)


def segment_names(verdict: Verdict) -> Iterator[str]:
    """Yield the segments as a marketer sees them: `life:loyal`, or the family alone."""
    yield from (segment_name(key, segment) for key, segment in sorted(verdict.segments.items()))


def segment_sizes(tags: Iterable[Sequence[str]], prefix: str) -> dict[str, int]:
    """Return how many customers are shown in each segment, largest first; a small one is shown in another."""
    return dict(Counter(tag.removeprefix(prefix) for held in tags for tag in held).most_common())


def chosen(verdicts: Mapping[str, Verdict], count: int = SHOWN_CUSTOMERS) -> list[str]:
    """Return customers that show as many different stages of life as possible, then by id."""
    seen: Counter[tuple[str, bool]] = Counter()
    ranked = []
    for customer, verdict in sorted(verdicts.items()):
        if verdict.scores is not None:
            life = verdict.segments.get("life")
            kind = life.value if life else "", verdict.held_out
            ranked.append((seen[kind], verdict.held_out, customer))
            seen[kind] += 1
    return [customer for *_, customer in sorted(ranked)[:count]]


def describe(customer: str, verdict: Verdict, tags: Sequence[str], shop: Shop, *, as_of: datetime) -> str:
    """Return one customer in a few lines; amounts in the shop's minor units become its major unit."""
    lines = [
        f"customer {customer}: {', '.join(segment_names(verdict)) or 'no segment'}",
        *(_numbers(verdict.scores, shop, as_of) if verdict.scores else ["no scores"]),
        f"because: {' '.join(verdict.reasons)}",
        f"tags in Shopify: {', '.join(tags) or 'none'}",
    ]
    return "\n    ".join(lines)


def _numbers(scores: Scores, shop: Shop, as_of: datetime) -> Iterator[str]:
    yield "orders within " + ", ".join(
        f"{_horizon(key)} {_percent(scores.p_order[key])}" for key in SHOWN_HORIZONS if key in scores.p_order
    )
    if scores.clv_gp2_365 is not None:
        yield f"still active {scores.p_active:.0%}; {next_order_in_words(scores, shop.zone, as_of)}"
        clv = scores.clv_gp2_365
        yield (
            f"profit of the next 365 days {clv.value / 100:.2f} {shop.currency} "
            f"({clv.lo / 100:.2f} to {clv.hi / 100:.2f})"
        )


def _horizon(key: str) -> str:
    return "12 h" if key == "0.5" else f"{key} d"


def _percent(estimate: Estimate) -> str:
    return f"{estimate.value:.1%} ({estimate.lo:.1%} to {estimate.hi:.1%})"


def summary(outcome: Outcome) -> str:
    """Return the counts and the segments' sizes."""
    widest = max(map(len, outcome.segments), default=0)
    segments = [f"    {name:{widest}}  {size}" for name, size in outcome.segments.items()]
    sent = (
        f"webhooks: {outcome.webhooks_sent} sent, {outcome.webhooks_accepted} accepted, "
        f"{outcome.webhooks_refused} refused, {outcome.dead_letters} dead-lettered"
    )
    shopify = f"customers: {outcome.customers}, {outcome.customers_tagged_in_shopify} tagged in Shopify"
    klaviyo = (
        f"Klaviyo profiles: {outcome.profiles_updated_in_klaviyo} updated, "
        f"{outcome.profiles_created_in_klaviyo} created"
    )
    return "\n".join([sent, shopify, klaviyo, "segments:", *segments])
