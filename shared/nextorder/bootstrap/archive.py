"""What archive_scores needs."""

from nextorder.adapters.score_log import ScoreLog
from nextorder.bootstrap import environment as env


def score_log() -> ScoreLog:
    """Return the score log."""
    return ScoreLog(env.s3(), env.variable("BUCKET_NAME"))
