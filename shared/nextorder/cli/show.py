"""`nextorder show` and `nextorder segments`: what is said of one customer, and how many are where."""

import argparse
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from nextorder.adapters.amounts import exact_amount
from nextorder.adapters.document import to_plain
from nextorder.bootstrap.import_history import runs as import_runs
from nextorder.bootstrap.publish import capabilities
from nextorder.bootstrap.sweep import passes, sizes
from nextorder.bootstrap.update import customers, shops
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.shown import shown_line
from nextorder.cli.status import pass_in_words
from nextorder.cli.withheld import withheld_lines
from nextorder.domain.changes import Accepted
from nextorder.domain.diff import by_hand
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import StoredFact, TagRemoval
from nextorder.domain.outlook import outlook
from nextorder.domain.passes import CUSTOMERS, sizes_of
from nextorder.domain.phrases import counted, next_order_in_words
from nextorder.domain.published import segment_name
from nextorder.domain.refusals import refusal_in_words
from nextorder.domain.shop import Shop
from nextorder.domain.too_small import too_small_in_words
from nextorder.domain.verdict import Segment, Verdict
from nextorder.ports import CustomerRecord


def add_to(commands: Any) -> None:
    """Add `show` and `segments`."""
    show = commands.add_parser("show", help="what is said of one customer, and why")
    show.add_argument("customer", help="Shopify's id, numeric or as gid://shopify/Customer/...")
    add_shop(show)
    show.set_defaults(run=run_show)

    segments = commands.add_parser("segments", help="how many customers each segment has")
    segments.add_argument(
        "--exact", action="store_true", help="count everyone now, which reads the whole table"
    )
    add_shop(segments)
    segments.set_defaults(run=run_segments)


def run_show(options: argparse.Namespace) -> None:
    """Print one customer's verdict in words and numbers, and what becomes of it without another order."""
    shop = chosen_shop(options)
    customer = customer_id(options.customer)
    record = customers().read(shop.id, customer)
    if record.state is None:
        raise BadSettings(why_nothing(customer, record))
    as_of = datetime.now(UTC)
    for line in describe(record.state.verdict, shop.currency):
        print(f"  {line}")
    if scores := record.state.verdict.scores:
        print(f"  {next_order_in_words(scores, shop.zone, as_of)}")
    catalogue = shops().catalogue(shop)
    print(f"  {shown_line(shop, customer, record.state, catalogue)}")
    for line in (*withheld_lines(shop), *told_lines(record.accepted, record.facts)):
        print(f"  {line}")
    due_at = record.state.due_at
    print(f"  changes by itself: {f'{due_at:%Y-%m-%d %H:%M} UTC' if due_at else 'with the next order only'}")
    later = outlook(
        customer,
        record.facts,
        shop,
        shops().model(shop),
        as_of=as_of,
        catalogue=catalogue,
    )
    print("  without another order:")
    for days, verdict in later.items():
        print(f"    in {days:>3} d  {_in_short(verdict, shop.currency)}")


def customer_id(text: str) -> str:
    """Read Shopify's id of a customer, numeric or global."""
    customer = text.strip().removeprefix("gid://shopify/Customer/")
    if not customer.isdecimal():
        # not repeated: it may be somebody's address
        raise BadSettings("that is no customer's id; write 7001 or gid://shopify/Customer/7001")
    return customer


def why_nothing(customer: str, record: CustomerRecord) -> str:
    """Say why there is no verdict: nobody is known, they are gone, or nobody has been judged yet."""
    if record.gone:
        into = record.gone.into
        return f"customer {customer} is gone from the shop: " + (f"merged into {into}" if into else "deleted")
    if record.facts:
        facts = counted(len(record.facts), "fact")
        return f"held of customer {customer}: {facts}, and no verdict yet; `nextorder fit` reaches everyone's"
    where = "is it the number at the end of the address of their page in Shopify's admin?"
    return f"nothing is held of customer {customer}: {where}"


def run_segments(options: argparse.Namespace) -> None:
    """Print the sizes that are kept, or count while none are."""
    shop = chosen_shop(options)
    kept = None if options.exact else sizes().read(shop.id)
    counts = kept.counts if kept else _count(shop)
    shown = {name: size for name, size in sorted(counts.items()) if size > 0 and name != CUSTOMERS}
    if not (everyone := counts.get(CUSTOMERS, 0)):
        print(f"  no customers yet: {what_brings_them(shop)}")
    elif not shown:
        nobody = f"of {counted(everyone, 'customer')} nobody is in a segment that is shown"
        print(f"  {nobody}: `nextorder catalogue show` says which are on")
    for name, size in shown.items():
        print(f"  {size:>7}  {name}")
    catalogue = shops().catalogue(shop)
    for name in sorted(shop.numbers.shown_as):
        if said := too_small_in_words(name, catalogue, shop.numbers):
            print(f"  {said}")
    for family, why in sorted(shop.numbers.withheld.items()):
        print(f"  {family} is withheld: {why}")
    for line in withheld_lines(shop):
        print(f"  {line}")
    if kept:
        print(f"  kept by every change; all were last counted on {kept.reckoned_at:%Y-%m-%d %H:%M} UTC")
    under_way = passes().load(shop.id)
    if under_way and not under_way.ended_at:
        print(f"  {pass_in_words(under_way)}")


def what_brings_them(shop: Shop) -> str:
    """Say how customers come where there are none yet."""
    run = import_runs().load(shop.id)
    if run and not run.is_over:
        return "an import is under way, which `nextorder import` follows"
    return "`nextorder import`, or wait for webhooks"


def _count(shop: Shop) -> Mapping[str, int]:
    everyone = Progress("counted", shop.numbers.customers, "customers").over(customers().everyone(shop.id))
    states = (record.state for _, record in everyone)
    return sizes_of(state.shown_in for state in states if state)


def describe(verdict: Verdict, currency: str) -> list[str]:
    """Put a verdict in lines: segments, chances with their ranges, value, reasons."""
    lines = ["segments: " + (", ".join(_names(verdict)) or "none")]
    if scores := verdict.scores:
        for days, chance in sorted(scores.p_order.items(), key=lambda item: float(item[0])):
            within = "12 hours" if days == "0.5" else f"{days} d"
            lines.append(f"P(order within {within}) {chance.value:.1%} [{chance.lo:.1%}-{chance.hi:.1%}]")
        if scores.marked_days:
            lines.append(f"within 12 hours and 5 days allowing for {', '.join(scores.marked_days)}")
        if value := scores.clv_gp2_365:
            held_in = verdict.currency or currency
            middle, low, high = (exact_amount(each, held_in) for each in (value.value, value.lo, value.hi))
            stale = "" if held_in == currency else f" (in {held_in} until they are looked at again)"
            lines.append(f"profit in the next 365 days: {middle} [{low} to {high}]{stale}")
    return [*lines, *verdict.reasons, f"quality: {to_plain(verdict.quality)}"]


def told_lines(accepted: Mapping[str, Accepted], facts: Sequence[StoredFact] = ()) -> list[str]:
    """
    Say what each destination was told, or spared for the caps or a pause.

    And what it refused, and what someone took off there by hand.
    """
    lines: list[str] = []
    removed = {fact.id: fact.updated_at for fact in facts if isinstance(fact, TagRemoval)}
    for destination, held in sorted(accepted.items()):
        if held.refused:
            lines.append(f"refused by {destination}: {_refusal(destination, held.refused)}")
        elif held.unsure:
            lines.append(f"what {destination} shows is not certain: all is said afresh with the next change")
        if off := ", ".join(sorted(by_hand(held.audiences, held, removed))):
            lines.append(f"taken off in {destination} by hand, and left off while it stands: {off}")
        if held.told:
            by_time = sorted(held.told.items(), key=lambda one: one[1])
            told = ", ".join(f"{_subject(id_)} on {at:%Y-%m-%d %H:%M} UTC" for id_, at in by_time)
            lines.append(f"told to {destination}: {told}")
        if held.dropped:
            names = ", ".join(map(_subject, held.last_dropped))
            lines.append(
                f"never told to {destination}, for the caps or a pause: {held.dropped}, the latest {names}"
            )
    return lines


def _refusal(destination: str, code: str) -> str:
    return refusal_in_words(code, capabilities(destination).person)


def _subject(id_: str) -> str:
    """Return what an event was about, without its moment."""
    return id_.rpartition(":")[0]


def _names(verdict: Verdict) -> list[str]:
    return [_name(key, segment) for key, segment in verdict.segments.items()]


def _name(key: str, segment: Segment) -> str:
    """Name a segment, with what its value says beside where the name is the key."""
    name = segment_name(key, segment)
    return f"{name} ({segment.value})" if segment.value and not name.endswith(segment.value) else name


def _in_short(verdict: Verdict, currency: str) -> str:
    segments = ", ".join(_names(verdict)) or "none"
    if verdict.scores is None or verdict.scores.clv_gp2_365 is None:
        return segments
    value = exact_amount(verdict.scores.clv_gp2_365.value, currency)
    chance = verdict.scores.p_order["30"].value
    return f"P(30 d) {chance:.1%}, still active {verdict.scores.p_active:.0%}, {value}: {segments}"
