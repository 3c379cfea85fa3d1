"""`nextorder backtest`: had it been on since a day, what would it have said, and what came of it?"""

import argparse
import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from nextorder.adapters.document import to_plain
from nextorder.bootstrap.costs import census
from nextorder.bootstrap.keys import connections
from nextorder.cli.moments import A_MOMENT, read_as_of
from nextorder.cli.out import make_folder
from nextorder.cli.progress import Progress
from nextorder.cli.rankings import Others, Rankings, read_rankings
from nextorder.cli.score import in_digits, read_zone
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.domain.backtest import TOP, Backtest, Check, Horizon, Use, not_to_use, verdict
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import StoredFact
from nextorder.domain.features import compute_features
from nextorder.domain.hindsight import changed_from, known_before
from nextorder.domain.keyed import keyed_id
from nextorder.ports import CustomerRecord

if TYPE_CHECKING:
    from nextorder.training.backtest import Later
    from nextorder.training.foretell import Foretold

FOREVER: Final = datetime(9999, 1, 1, tzinfo=UTC)
FORECAST, CALIBRATION, BACKTEST = WRITTEN = ("forecast.csv", "calibration.csv", "backtest.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What would have been said at a moment, by us and by others, and what came."""

    told: "Foretold"
    later: "Later"
    others: Rankings | None
    orders_changed: int = 0


class _OrderFile(argparse.Action):
    """Take the file of orders; with one no stack is needed."""

    def __call__(
        self, _: argparse.ArgumentParser, namespace: argparse.Namespace, values: Any, __: str | None = None
    ) -> None:
        """Keep the path."""
        setattr(namespace, self.dest, values)
        namespace.needs_stack = False


def add_order_file(parser: argparse.ArgumentParser) -> None:
    """Add --orders and the zone of its times."""
    parser.add_argument(
        "--orders",
        metavar="FILE.csv",
        type=Path,
        action=_OrderFile,
        help="CSV, as for `nextorder score` (default: the shop's own facts)",
    )
    parser.add_argument(
        "--timezone", default="UTC", help="of a file: IANA zone of times without one (default: UTC)"
    )


def add_to(commands: Any) -> None:
    """Add `backtest`."""
    parser = commands.add_parser(
        "backtest", help="had it been on since a day: what it would have said, and what came of it"
    )
    parser.add_argument(
        "--as-of",
        required=True,
        metavar="MOMENT",
        help=f"what happened from then on is not looked at: {A_MOMENT}",
    )
    add_order_file(parser)
    parser.add_argument(
        "--against",
        metavar="FILE.csv",
        type=Path,
        help="CSV of others' rankings as they were then: customer_id, read_at and columns of numbers or of "
        "Shopify's RFM groups; or what `nextorder rfm-groups` or `nextorder klaviyo predictions` wrote",
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FOLDER",
        help="folder for forecast.csv, calibration.csv and backtest.json",
    )
    parser.add_argument("--json", action="store_true", help="print it for a program")
    add_shop(parser)
    parser.set_defaults(run=run_backtest, needs_stack=True)


def run_backtest(options: argparse.Namespace) -> None:
    """
    Forecast from what was known then; only after that look at what came.

    Raises:
        BadSettings: An option or a file cannot be used; before everyone is read, where that can be known.
    """
    if options.out:
        make_folder(options.out)
    past = _of_file(options) if options.orders else _of_shop(options)
    from nextorder.training.backtest import judge  # noqa: PLC0415  # numpy only where it is used

    found = replace(judge(past.told, past.later, past.others), orders_changed=past.orders_changed)
    if options.out:
        _write(options.out, past.told, found)
    if options.json:
        print(json.dumps(as_json(found), indent=2))
        return
    for line in in_words(found):
        print(f"  {line}")
    if options.out:
        print(f"  wrote     {', '.join(WRITTEN)} to {options.out}")


def _of_file(options: argparse.Namespace) -> _Past:
    from nextorder.training.backtest import later_in_file  # noqa: PLC0415  # numpy only where it is used
    from nextorder.training.foretell import foretell_file  # noqa: PLC0415
    from nextorder.training.order_file import read_order_file  # noqa: PLC0415

    zone = read_zone(options.timezone)
    as_of = read_as_of(options.as_of, zone, datetime.now(UTC))
    others = _others(options, as_of)
    told = foretell_file(read_order_file(options.orders, as_of, zone), as_of, options.timezone)
    later = later_in_file(read_order_file(options.orders, FOREVER, zone), told)
    if later.until <= as_of:
        raise BadSettings(
            f"--as-of: {options.orders.name} holds nothing after {options.as_of} to judge by; "
            "take an earlier day"
        )
    return _Past(told=told, later=later, others=others.of({}) if others else None)


def _of_shop(options: argparse.Namespace) -> _Past:
    from nextorder.training.backtest import later_in_shop  # noqa: PLC0415  # numpy only where it is used
    from nextorder.training.foretell import foretell_shop  # noqa: PLC0415

    shop, now = chosen_shop(options), datetime.now(UTC)
    as_of = read_as_of(options.as_of, shop.zone, now)
    others, secret = _others(options, as_of), connections().pepper()
    facts = _everyone(shop.id)
    known = {customer: known_before(held, as_of) for customer, held in facts.items()}
    then = [compute_features(customer, held, shop, as_of) for customer, held in known.items() if held]
    if not any(one.order_days for one in then):
        raise BadSettings(f"--as-of: nobody had ordered before {options.as_of}")
    told = foretell_shop(then, shop, as_of)
    since = [compute_features(customer, held, shop, now) for customer, held in facts.items()]
    keys = {keyed_id(secret, shop.id, name): name for name in map(str, told.names)}
    return _Past(
        told=told,
        later=later_in_shop(since, told, now),
        others=others.of(keys) if others else None,
        orders_changed=sum(changed_from(held, as_of) for held in facts.values()),
    )


def _others(options: argparse.Namespace, as_of: datetime) -> Others | None:
    return read_rankings(options.against, as_of) if options.against else None


def _everyone(shop: str) -> Mapping[str, Sequence[StoredFact]]:
    facts: dict[str, Sequence[StoredFact]] = {}
    progress = Progress("read", 0, "customers")

    def note(customer: str, record: CustomerRecord) -> None:
        if record.facts and not record.gone:
            facts[customer] = tuple(record.facts)
            progress.step()

    census().take(shop, wanted=lambda _: True, note=note)
    progress.done()
    return dict(sorted(facts.items()))


def as_json(found: Backtest) -> Mapping[str, Any]:
    """Return a backtest with its verdict as JSON values."""
    use, checks = verdict(found)
    plain: dict[str, Any] = to_plain(found)
    return plain | {
        "verdict": str(use),
        "checks": [{"rule": one.rule, "found": one.found, "holds": one.holds} for one in checks],
        "not_to_use_days": list(not_to_use(found)),
    }


def in_words(found: Backtest) -> Iterator[str]:
    """Put a backtest in lines, the verdict before all that it rests on."""
    yield (
        f"as of {found.as_of:%Y-%m-%d %H:%M %Z}: {found.customers} customers, {found.second_orders} had "
        f"ordered again, {found.history_days:.0f} days of history; known until {found.until:%Y-%m-%d}"
    )
    if found.orders_changed:
        yield (
            f"of the orders before it {found.orders_changed:,} changed after it: later payments, "
            "cancellations and refunds are undone, what else changed is seen as it is now, as all costs are"
        )
    yield from _verdict(found)
    if found.horizons:
        yield "horizon    customers  expected  happened  ratio  loss   AUC    slope  lift  in range"
        yield from map(_row, found.horizons)
    for one in found.horizons:
        if one.is_judged:
            yield from _calibration(one)
    yield from _captures(found)


def _row(one: Horizon) -> str:
    if not one.is_judged:
        return f"{one.days:>5g} d    {one.n:>9}  {one.expected:>8.1f}  {one.happened:>8}  too few to judge"
    return (
        f"{one.days:>5g} d    {one.n:>9}  {one.expected:>8.1f}  {one.happened:>8}  {one.ratio:>5.2f}  "
        f"{one.loss:.3f}  {one.auc:.3f}  {one.slope:>5.2f}  {one.lift:>4.1f}  {one.covered} of {one.groups}"
    )


def _calibration(one: Horizon) -> Iterator[str]:
    yield f"within {one.days:g} days, by tenths: n, said [80 % range], happened [what so few leave open]"
    for tenth in one.tenths:
        yield (
            f"  {tenth.n:>7}  {tenth.said:7.2%} [{tenth.lo:.2%} to {tenth.hi:.2%}]  "
            f"{tenth.happened:7.2%} [{tenth.happened_lo:.2%} to {tenth.happened_hi:.2%}]"
        )


def _captures(found: Backtest) -> Iterator[str]:
    if not found.captures:
        return
    yield f"{found.money} of {found.money_days:g} days, the share that the top {TOP:.0%} brought, by ranking:"
    for one in found.captures:
        ahead = f"  ours is {one.ahead:+.1%} [{one.ahead_lo:+.1%} to {one.ahead_hi:+.1%}]"
        compared = f"{ahead}, on {one.n} customers" if one is not found.captures[0] else ""
        yield f"  {one.ranking:<32} {one.share:6.1%}{compared}"
    yield f"  {'known only afterwards':<32} {found.best_share:6.1%}"
    if found.spend_covered:
        everyone, top = (found.spend_covered[key] for key in ("all", "top_decile"))
        yield f"own spend within its 80 % range: {everyone:.0%} of all, {top:.0%} of the top tenth"


def _verdict(found: Backtest) -> Iterator[str]:
    use, checks = verdict(found)
    yield f"verdict: {use}"
    yield from (_check(one) for one in checks if use is Use.NOT_ENOUGH or not one.holds)
    if use is not Use.NOT_ENOUGH:
        yield f"  {sum(one.holds for one in checks)} of {len(checks)} rules hold"
    if days := not_to_use(found):
        yield f"  not to be used at all: {', '.join(f'{one:g} days' for one in days)}"


def _check(one: Check) -> str:
    return f"  {'holds ' if one.holds else 'broken'}  {one.rule}: {one.found}"


def _write(folder: Path, told: "Foretold", found: Backtest) -> None:
    told.frame().to_csv(folder / FORECAST, index=False, float_format=in_digits, lineterminator="\n")
    with (folder / CALIBRATION).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["horizon_days", *("n", "said", "lo", "hi", "happened", "happened_lo", "happened_hi")])
        for one in found.horizons:
            for tenth in one.tenths:
                table.writerow([f"{one.days:g}", *to_plain(tenth).values()])
    (folder / BACKTEST).write_text(json.dumps(as_json(found), indent=2) + "\n", encoding="utf-8")
