"""`nextorder show` and `nextorder segments`: what is said of one customer, and how many are where."""

import argparse
from collections import Counter
from typing import Any

from nextorder.adapters.document import to_plain
from nextorder.bootstrap.update import catalogue, customers
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.published import published_segments
from nextorder.domain.verdict import Verdict


def add_to(commands: Any) -> None:
    """Add `show` and `segments`."""
    show = commands.add_parser("show", help="what is said of one customer, and why")
    show.add_argument("customer", help="Shopify's numeric id")
    add_shop(show)
    show.set_defaults(run=run_show)

    segments = commands.add_parser("segments", help="how many customers each segment has")
    add_shop(segments)
    segments.set_defaults(run=run_segments)


def run_show(options: argparse.Namespace) -> None:
    """Print one customer's verdict in words and numbers."""
    shop = chosen_shop(options)
    state = customers().state(shop.id, options.customer)
    if state is None:
        raise BadSettings(f"nothing is held of customer {options.customer}")
    for line in describe(state.verdict, shop.currency):
        print(f"  {line}")
    due = f"{state.due_at:%Y-%m-%d %H:%M} UTC" if state.due_at else "with the next order only"
    print(f"  changes by itself: {due}")


def run_segments(options: argparse.Namespace) -> None:
    """Count the published segments."""
    shop = chosen_shop(options)
    shown = catalogue()
    sizes: Counter[str] = Counter()
    for _, record in customers().everyone(shop.id):
        if record.state:
            sizes.update(published_segments(record.state.verdict, shown))
    for name, size in sorted(sizes.items()):
        print(f"  {size:>7}  {name}")


def describe(verdict: Verdict, currency: str) -> list[str]:
    """Put a verdict in lines: segments, chances with their ranges, value, reasons."""
    lines = ["segments: " + (", ".join(_names(verdict)) or "none")]
    if scores := verdict.scores:
        for days, chance in sorted(scores.p_order.items(), key=lambda item: float(item[0])):
            lines.append(f"P(order within {days} d) {chance.value:.1%} [{chance.lo:.1%}-{chance.hi:.1%}]")
        if value := scores.clv_gp2_365:
            lines.append(
                f"profit in the next 365 days: {value.value / 100:.2f} {currency} "
                f"[{value.lo / 100:.2f}-{value.hi / 100:.2f}]"
            )
    return [*lines, *verdict.reasons, f"quality: {to_plain(verdict.quality)}"]


def _names(verdict: Verdict) -> list[str]:
    return [f"{family}:{s.value}" if s.value else family for family, s in verdict.segments.items()]
