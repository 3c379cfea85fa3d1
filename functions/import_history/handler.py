"""One step of a shop's import; the state machine HistoryImport says which."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from nextorder.adapters.batch import FAILED, failing
from nextorder.bootstrap import import_history as parts
from nextorder.domain.imports import Kind
from nextorder.use_cases import import_store
from nextorder.use_cases.cut_export import cut
from nextorder.use_cases.import_store import Course
from nextorder.use_cases.store_chunk import store_chunk

logger = Logger()

MILLIS_FOR_THE_REST: Final = 60_000
"""To write what is cut, and to answer."""


@dataclass(frozen=True, slots=True)
class Task:
    """What one invocation is asked for."""

    course: Course
    event: Mapping[str, Any]
    context: LambdaContext
    as_of: datetime

    def has_time(self) -> bool:
        """Tell whether the function may go on."""
        return bool(self.context.get_remaining_time_in_millis() >= MILLIS_FOR_THE_REST)


def cut_part(task: Task) -> dict[str, bool]:
    """Cut on, until the end of a part or until time is up."""
    part = str(task.event["part"])
    return {"is_done": cut(task.course, part, root_of=parts.root_of, has_time=task.has_time)}


def store(task: Task) -> None:
    """Store one chunk."""
    shop = parts.shop_of(task.course.shop)
    kind, number = Kind(task.event["kind"]), int(task.event["number"])
    store_chunk(task.course, kind, number, reader=parts.reader(shop), store=parts.importer(shop).store)


def all_stored(task: Task) -> None:
    """Tie the loose ends."""
    import_store.training_begins(task.course, parts.importer(parts.shop_of(task.course.shop)).take_waiting)


def all_scored(task: Task) -> Any:
    """Say where everyone's first verdict goes."""
    destinations = parts.destinations(parts.shop_of(task.course.shop))
    return import_store.publishing_begins(task.course, destinations)


STEPS: Final[Mapping[str, Callable[[Task], Any]]] = {
    "begin": lambda task: import_store.begin(task.course, task.as_of),
    "follow": lambda task: asdict(import_store.follow(task.course, task.as_of)),
    "cut": cut_part,
    "all_cut": lambda task: import_store.storing_begins(task.course),
    "store": store,
    "all_stored": all_stored,
    "trained": lambda task: import_store.scoring_begins(task.course),
    "score": lambda task: parts.score(task.course, task.event["number"], task.event["of"], task.as_of),
    "all_scored": all_scored,
    "end": lambda task: import_store.end(task.course, task.event.get("published", ()), task.as_of),
}
"""Each may be repeated: the state machine does so with one that failed or was killed."""


def take(task: Task) -> Any:
    """Take the step that is asked for; the last word of a run that failed is none of its steps."""
    if task.event["step"] == "fail":
        logger.error(FAILED, shop=task.course.shop, run=task.course.run)
        return import_store.fail(task.course, task.event["failed"], task.as_of)
    step = STEPS[task.event["step"]]
    return import_store.attempt(task.course, lambda: step(task), task.as_of)


@logger.inject_lambda_context(clear_state=True)
def handle(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take `event["step"]` for its `"shop"` and `"run"`."""
    with failing(logger, event["shop"]):
        course = parts.course(event["shop"], event["run"])
        answer = take(Task(course, event, context, datetime.now(UTC)))
    logger.info("import", step=event["step"], shop=course.shop, run=course.run)
    return {} if answer is None else answer
