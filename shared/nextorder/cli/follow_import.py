"""`nextorder import` without a file: all that Shopify has, imported in the cloud and followed from here."""

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from nextorder.bootstrap import environment as env
from nextorder.bootstrap import import_history as parts
from nextorder.bootstrap import train
from nextorder.cli.model import say_card
from nextorder.cli.progress import fresh_line, say_at_last, say_so_far, seconds_between_words
from nextorder.cli.shops import chosen_shop
from nextorder.domain.errors import BadSettings
from nextorder.domain.imports import ImportRun, Kind, Stage, Tally
from nextorder.domain.phrases import counted
from nextorder.use_cases.import_store import Course, ask, fail

_LOOK_SECONDS: Final = 2.0
_JUST_NOW: Final = timedelta(hours=1)
"""Who asks again so soon after the end wants to know what came of it."""
_UNCOUNTED: Final = {
    Stage.TRAINING: "fitting   the shop's own model to its orders",
    Stage.PUBLISHING: "sending   everyone's first verdict as far as the shop is live",
}
_DEAD: Final = frozenset({"FAILED", "TIMED_OUT", "ABORTED"})


def run(options: argparse.Namespace) -> int:
    """
    Begin an import, or find the one under way, and say how far it is until it is over.

    What came of one that ended a short while ago is said first: a second one begins when it is
    asked for by --again, or when the first one failed.

    Returns:
        1 when it failed.

    Raises:
        BadSettings: An option was given that is about a file.
    """
    if options.customers or options.rejects or options.as_of or options.offline:
        raise BadSettings("--customers, --offline, --rejects and --as-of are about a file: name it")
    shop = chosen_shop(options)
    if not options.again and (before := _just_ended(shop.id, datetime.now(UTC))):
        print(f"  {shop.id}: {before.run}, over since {before.now().ended_at:%H:%M} UTC")
        _conclude(before)
        if before.now().stage is Stage.ENDED:
            print("  `nextorder import --again` goes over everything once more")
            return 0
    course = _under_way(shop.id)
    try:
        now = follow(course, _status)
    except KeyboardInterrupt:
        say_at_last("the import goes on in the cloud: `nextorder import` follows it again")
        raise
    _conclude(course)
    return int(now.stage is Stage.FAILED)


def _just_ended(shop: str, as_of: datetime) -> Course | None:
    """Return the run that was over a short while ago, if there is one."""
    held = parts.runs().load(shop)
    is_fresh = held and held.ended_at and as_of - held.ended_at < _JUST_NOW
    return parts.course(shop, held.run) if held and is_fresh else None


def _conclude(course: Course) -> None:
    """Say what came of a run that is over."""
    now = course.now()
    for line in summary(now, course.files.tally(), f"s3://{env.variable('BUCKET_NAME')}/{_folder(course)}"):
        print(f"  {line}")
    if now.stage is Stage.ENDED and (card := train.records().card(course.shop)):
        say_card(card)


def _under_way(shop: str) -> Course:
    """Return the run that is under way, begun if it was not; one that ended without a word is failed."""
    runs = parts.runs()
    held = ask(shop, runs=runs, as_of=datetime.now(UTC))
    course = parts.course(shop, held.run)
    status = _status(course)
    if status in _DEAD:
        fail(course, {"Error": status}, datetime.now(UTC))
        course = parts.course(shop, ask(shop, runs=runs, as_of=datetime.now(UTC)).run)
    if status != "RUNNING":
        _begin(course)
    print(f"  {shop}: {course.run}")
    return course


def _begin(course: Course) -> None:
    client = env.state_machines()
    said = json.dumps({"shop": course.shop, "run": course.run})
    # of two who begin the same run in the same moment one is too late, and follows
    with suppress(client.exceptions.ExecutionAlreadyExists):
        client.start_execution(
            stateMachineArn=env.variable("HISTORY_IMPORT_ARN"), name=_name(course), input=said
        )


def _status(course: Course) -> str:
    """Return what AWS says of the run; empty where it was never begun, or is forgotten."""
    machine = env.variable("HISTORY_IMPORT_ARN").replace(":stateMachine:", ":execution:")
    client = env.state_machines()
    try:
        return str(client.describe_execution(executionArn=f"{machine}:{_name(course)}")["status"])
    except client.exceptions.ExecutionDoesNotExist:
        return ""


def _name(course: Course) -> str:
    """Return a name of at most 80 characters that no other shop's run has."""
    return f"{course.run}-{sha256(course.shop.encode()).hexdigest()[:12]}"


def _folder(course: Course) -> str:
    return f"imports/{course.shop}/{course.run}/"


def follow(
    course: Course,
    status: Callable[[Course], str],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> ImportRun:
    """Say how far it is as often as that changes, and now and then that it stands; return how it ended."""
    said, since, told = "", clock(), 0.0
    while True:
        now = course.now()
        if now.is_over:
            print(fresh_line(), end="", file=sys.stderr, flush=True)
            return now
        stands = clock() - since
        if (words := in_words(now, course.files.tally())) != said:
            said, since, told = words, clock(), 0.0
            say_so_far(words)
        elif stands - told >= seconds_between_words():
            told = stands
            say_so_far(f"{words}; unchanged for {stands:.0f} s")
        sleep(_LOOK_SECONDS)
        if status(course) in _DEAD:
            fail(course, {"Error": "the state machine ended"}, datetime.now(UTC))


def in_words(now: ImportRun, tally: Tally) -> str:
    """Say how far a run is, in one line, and what keeps it from going on."""
    hindrance = f"; {now.trouble}: it is tried again" if now.trouble else ""
    return _stands(now, tally) + hindrance


def _stands(now: ImportRun, tally: Tally) -> str:
    match now.stage:
        case Stage.EXPORTING:
            ready = sum(part.is_ready for part in now.parts)
            return f"exporting {_exported(now)} so far; {ready} of {len(now.parts)} exports ready"
        case Stage.CUTTING:
            return f"sorting   {_exported(now)} into files"
        case Stage.STORING:
            return f"storing   {_stored(now, tally)}"
        case Stage.SCORING:
            done = f"; {tally.segments} of {now.segments} parts of them are done" if now.segments > 1 else ""
            return f"scoring   {_counted(now.roots(Kind.CUSTOMERS), Kind.CUSTOMERS)}{done}"
        case _:
            return _UNCOUNTED.get(now.stage, f"asked for at {now.started_at:%H:%M} UTC, not begun yet")


def _stored(now: ImportRun, tally: Tally) -> str:
    files = sum(now.chunks(kind) for kind in Kind)
    if not files:
        return "nothing: the shop has no products, customers or orders yet"
    return f"{_kinds(tally.taken)} so far; {sum(tally.chunks.values())} of {files} files"


def _exported(now: ImportRun) -> str:
    return _kinds({kind: now.roots(kind) for kind in Kind})


def _kinds(counts: Mapping[str, int]) -> str:
    return ", ".join(_counted(counts.get(kind, 0), kind) for kind in Kind)


def _counted(count: int, kind: str) -> str:
    return counted(count, kind.removesuffix("s"))


def summary(now: ImportRun, tally: Tally, folder: str) -> Iterator[str]:
    """Say what came of it: how many, how fast, what was refused and where that lies."""
    seconds = ((now.ended_at or now.started_at) - now.started_at).total_seconds()
    orders = tally.taken.get(Kind.ORDERS, 0)
    speed = f"{orders / max(seconds, 1.0):.0f} orders a second"
    yield f"imported  {_kinds(tally.taken)} in {seconds:.0f} s, {speed}"
    if refused := {kind: count for kind, count in tally.refused.items() if count}:
        said = ", ".join(_counted(count, kind) for kind, count in sorted(refused.items()))
        yield f"refused   {said}, with their reasons in {folder}rejects/ for 14 days"
    for why in now.unpublished:
        yield f"waits     {why}; everything is imported, and `nextorder publish` goes on with it"
    if now.stage is Stage.FAILED:
        yield f"failed    {now.failure}"
        yield "what is stored stays: after a fix `nextorder import` goes over it again"
