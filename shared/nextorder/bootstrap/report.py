"""What write_report and draw_report need; what computes and what draws is handed in."""

import json
from collections.abc import Callable, Sequence

from nextorder.adapters.reports import Reports
from nextorder.bootstrap import costs, judge, update
from nextorder.bootstrap import environment as env
from nextorder.use_cases.write_report import Desk, Drawing, Studio, Writer


def desk(write: Writer) -> Desk:
    """Return what a page is written from and to."""
    return Desk(
        census=costs.census(),
        goods=costs.assortment(),
        shops=update.shops(),
        judgements=judge.kept(),
        shelf=shelf(),
        write=write,
        draw=_have_drawn,
    )


def studio(draw: Callable[[bytes], Drawing]) -> Studio:
    """Return what a page is drawn from and to."""
    return Studio(shelf=shelf(), draw=draw, tell=_tell)


def shelf() -> Reports:
    """Return where pages lie."""
    return Reports(env.s3_signer(), env.variable("BUCKET_NAME"))


def write_each(shops: Sequence[str]) -> None:
    """Let each shop have an invocation of this function to itself; nobody waits for it."""
    for shop in shops:
        _begin(env.variable("AWS_LAMBDA_FUNCTION_NAME"), {"shop": shop})


def _have_drawn(shop: str, day: str) -> None:
    _begin(env.variable("DRAW_REPORT_FUNCTION"), {"shop": shop, "day": day})


def _begin(function: str, event: dict[str, str]) -> None:
    env.functions().invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())


def _tell(subject: str, message: str) -> None:
    env.sns().publish(TopicArn=env.variable("REPORTS_TOPIC_ARN"), Subject=subject, Message=message)
