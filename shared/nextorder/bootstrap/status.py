"""What `nextorder status` reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.dynamodb.standing import DynamoStanding
from nextorder.adapters.queue_depths import Depth, depth
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import import_history, sweep, train
from nextorder.bootstrap.route import other_names
from nextorder.domain.imports import ImportRun
from nextorder.domain.model_card import ModelCard
from nextorder.domain.passes import Pass
from nextorder.domain.reconciliation import Reconciliation

_QUEUES: Final = {
    "facts": "FACTS_QUEUE_URL",
    "privacy": "PRIVACY_QUEUE_URL",
    "dead deliveries": "DEAD_FACTS_QUEUE_URL",
    "dead changes": "DEAD_CHANGES_QUEUE_URL",
    "unrouted changes": "UNROUTED_QUEUE_URL",
}
_OWN_QUEUES: Final = ("changes for shopify", "changes for klaviyo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What runs by itself, and how far each is; None = it never ran."""

    imported: ImportRun | None
    trained: ModelCard | None
    swept: Pass | None
    reconciled: Reconciliation | None


def course(shop: str) -> Course:
    """Return where a shop's long jobs stand."""
    notes = Progress(env.dynamodb(), env.variable("TABLE_NAME"), sort_key="reconcile", kind=Reconciliation)
    return Course(
        imported=import_history.runs().load(shop),
        trained=train.records().card(shop),
        swept=sweep.passes().load(shop),
        reconciled=notes.load(shop),
    )


def depths(as_of: datetime) -> Sequence[Depth]:
    """Return how full the stack's queues are; all of its shops share them."""
    return [depth(env.sqs(), env.cloudwatch(), name, url, as_of) for name, url in _queues()]


def everyone() -> DynamoStanding:
    """Return what reads everyone's state and records."""
    return DynamoStanding(env.dynamodb(), env.variable("TABLE_NAME"))


def _queues() -> Iterator[tuple[str, str]]:
    yield from ((name, env.variable(variable)) for name, variable in _QUEUES.items())
    yield from zip(_OWN_QUEUES, env.variable("DESTINATION_QUEUE_URLS").split(","), strict=False)
    if other_names():
        yield "changes for others", env.variable("OTHER_CHANGES_QUEUE_URL")
