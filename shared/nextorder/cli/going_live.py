"""`nextorder plan` and `apply`: what going live would send, and going there step by step."""

import argparse
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from nextorder.bootstrap.keys import has_klaviyo_now
from nextorder.bootstrap.plan import publishers
from nextorder.bootstrap.publish import DESTINATIONS, klaviyo_client
from nextorder.bootstrap.update import customers, shops_anew
from nextorder.cli.asking import said_yes
from nextorder.cli.installing_klaviyo import install_in_klaviyo, wants_segments
from nextorder.cli.pausing import run_pause, run_resume
from nextorder.cli.plan_words import beside, described, summed_up, surroundings
from nextorder.cli.progress import Progress
from nextorder.cli.publishing import publish_everyone, say
from nextorder.cli.shops import add_shop, change_shop, shop_with_app
from nextorder.cli.show import what_brings_them
from nextorder.cli.ways import Way, going_on, newcomer_lines, target_of, unsent_lines, way_of
from nextorder.domain.errors import BadSettings, NeedsHuman, Refused, RetryLater
from nextorder.domain.going_live import RAMP, STEPS, WHOLE, GoingLive, Sending, Step, events_from, following
from nextorder.domain.shop import Shop
from nextorder.use_cases.plan import Foreseen, plan


def add_to(commands: Any) -> None:
    """Add `plan`, `apply`, `pause` and `resume`."""
    planning = commands.add_parser("plan", help="show exactly what the next step of going live would send")
    planning.add_argument("--quick", action="store_true", help="ask neither Shopify nor Klaviyo for anything")
    planning.add_argument(
        "--count-missing",
        action="store_true",
        help="count who is missing at a destination by asking for all, however many (minutes for 100,000)",
    )
    planning.add_argument(
        "--all-overlaps", action="store_true", help="name all tags and segments of yours that are nearly ours"
    )
    _add_target(planning)
    planning.set_defaults(run=run_plan)

    apply = commands.add_parser("apply", help="go live by one step: do exactly what `plan` has shown")
    apply.add_argument("plan", nargs="?", default="", metavar="PLAN", help="the hash that `plan` ends with")
    apply.add_argument("--yes", action="store_true", help="agree beforehand, whatever the plan is")
    apply.add_argument(
        "--now", action="store_true", help="events before 48 hours have gone by since the tags"
    )
    apply.add_argument(
        "--back-to",
        choices=[*map(str, STEPS)],
        help="let out no more than this step, to --share of customers",
    )
    apply.add_argument(
        "--take-off", action="store_true", help="with --back-to: take off what is not let out any more"
    )
    apply.add_argument("--stop", action="store_true", help="the same as `pause`")
    _add_target(apply)
    apply.set_defaults(run=run_apply)

    for name, run, what in (
        ("pause", run_pause, "stop all publishing within a minute; what stands anywhere stays"),
        ("resume", run_resume, "go on where `pause` stopped, and send what changed meanwhile"),
    ):
        parser = commands.add_parser(name, help=what)
        add_shop(parser)
        parser.set_defaults(run=run)
    parser.add_argument("--yes", action="store_true", help="agree to a change of many customers")


def _add_target(parser: argparse.ArgumentParser) -> None:
    add_shop(parser)
    parser.add_argument(
        "--share",
        type=int,
        choices=sorted({share for shares in RAMP.values() for share in shares}),
        help="percent of customers that the step is to reach (default: the next of 10, 50, 100)",
    )
    parser.add_argument(
        "--destination",
        choices=DESTINATIONS,
        default="",
        help="one that was connected when the shop was live already: it goes the same way by itself",
    )
    parser.add_argument(
        "--all-at-once",
        action="store_true",
        help="no steps and no ramp: everything to everyone, tags and events from now on",
    )


def run_plan(options: argparse.Namespace) -> None:
    """Show the plan, what it would set going elsewhere, and how to do it."""
    shop = shop_with_app(options)
    way = way_of(shop, options.destination)
    for line in (*unsent_lines(shop), *newcomer_lines(shop, but=options.destination)):
        print(f"  {line}")
    target = target_of(way, options)
    foreseen = _foresee(way, target)
    _show(way, foreseen)
    if not options.quick:
        whole = {"asks_for_everyone": options.count_missing, "names_all": options.all_overlaps}
        for line in surroundings(shop, foreseen, way.serving, **whole):
            print(f"  {line}")
    if not foreseen.everyone:
        print(f"  !   nobody has a verdict yet: {what_brings_them(shop)}")
    if said := _too_soon(way, target):
        print(f"  !   {said}")
    print(f"  ->  nextorder apply {foreseen.plan.hash}{_flags(options)}")


def run_apply(options: argparse.Namespace) -> int:
    """
    Go to a rung, if what it would send is what was agreed to; or go on with one that was not sent to its end.

    Returns:
        1 when nothing was done, not every segment could be made, or a destination refused everybody
        who was tried.

    Raises:
        BadSettings: Out of order, publishing is paused, or the app is out of the shop.
    """
    if options.stop:
        run_pause(options)
        return 0
    shop = shop_with_app(options)
    if options.back_to:
        return _go_back(shop, options)
    if (left := shop.sending) and (options.plan == left.plan or not (options.plan or options.all_at_once)):
        return _go_on(shop, left)
    way = way_of(shop, options.destination)
    target = target_of(way, options)
    if options.all_at_once and not options.plan:
        status = _install(way.go(target))
        print("  everything goes to everyone from now on: properties, tags, events; no step, no ramp")
        print("  ->  nextorder publish sends what everyone's verdict is already")
        return status
    if not options.now and (said := _too_soon(way, target)):
        raise BadSettings(said)
    foreseen = _foresee(way, target)
    if not _is_agreed(way, foreseen, options):
        return 1
    status = _send(way.go(target, foreseen.plan.hash))
    _say_next(way, target)
    return status


def _go_on(shop: Shop, left: Sending) -> int:
    """Send the rest of a plan that was agreed to."""
    if not shop.applied:
        raise BadSettings("publishing is paused: `nextorder resume` first")
    print(f"  plan {left.plan} was not sent to its end: going on with it")
    status = _send(shop)
    print("  ->  nextorder plan shows what is next")
    return status


def _send(shop: Shop) -> int:
    """
    Send the plan that is in force, and note when that has come to its end, no pause between.

    Raises:
        NeedsHuman, Refused, RetryLater: It has not; the same plan may be applied again.
    """
    left = shop.sending
    if left is None:
        return 0
    goes_on_with = going_on(shop, left)
    try:
        wants = _install(shop) if "klaviyo" in left.destinations and wants_segments(shop) else 0
        sent = publish_everyone(shop, left.destinations, agreed=True, goes_on_with=goes_on_with)
    except (NeedsHuman, Refused, RetryLater):
        print(
            f"  !   what was agreed to is in force, and not all of it is sent: {goes_on_with} goes on with it"
        )
        raise
    now = shops_anew().get(shop.id)
    if now and not now.applied:
        print(f"  !   publishing was paused meanwhile: `nextorder resume`, then {goes_on_with}")
    else:
        change_shop(shop.id, sending=None)
    return say(shop, sent) or wants


def _foresee(way: Way, target: GoingLive) -> Foreseen:
    shop = way.shop
    progress = Progress("foreseen", shop.numbers.customers, "customers")
    foreseen = plan(
        shop,
        target,
        publishers=way.serving,
        everyone=customers().everyone(shop.id),
        as_of=datetime.now(UTC),
        newcomer=way.newcomer,
        progress=progress.step,
    )
    progress.done()
    foreseen.plan = replace(foreseen.plan, beside=tuple(beside(shop, way.names, way.live, target)))
    return foreseen


def _show(way: Way, foreseen: Foreseen) -> None:
    for line in described(way.shop, foreseen.plan, live=way.live, newcomer=way.newcomer):
        print(f"  {line}")


def _is_agreed(way: Way, foreseen: Foreseen, options: argparse.Namespace) -> bool:
    """Whether the plan is the one that was named, or any is agreed to; otherwise it is shown."""
    now = foreseen.plan
    if options.plan == now.hash:
        print(f"  plan {now.hash}: what would be sent is what was shown")
        return True
    if options.yes and not options.plan:
        for line in summed_up(now, newcomer=way.newcomer):
            print(f"  {line}")
        return True
    _show(way, foreseen)
    if options.plan:
        print(f"  what would be sent is not what plan {options.plan} was: nothing was done")
        if last := foreseen.scored_at:
            print(f"  orders and time change scores, the last at {last:%H:%M:%S} UTC; without a hash")
            print("  `nextorder apply` shows the plan and does what you agree to, in one go")
        print(f"  ->  nextorder apply {now.hash}{_flags(options)}")
        return False
    return said_yes(f"do exactly this, plan {now.hash}?")


def _flags(options: argparse.Namespace) -> str:
    share = f" --share {options.share}" if options.share else ""
    destination = f" --destination {options.destination}" if options.destination else ""
    return share + destination + (" --all-at-once" if options.all_at_once else "")


def _too_soon(way: Way, target: GoingLive) -> str:
    at = events_from(way.live, target)
    if at is None or at <= datetime.now(UTC):
        return ""
    return (
        f"events may follow the tags from {at:%Y-%m-%d %H:%M} UTC on; `apply --now` is your word for sooner"
    )


def _install(shop: Shop) -> int:
    return install_in_klaviyo(shop, klaviyo_client(patient=True)) if has_klaviyo_now(shop.id) else 0


def _go_back(shop: Shop, options: argparse.Namespace) -> int:
    """Let out less; return 1 when nothing was done."""
    if options.destination:
        raise BadSettings("--back-to is of all destinations; `publish --take-back` empties one")
    if not shop.applied:
        raise BadSettings("nothing is published: there is nothing to take back a step")
    back = GoingLive(step=Step(options.back_to), share=options.share or WHOLE)
    if back.is_beyond(shop.going_live):
        raise BadSettings(f"{shop.id} is at {shop.going_live}: {back} is not behind it")
    takes_off = "; what is not let out any more is taken off" if options.take_off else ""
    if not (options.yes or said_yes(f"go back from {shop.going_live} to {back}{takes_off}?")):
        return 1
    way = Way(shop=shop, serving=publishers(shop))
    way.go(back)
    if options.take_off:
        return say(shop, publish_everyone(shop, way.names, takes_off=True, agreed=True))
    print("  what stands anywhere stays as it is; --take-off takes off what is not let out any more")
    return 0


def _say_next(way: Way, target: GoingLive) -> None:
    upcoming = following(target, way.skipped)
    if way.has_caught_up(target):
        print(f"  {way.newcomer} has caught up, and goes with the others from now on")
    elif upcoming:
        own = f" --destination {way.newcomer}" if way.newcomer else ""
        print(f"  the next is {upcoming}")
        print(f"  ->  nextorder plan{f' --shop {way.shop.id}' if way.shop.id else ''}{own}")
    print("  `nextorder status` shows how it goes, `nextorder pause` stops it")
