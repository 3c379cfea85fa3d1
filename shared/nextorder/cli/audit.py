"""`nextorder audit`: what the history lacks, how much of the profit is guessed, and what to do about it."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from secrets import token_bytes
from typing import Any, Final

from nextorder.adapters.document import to_plain
from nextorder.adapters.shopify.contacts import IDS_PER_SEARCH
from nextorder.bootstrap.audit import contacts
from nextorder.bootstrap.costs import census
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.audit import Finding, Light, findings
from nextorder.domain.audit_tally import AuditTally
from nextorder.domain.doubles import Doubles
from nextorder.domain.shop import Shop
from nextorder.ports import CustomerRecord

KEPT_BACK: Final = "not published meanwhile"
"""What stands before the segments that a line keeps back; the docs say it by the same words."""


def add_to(commands: Any) -> None:
    """Add `audit`."""
    parser = commands.add_parser(
        "audit", help="what the history lacks, how much of the profit is guessed, what to do"
    )
    parser.add_argument(
        "--ask-shopify",
        action="store_true",
        help="count likely doubles by e-mail and telephone, compared in memory and dropped",
    )
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_shop(parser)
    parser.set_defaults(run=run_audit)


def run_audit(options: argparse.Namespace) -> None:
    """Count everyone once, and print what that means."""
    shop = chosen_shop(options)
    tally, customers = _count(shop)
    doubles = _compare(shop, customers) if options.ask_shopify else None
    found = findings(tally, shop, datetime.now(UTC), doubles)
    if options.json:
        print(json.dumps([to_plain(one) for one in found], indent=2, ensure_ascii=False))
        return
    for one in found:
        print("\n".join(_lines(one)))
    lights = Counter(one.light for one in found)
    print("  " + ", ".join(f"{lights[light]} {light}" for light in Light))


def _count(shop: Shop) -> tuple[AuditTally, Sequence[str]]:
    tally, customers = AuditTally(), list[str]()
    progress = Progress("read", shop.numbers.customers, "customers")

    def note(customer: str, record: CustomerRecord) -> None:
        if record.facts and not record.gone:
            customers.append(customer)
            tally.add_customer(record.facts, shop)
            progress.step()

    census().take(shop.id, wanted=lambda _: True, note=note, place=lambda facts: tally.add_place(facts, shop))
    progress.done()
    return tally, customers


def _compare(shop: Shop, customers: Sequence[str]) -> Doubles:
    doubles = Doubles(key=token_bytes(32))
    progress = Progress("compared", len(customers), "customers")
    asking = contacts()
    for start in range(0, len(customers), IDS_PER_SEARCH):
        part = customers[start : start + IDS_PER_SEARCH]
        for contact in asking.find(shop.id, part).values():
            doubles.add(contact)
        progress.step(len(part))
    progress.done()
    return doubles


def _lines(one: Finding) -> Sequence[str]:
    """Return a finding's lines; what is green needs no more than one."""
    head = f"  {one.light:<7} {one.name:<30} {one.number}"
    if one.light is Light.GREEN:
        return [head]
    touched = [name for name in one.families if name not in one.withheld]
    why = [one.why.removesuffix(".")]
    why += [f"it touches {', '.join(touched)}"] if touched else []
    why += [f"{KEPT_BACK}: {', '.join(one.withheld)}"] if one.withheld else []
    to_do = [f"          -> {one.what}"] if one.what else []
    return [head, f"          {'; '.join(why)}", *to_do]
