"""What judge_forecasts needs, and what whoever shows said and happened reads."""

from collections.abc import Sequence

from nextorder.adapters.dynamodb.census import DynamoCensus
from nextorder.adapters.dynamodb.progress import Progress
from nextorder.adapters.score_reader import ScoreReader
from nextorder.bootstrap import environment as env
from nextorder.bootstrap import mail, update
from nextorder.domain.judged import Judgement
from nextorder.use_cases.judge_forecasts import Bench


def bench() -> Bench:
    """Return what a judgement reads, keeps and tells."""
    return Bench(
        log=ScoreReader(env.s3(), env.variable("BUCKET_NAME")),
        census=DynamoCensus(env.dynamodb(), env.variable("TABLE_NAME")),
        kept=kept(),
        shops=update.shops(),
        tell=_tell,
    )


def kept() -> Progress[Judgement]:
    """Return what was judged so far: one small item a shop."""
    return Progress(env.dynamodb(), env.variable("TABLE_NAME"), sort_key="judged", kind=Judgement)


def _tell(shop: str, news: Sequence[str]) -> None:
    said = "\n\n".join(news)
    message = f"{shop}:\n\n{said}\n\n`nextorder model show` tells all windows."
    mail.tell_of(shop, "what was said beside what came", message)
