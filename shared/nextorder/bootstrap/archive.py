"""What archive_scores needs."""

from nextorder.adapters.dynamodb.passes import DynamoSizes
from nextorder.adapters.score_log import ScoreLog
from nextorder.bootstrap import environment as env


def score_log() -> ScoreLog:
    """Return the score log."""
    return ScoreLog(env.s3(), env.variable("BUCKET_NAME"))


def sizes() -> DynamoSizes:
    """Return the sizes of segments."""
    return DynamoSizes(env.dynamodb(), env.variable("TABLE_NAME"))
