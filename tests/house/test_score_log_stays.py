"""What was said cannot be unsaid: the template lets nobody write over the score log, nor delete it."""

import re
from pathlib import Path

TEMPLATE = (Path(__file__).resolve().parents[2] / "template.yaml").read_text()


def test_functions_may_add_to_the_score_log_or_read_it_and_nothing_else() -> None:
    allowed = re.findall(
        r"\{Effect: Allow, Action: (.+?), Resource: [^}]*\$\{Bucket\.Arn\}/scores/\*", TEMPLATE
    )

    assert allowed.count('"s3:PutObject"') == 1
    assert set(allowed) == {'"s3:PutObject"', '"s3:GetObject"'}
    assert "${Bucket.Arn}/*" not in TEMPLATE


def test_the_bucket_refuses_a_write_that_could_replace_an_object_of_it() -> None:
    policy = TEMPLATE[TEMPLATE.index("\n  ScoreLogStays:") :].split("\n\n")[0]

    assert "Effect: Deny" in policy
    assert 'Principal: "*"' in policy
    assert "Action: s3:PutObject" in policy
    assert '"Null": {"s3:if-none-match": "true"}' in policy
    assert "${Bucket.Arn}/scores/*" in policy


def test_no_rule_lets_it_expire() -> None:
    expiring = re.findall(r"Prefix: ([\w-]+)/, ExpirationInDays", TEMPLATE)

    assert expiring
    assert "scores" not in expiring
