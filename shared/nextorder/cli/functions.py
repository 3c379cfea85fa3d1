"""Run one of the stack's functions and wait for what it says."""

import json
from collections.abc import Mapping
from typing import Any, Final

import boto3
from botocore.config import Config

from nextorder.bootstrap import environment as env
from nextorder.domain.errors import AccessDenied, NeedsHuman, RetryLater

_NEED_HUMAN: Final = frozenset({NeedsHuman.__name__, AccessDenied.__name__})


def invoke(variable: str, event: Mapping[str, Any], *, about: str) -> Any:
    """
    Return a function's answer; `variable` holds its name, `about` begins what is said of a failure.

    Raises:
        NeedsHuman, RetryLater: It failed.
    """
    # NOTE: a synchronous invocation may take the function's whole 15 minutes, and must not be repeated
    config = Config(read_timeout=910, retries={"max_attempts": 0})
    client: Any = boto3.client("lambda", config=config)
    reply = client.invoke(FunctionName=env.variable(variable), Payload=json.dumps(event))
    answer = json.loads(reply["Payload"].read())
    if "FunctionError" not in reply:
        return answer
    kind = str(answer.get("errorType", ""))
    said = f"{about}: {answer.get('errorMessage', kind)}"
    raise (NeedsHuman if kind in _NEED_HUMAN else RetryLater)(said)
