"""`nextorder dead-letters` and `nextorder redrive`: what could not be used, and once more after a fix."""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from nextorder.adapters.dead_letters import DeadLetters
from nextorder.bootstrap import environment as env
from nextorder.bootstrap.route import destination_queues
from nextorder.cli.progress import during
from nextorder.cli.shops import add_stack
from nextorder.domain.phrases import counted

_CHANGES: Final = {
    "DEAD_CHANGES_QUEUE_URL": "a destination could not be told of",
    "UNROUTED_QUEUE_URL": "found no way to the destinations",
}

_LOOKING: Final = ("looking", "for dead letters")


def add_to(commands: Any) -> None:
    """Add `dead-letters` and `redrive`."""
    letters = commands.add_parser("dead-letters", help="show what could not be used, and why")
    add_stack(letters)
    letters.set_defaults(run=show_letters)
    redrive = commands.add_parser("redrive", help="send dead letters back to the queue after a fix")
    add_stack(redrive)
    redrive.set_defaults(run=run_redrive)


def show_letters(_: argparse.Namespace) -> None:
    """Print them."""
    for line in dead_letters():
        print(f"  {line}")


def dead_letters() -> Iterator[str]:
    """Count dead letters by topic and reason; they are there for `redrive` at once."""
    with during(*_LOOKING):
        found = _box("DEAD_FACTS_QUEUE_URL").look()
    for (topic, reason), count in Counter((one.topic, one.reason) for one in found).most_common():
        yield f"{count:>5}  {topic:<28} {reason or 'failed again and again: see the log of UpdateCustomer'}"
    yield counted(len(found), "dead letter") if found else "no dead letters"
    for queue, what in _CHANGES.items():
        if count := _box(queue).count():
            yield f"{counted(count, 'change')} that {what}"


def run_redrive(_: argparse.Namespace) -> None:
    """Send everything back after a fix."""
    boxes = {what: _box(queue) for queue, what in _CHANGES.items()}
    dead_facts = _box("DEAD_FACTS_QUEUE_URL")
    # side by side: SQS is waited for before a queue is called empty
    with during(*_LOOKING), ThreadPoolExecutor() as pool:
        facts = pool.submit(_redrive_facts, dead_facts)
        changes = {what: pool.submit(_redrive_changes, box) for what, box in boxes.items()}
    said = [f"{counted(facts.result(), 'dead letter')} sent back"] if facts.result() else []
    for what, done in changes.items():
        told, nobody = done.result()
        if told:
            said.append(f"{counted(told, 'change')} that {what}: sent to every destination")
        if nobody:
            them = "it names" if nobody == 1 else "they name"
            said.append(
                f"{counted(nobody, 'change')} that {what}: {them} nobody, `nextorder publish` "
                "brings everyone up to date"
            )
    for line in said or ["there are no dead letters: nothing to send back"]:
        print(f"  {line}")


def _redrive_facts(box: DeadLetters) -> int:
    """
    Send each letter to the queue of facts, and only then delete it: a crash repeats, never loses.

    All are taken before the first is sent, so that one that is set aside again is sent once only.
    """
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
