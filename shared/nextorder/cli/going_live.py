"""`nextorder plan`, `apply`, `pause`, `resume`: what going live would send, and going there step by step."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from nextorder.bootstrap.keys import has_klaviyo_now
from nextorder.bootstrap.plan import publishers
from nextorder.bootstrap.publish import klaviyo_client
from nextorder.bootstrap.update import customers
from nextorder.cli.installing_klaviyo import install_in_klaviyo
from nextorder.cli.plan_words import described, surroundings
from nextorder.cli.progress import Progress
from nextorder.cli.publishing import publish_everyone, say
from nextorder.cli.shops import add_shop, change_shop, chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import (
    ALL_AT_ONCE,
    RAMP,
    STEPS,
    WHOLE,
    GoingLive,
    Step,
    events_from,
    following,
    is_in_order,
)
from nextorder.domain.shop import Shop
from nextorder.use_cases.plan import Foreseen, plan
from nextorder.use_cases.publication import Publisher

WITHIN_A_MINUTE: Final = "within a minute: functions remember a shop's settings so long"
_KLAVIYO: Final = "klaviyo"


def add_to(commands: Any) -> None:
    """Add `plan`, `apply`, `pause` and `resume`."""
    planning = commands.add_parser("plan", help="show exactly what the next step of going live would send")
    planning.add_argument("--quick", action="store_true", help="ask neither Shopify nor Klaviyo for anything")
    _add_target(planning)
    planning.set_defaults(run=run_plan)

    apply = commands.add_parser("apply", help="go live by one step: do exactly what `plan` has shown")
    apply.add_argument("plan", nargs="?", default="", metavar="PLAN", help="the hash that `plan` ends with")
    apply.add_argument("--yes", action="store_true", help="agree beforehand, whatever the plan is")
    apply.add_argument(
        "--now", action="store_true", help="events before 48 hours have gone by since the tags"
    )
    apply.add_argument("--back-to", choices=STEPS, type=Step, help="let out no more than this step")
    apply.add_argument(
        "--take-off", action="store_true", help="with --back-to: take off what is not let out any more"
    )
    apply.add_argument("--stop", action="store_true", help="the same as `pause`")
    _add_target(apply)
    apply.set_defaults(run=run_apply)

    for name, run, what in (
        ("pause", run_pause, "stop all publishing within a minute; what stands anywhere stays"),
        ("resume", run_resume, "go on where `pause` stopped"),
    ):
        parser = commands.add_parser(name, help=what)
        add_shop(parser)
        parser.set_defaults(run=run)


def _add_target(parser: argparse.ArgumentParser) -> None:
    add_shop(parser)
    parser.add_argument(
        "--share",
        type=int,
        choices=sorted({share for shares in RAMP.values() for share in shares}),
        help="percent of customers that the step is to reach (default: the next of 10, 50, 100)",
    )
    parser.add_argument(
        "--all-at-once",
        action="store_true",
        help="no steps and no ramp: everything to everyone, tags and events from now on",
    )


def run_plan(options: argparse.Namespace) -> None:
    """Show the plan, what it would set going elsewhere, and how to do it."""
    shop = chosen_shop(options)
    target = target_of(shop, options)
    foreseen, serving = _foresee(shop, target)
    _show(shop, foreseen)
    if not options.quick:
        for line in surroundings(shop, foreseen, serving):
            print(f"  {line}")
    if said := _too_soon(shop, target):
        print(f"  !   {said}")
    print(f"  ->  nextorder apply {foreseen.plan.hash}{_flags(options)}")


def run_apply(options: argparse.Namespace) -> int:
    """
    Go to a rung, if what it would send is what was agreed to.

    Returns:
        1 when nothing was done.

    Raises:
        BadSettings: Out of order, or publishing is paused.
    """
    shop = chosen_shop(options)
    if options.stop:
        run_pause(options)
        return 0
    if options.back_to:
        _go_back(shop, options.back_to, takes_off=options.take_off)
        return 0
    if options.all_at_once and not options.plan:
        _install(_go(shop, ALL_AT_ONCE))
        print("  everything goes to everyone from now on: properties, tags, events; no step, no ramp")
        print("  ->  nextorder publish sends what everyone's verdict is already")
        return 0
    target = target_of(shop, options)
    if not options.now and (said := _too_soon(shop, target)):
        raise BadSettings(said)
    foreseen, serving = _foresee(shop, target)
    if not _is_agreed(shop, foreseen, options):
        return 1
    now = _go(shop, target)
    if target.step is Step.SEGMENTS:
        _install(now)
    say(publish_everyone(shop, [one.destination.name for one in serving], agreed=True))
    _say_next(shop, target, serving)
    return 0


def run_pause(options: argparse.Namespace) -> None:
    """Let nothing more out; ours is still taken back from whoever asks for it."""
    shop = change_shop(chosen_shop(options).id, applied=False)
    print(f"  {shop.id}: publishing is off {WITHIN_A_MINUTE}")
    print("  a batch that a platform has taken already is finished there; nothing is taken off")


def run_resume(options: argparse.Namespace) -> None:
    """
    Let verdicts out again, as far as they were.

    Raises:
        BadSettings: Nothing has gone live yet.
    """
    shop = chosen_shop(options)
    if shop.going_live.since is None and not shop.applied:
        raise BadSettings("nothing has gone live yet: `nextorder plan` shows the first step")
    shop = change_shop(shop.id, applied=True)
    print(f"  {shop.id}: publishing is on {WITHIN_A_MINUTE}: {shop.going_live}")
    print("  ->  nextorder publish sends what changed meanwhile; else it goes with the weekly sweep")


def target_of(shop: Shop, options: argparse.Namespace) -> GoingLive:
    """
    Return where a shop is to go.

    Raises:
        BadSettings: It is paused, or all the way already, or the share is behind it.
    """
    live = _live(shop)
    if live and not shop.applied:
        raise BadSettings("publishing is paused: `nextorder resume` first")
    if options.all_at_once:
        return ALL_AT_ONCE
    skipped = _skipped(shop)
    upcoming = following(live, skipped)
    if upcoming is None:
        raise BadSettings("everything goes to everyone already; `apply --back-to STEP` lets out less")
    target = replace(upcoming, share=options.share or upcoming.share)
    if target.step is Step.SEGMENTS:
        target = replace(target, share=WHOLE)
    if live and not is_in_order(live, target, skipped):
        raise BadSettings(f"{shop.id} is at {live}: the next is {upcoming}")
    return target


def _live(shop: Shop) -> GoingLive | None:
    return shop.going_live if shop.applied or shop.going_live.since else None


def _skipped(shop: Shop) -> set[Step]:
    """Segments are a step of whoever has a place for them."""
    names = [one.destination.name for one in publishers(shop)]
    return set() if _KLAVIYO in names else {Step.SEGMENTS}


def _foresee(shop: Shop, target: GoingLive) -> tuple[Foreseen, Sequence[Publisher]]:
    serving = publishers(shop)
    if not serving:
        raise BadSettings("no destination is connected: run `nextorder connect shopify`")
    progress = Progress("foreseen", shop.numbers.customers, "customers")
    foreseen = plan(
        shop,
        target,
        publishers=serving,
        everyone=customers().everyone(shop.id),
        as_of=datetime.now(UTC),
        progress=progress.step,
    )
    progress.done()
    return foreseen, serving


def _show(shop: Shop, foreseen: Foreseen) -> None:
    for line in described(shop, foreseen):
        print(f"  {line}")


def _is_agreed(shop: Shop, foreseen: Foreseen, options: argparse.Namespace) -> bool:
    """Whether the plan is the one that was named; otherwise it is shown."""
    now = foreseen.plan
    if options.plan == now.hash:
        print(f"  plan {now.hash}: what would be sent is what was shown")
        return True
    _show(shop, foreseen)
    if options.plan:
        print(f"  what would be sent is not what plan {options.plan} was: nothing was done")
        print(f"  ->  nextorder apply {now.hash}{_flags(options)}")
        return False
    return bool(options.yes) or _said_yes(now.hash)


def _said_yes(named: str) -> bool:
    try:
        return input(f"  do exactly this, plan {named}? [y/N] ").strip().lower() == "y"
    except EOFError:
        print("\n  nothing was done; --yes agrees beforehand")
        return False


def _flags(options: argparse.Namespace) -> str:
    share = f" --share {options.share}" if options.share else ""
    return share + (" --all-at-once" if options.all_at_once else "")


def _too_soon(shop: Shop, target: GoingLive) -> str:
    at = events_from(_live(shop), target)
    if at is None or at <= datetime.now(UTC):
        return ""
    return (
        f"events may follow the tags from {at:%Y-%m-%d %H:%M} UTC on; `apply --now` is your word for sooner"
    )


def _go(shop: Shop, target: GoingLive) -> Shop:
    now = replace(target, since=datetime.now(UTC))
    shop = change_shop(shop.id, applied=True, going_live=now)
    print(f"  {shop.id}: publishing is on: {shop.going_live}")
    return shop


def _install(shop: Shop) -> None:
    if has_klaviyo_now(shop.id):
        install_in_klaviyo(shop, klaviyo_client(patient=True))


def _go_back(shop: Shop, step: Step, *, takes_off: bool) -> None:
    back = GoingLive(step=step, share=WHOLE)
    if shop.going_live.step is not step and not shop.going_live.is_beyond(back):
        raise BadSettings(f"{shop.id} is at {shop.going_live}: that is not behind it")
    _go(shop, back)
    if not takes_off:
        print("  what stands anywhere stays as it is; --take-off takes off what is not let out any more")
        return
    names = [one.destination.name for one in publishers(shop)]
    say(publish_everyone(shop, names, takes_off=True, agreed=True))


def _say_next(shop: Shop, target: GoingLive, serving: Sequence[Publisher]) -> None:
    names = {one.destination.name for one in serving}
    upcoming = following(target, set() if _KLAVIYO in names else {Step.SEGMENTS})
    if upcoming:
        print(f"  the next is {upcoming}")
        print(f"  ->  nextorder plan{f' --shop {shop.id}' if shop.id else ''}")
    print("  `nextorder status` shows how it goes, `nextorder pause` stops it")
