"""`nextorder status`: how publishing goes: queues, lag, what was taken last, errors by kind, how far live."""

import argparse
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from nextorder.adapters.queue_depths import Depth
from nextorder.bootstrap import status
from nextorder.bootstrap.plan import publishers
from nextorder.bootstrap.publish import capabilities
from nextorder.cli.installing_klaviyo import missing_lists
from nextorder.cli.letters import dead_letters
from nextorder.cli.progress import Progress
from nextorder.cli.shops import add_shop, chosen_shop
from nextorder.cli.ways import newcomer_lines, unsent_lines
from nextorder.cli.withheld import withheld_lines
from nextorder.domain.passes import Pass
from nextorder.domain.phrases import counted
from nextorder.domain.refusals import refusal_in_words
from nextorder.domain.shop import Shop
from nextorder.domain.standing import Standing
from nextorder.use_cases.status import standing


def add_to(commands: Any) -> None:
    """Add `status`."""
    parser = commands.add_parser(
        "status", help="how far live the shop is, what waits, what failed, what ran last"
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="do not read everyone, who say how far behind each destination is",
    )
    add_shop(parser)
    parser.set_defaults(run=run_status)


def run_status(options: argparse.Namespace) -> None:
    """Say all that can be known without writing anything."""
    shop = chosen_shop(options)
    as_of = datetime.now(UTC)
    about = chain(_live(shop), unsent_lines(shop), newcomer_lines(shop), withheld_lines(shop))
    for line in chain(about, missing_lists(shop)):
        print(f"  {line}", flush=True)
    for line in _queues(status.depths(as_of)):
        print(f"  {line}")
    for line in dead_letters():
        print(f"  {line}")
    if not options.quick:
        for line in _destinations(standings(shop), shop, as_of):
            print(f"  {line}")
    for line in (_fit(shop, as_of), *_course(status.course(shop.id), as_of)):
        print(f"  {line}")


def standings(shop: Shop) -> Mapping[str, Standing]:
    """Look at everyone: how each connected destination stands."""
    progress = Progress("looked at", shop.numbers.customers, "customers")
    found = standing(shop, publishers(shop), status.everyone().take, progress.step)
    progress.done()
    return found


def _live(shop: Shop) -> Iterator[str]:
    live = shop.going_live
    since = f" since {live.since:%Y-%m-%d %H:%M} UTC" if live.since else ""
    if shop.uninstalled_at:
        yield f"{shop.id}: the app is out of the shop since {shop.uninstalled_at:%Y-%m-%d %H:%M} UTC"
    elif shop.applied:
        yield f"{shop.id}: publishing is on: {live}{since}"
    elif live.since:
        yield f"{shop.id}: publishing is paused at {live}: `nextorder resume`"
    else:
        yield f"{shop.id}: nothing is published: `nextorder plan`"


def _queues(depths: Iterable[Depth]) -> Iterator[str]:
    for one in depths:
        said = f"{one.waiting} waiting, {one.in_flight} being worked on, {one.delayed} delayed"
        full = one.waiting + one.in_flight
        age = "age not known" if one.oldest_seconds is None else f"the oldest {_ago(one.oldest_seconds)}"
        yield f"{one.name:<20} {said}{f', {age}' if full else ''}"


def _destinations(found: Mapping[str, Standing], shop: Shop, as_of: datetime) -> Iterator[str]:
    brings = "; `nextorder publish` brings them" if shop.applied else ""
    for one in found.values():
        took = f"{one.accepted_at:%Y-%m-%d %H:%M} UTC" if one.accepted_at else "nothing yet"
        yield f"{one.destination}: shows {counted(one.shown, 'customer')}, last took {took}"
        if one.behind:
            lag = f", the oldest for {_ago((as_of - one.oldest).total_seconds())}" if one.oldest else ""
            yield f"  not shown there yet: {counted(one.behind, 'change')}{lag}"
        if one.first:
            yield f"  never shown there: {counted(one.first, 'customer')}{brings}"
        if one.bare:
            yield f"  nothing to show there: {counted(one.bare, 'customer')}, held out or without its consent"
        if one.outside:
            yield f"  not reached by going live yet: {counted(one.outside, 'customer')}"
        if one.unsure:
            requests = counted(one.unsure, "request")
            yield f"  ended without an answer: {requests}; all is said afresh with the next change"
        yield from refusals(one)


def refusals(one: Standing) -> Iterator[str]:
    """Name each permanent no, whose it is, and what to do."""
    person = capabilities(one.destination).person
    for code, count in one.refused.most_common():
        yield f"  {count} refused, {code}: {refusal_in_words(code, person)}"


def _fit(shop: Shop, as_of: datetime) -> str:
    """Say when the numbers in force were found, be it by an import, `fit` or a training."""
    numbers = shop.numbers
    if not numbers.fitted_at:
        return "last fit        never: what is known of stores in general is in force"
    return f"last fit        {_when(numbers.fitted_at, as_of)}, to {counted(numbers.customers, 'customer')}"


def _when(at: datetime | None, as_of: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC, {_ago((as_of - at).total_seconds())} ago" if at else "never"


def _course(course: status.Course, as_of: datetime) -> Iterator[str]:
    when = partial(_when, as_of=as_of)
    imported, swept, reconciled = course.imported, course.swept, course.reconciled
    if imported is None or imported.ended_at is None:
        yield f"last import     {'under way' if imported else 'never from Shopify; a file leaves no note'}"
    else:
        yield f"last import     {imported.stage.value} {when(imported.ended_at)}"
    trained = course.trained
    decided = f"{trained.decision.value} {when(trained.at)}" if trained else "never; one comes each month"
    yield f"last training   {decided}"
    if swept and not swept.ended_at:
        yield f"last sweep      under way: {pass_in_words(swept)}"
    else:
        yield f"last sweep      {when(swept.ended_at) if swept else 'never; one comes each week'}"
    changed = f"orders changed up to {when(reconciled.orders.reached)}" if reconciled else ""
    yield f"last reconcile  {changed or 'never; one comes each hour'}"


def pass_in_words(under_way: Pass) -> str:
    """Say how far a look at everyone is; it takes a day, and stands still between two ticks."""
    pace = f"{under_way.a_tick:,} each quarter of an hour"
    so_far = f"{counted(under_way.looked_at, 'customer')} since {under_way.started_at:%Y-%m-%d %H:%M} UTC"
    return f"everyone is looked at again, {pace}: {so_far}"


def _ago(seconds: float) -> str:
    span = timedelta(seconds=round(seconds))
    if span < timedelta(minutes=2):
        return f"{span.seconds} s"
    if span < timedelta(hours=2):
        return f"{span.seconds // 60} min"
    return f"{span.days} d {span.seconds // 3600} h" if span.days else f"{span.seconds // 3600} h"
