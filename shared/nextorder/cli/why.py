"""`nextorder why`: one customer's life, what moves their chances, what would change it, what was told."""

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.adapters.amounts import exact_amount
from nextorder.adapters.document import ALL_DIGITS, to_plain
from nextorder.bootstrap.publish import audience_name
from nextorder.bootstrap.update import customers, shops
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.show import customer_id, told_lines, why_nothing
from nextorder.cli.shown import shown_line
from nextorder.domain.changes import Accepted
from nextorder.domain.errors import BadSettings
from nextorder.domain.phrases import counted
from nextorder.domain.states import Standards
from nextorder.domain.timeline import Happening
from nextorder.domain.verdict import State
from nextorder.domain.why import Account, Chance, Turn, account
from nextorder.domain.withholding import withheld_in_words
from nextorder.scoring.predict import HORIZONS

LINES: Final = 30
"""Of the timeline, the latest; --json tells all."""
USUAL: Final = "30"
SAME: Final = 1e-5
"""A stored score has six digits."""
WORDS: Final[Mapping[tuple[str, str], str]] = {
    ("base", "a first order just placed"): "having just ordered for the first time",
    ("base", "orders since then"): "the orders since then",
    ("base", "silence since the last order"): "the silence since the last one",
    ("clock", "hour of the week"): "hour and day of the week",
    ("clock", "calendar"): "the shop's calendar",
    ("correction", "level"): "correction: the shop's level",
    ("correction", "silence"): "correction: silence in own and usual gaps",
    ("correction", "orders"): "correction: number and density of orders",
    ("correction", "rhythm"): "correction: rhythm of the gaps",
    ("correction", "spend"): "correction: what they spend",
    ("correction", "first order"): "correction: marks of the first order",
}


def add_to(commands: Any) -> None:
    """Add `why`."""
    parser = commands.add_parser(
        "why", help="a customer's timeline, what moves their chances, what changes it"
    )
    parser.add_argument("customer", help="Shopify's id, numeric or as gid://shopify/Customer/...")
    parser.add_argument(
        "--days", choices=HORIZONS, default=USUAL, help="whose chance is taken apart (default: 30)"
    )
    parser.add_argument("--json", action="store_true", help="print all of it for a program")
    add_shop(parser)
    parser.set_defaults(run=run_why)


def run_why(options: argparse.Namespace) -> None:
    """Explain the verdict that is held of one customer."""
    shop = chosen_shop(options)
    customer = customer_id(options.customer)
    record = customers().read(shop.id, customer)
    if record.state is None:
        raise BadSettings(why_nothing(customer, record))
    standards = Standards(shop=shop, catalogue=shops().catalogue(shop), model=lambda: shops().model(shop))
    told = account(customer, record.facts, record.state, standards, now=datetime.now(UTC))
    withheld = list(withheld_in_words(shop, standards.catalogue))
    if options.json:
        print(
            json.dumps(as_json(told, record.state, record.accepted, withheld), indent=2, ensure_ascii=False)
        )
        return
    for line in in_words(told, record.state, options.days):
        print(f"  {line}")
    print(f"  {shown_line(shop, options.customer, record.state, standards.catalogue)}")
    for one in withheld:
        print(f"  withheld: {one}")
    for line in (*_taken(record.accepted, record.state), *told_lines(record.accepted, record.facts)):
        print(f"  {line}")


def _taken(accepted: Mapping[str, Accepted], state: State) -> Iterator[str]:
    """Say what stands at each destination by its own word."""
    for destination, held in sorted(accepted.items()):
        named = (audience_name(destination, one) for one in held.audiences)
        names = ", ".join(sorted(named)) or "no segment"
        behind = ", of an older verdict" if held.version < state.shown_version else ""
        taken = f"{names}; {counted(len(held.attributes), 'value')}{behind}"
        yield f"{destination} has taken: {taken if held.version else 'nothing yet'}"


def as_json(
    told: Account, state: State, accepted: Mapping[str, Accepted], withheld: Sequence[str]
) -> Mapping[str, Any]:
    """Return all of it as JSON values; never the id by which a destination knows the person."""
    destinations = {
        name: {
            "audiences": sorted(held.audiences),
            "attributes": to_plain(held.attributes),
            "version": held.version,
            "is_behind": held.version < state.shown_version,
            "refused": held.refused,
            "told": to_plain(held.told),
        }
        for name, held in sorted(accepted.items())
    }
    plain: dict[str, Any] = to_plain(told, digits=ALL_DIGITS)
    return plain | {"withheld": list(withheld), "destinations": destinations}


def in_words(told: Account, state: State, days: str) -> Iterator[str]:
    """Put an account in lines."""
    yield f"customer {told.customer}, as scored on {told.at:%Y-%m-%d %H:%M} UTC by model {told.model}"
    yield "what happened, and the segments it led to by today's numbers:"
    yield from _timeline(told.timeline)
    if told.chances:
        yield from _chances(told, state, days)
    else:
        yield "no chances are told: they have not ordered, or are withheld"
    yield "segments, and why:"
    yield from (f"  {name:<24} {why}" for name, why in told.segments.items())
    yield "reasons, as Shopify's metafield and Klaviyo's properties say them:"
    yield from (f"  {reason}" for reason in told.reasons)
    yield "what changes by itself, without another order:"
    yield from (f"  {_turn(turn)}" for turn in told.by_itself)
    if not told.by_itself:
        yield "  nothing within a year"
    then = told.with_an_order
    yield f"with an order like the last one tomorrow: {_changes(then.joined, then.left)}"
    yield f"  shown then: {', '.join(then.shown) or 'nothing'}"


def _timeline(happenings: tuple[Happening, ...]) -> Iterator[str]:
    if len(happenings) > LINES:
        yield f"  ... {len(happenings) - LINES} earlier ones: --json tells them"
    for one in happenings[-LINES:]:
        amount = f" of {exact_amount(one.amount, one.currency)}" if one.amount and one.currency else ""
        changed = f": {_changes(one.joined, one.left)}" if one.joined or one.left else ""
        yield f"  {one.at:%Y-%m-%d %H:%M}  {one.what}{amount}{changed}"


def _chances(told: Account, state: State, days: str) -> Iterator[str]:
    yield "chances to order, with the 80 % range of the average of customers like this one:"
    for horizon, chance in told.chances.items():
        estimate = chance.told
        yield f"  within {horizon:>3} d {estimate.value:7.2%} [{estimate.lo:.2%} to {estimate.hi:.2%}]"
    yield f"what P(order within {days} d) is made of, on the log odds ({told.method}):"
    yield from _parts(told.chances[days])
    held = state.verdict.scores.p_order.get(days) if state.verdict.scores else None
    if held is None or abs(held.value - told.chances[days].told.value) > SAME * max(held.value, SAME):
        yield "  facts, model or settings are newer than the score: it is scored again within a day"


def _parts(chance: Chance) -> Iterator[str]:
    yield f"  {'the average customer of the shop':<44} {'':>7} {chance.why.average:7.2%}"
    for part in chance.why.parts:
        words = WORDS[part.stage, part.name]
        yield f"  {words:<44} {part.log_odds:+7.3f} {part.chance:7.2%}"


def _turn(turn: Turn) -> str:
    return f"{turn.at:%Y-%m-%d %H:%M} UTC  {_changes(turn.joined, turn.left)}"


def _changes(joined: tuple[str, ...], left: tuple[str, ...]) -> str:
    return ", ".join((*(f"-{name}" for name in left), *(f"+{name}" for name in joined))) or "nothing changes"
