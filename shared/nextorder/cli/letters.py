"""`nextorder dead-letters` and `nextorder redrive`: what could not be used, and once more after a fix."""

import argparse
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from nextorder.adapters.dead_letters import DeadLetters
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.route import destination_queues

_CHANGES: Final = {
    "DEAD_CHANGES_QUEUE_URL": "changes that a destination could not be told of",
    "UNROUTED_QUEUE_URL": "changes that found no way to the destinations",
}


def add_to(commands: Any) -> None:
    """Add `dead-letters` and `redrive`."""
    letters = commands.add_parser("dead-letters", help="show what could not be used, and why")
    letters.set_defaults(run=show_letters)
    redrive = commands.add_parser("redrive", help="send dead letters back to the queue after a fix")
    redrive.set_defaults(run=run_redrive)


def show_letters(_: argparse.Namespace) -> None:
    """Print them."""
    for line in dead_letters():
        print(f"  {line}")


def dead_letters() -> Iterator[str]:
    """Count dead letters by topic and reason; they are there for `redrive` at once."""
    found = _box("DEAD_FACTS_QUEUE_URL").look()
    for (topic, reason), count in Counter((one.topic, one.reason) for one in found).most_common():
        yield f"{count:>5}  {topic:<28} {reason or 'failed again and again: see the log of UpdateCustomer'}"
    yield f"{len(found)} dead letters"
    for queue, what in _CHANGES.items():
        if count := _box(queue).count():
            yield f"{count} {what}"


def run_redrive(_: argparse.Namespace) -> None:
    """Send everything back after a fix."""
    print(f"  {_redrive_facts()} dead letters sent back")
    for queue, what in _CHANGES.items():
        told, nobody = _redrive_changes(_box(queue))
        if told:
            print(f"  {told} {what}: sent to every destination")
        if nobody:
            print(f"  {nobody} {what} name nobody: `nextorder publish` brings everyone up to date")


def _redrive_facts() -> int:
    """
    Send each letter to the queue of facts, and only then delete it: a crash repeats, never loses.

    All are taken before the first is sent, so that one that is set aside again is sent once only.
    """
    box = _box("DEAD_FACTS_QUEUE_URL")
    found = list(box.take())
    for letter in found:
        env.sqs().send_message(QueueUrl=env.variable("FACTS_QUEUE_URL"), **letter.anew())
        box.delete(letter)
    return len(found)


def _redrive_changes(box: DeadLetters) -> tuple[int, int]:
    """Let every destination look at the customers again; count them, and the letters that name nobody."""
    told, of_nobody = 0, []
    for letter in box.take():
        about = letter.about()
        if about is None:
            of_nobody.append(letter)
            continue
        shop, customer = about
        for queue in destination_queues():
            queue.changed(shop, [(customer, f"redrive-{letter.id}")])
        box.delete(letter)
        told += 1
    # only now, or they would be taken again; hidden they would make a redaction wait
    for letter in of_nobody:
        box.put_back(letter)
    return told, len(of_nobody)


def _box(variable: str) -> DeadLetters:
    return DeadLetters(env.sqs(), env.variable(variable))
