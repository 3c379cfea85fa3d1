"""Run a function's handler in this process, as Lambda would."""

import importlib.util
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.local_stack.places import ROOT

Handler = Callable[[dict[str, Any]], Any]

PLACES: Mapping[str, str] = {
    "TABLE_NAME": "table",
    "BUCKET_NAME": "bucket",
    "CONNECTIONS_SECRET_ARN": "connections",
    "FACTS_QUEUE_URL": "https://example.com/facts",
    "PRIVACY_QUEUE_URL": "https://example.com/privacy",
    "DEAD_FACTS_QUEUE_URL": "https://example.com/dead",
    "DEAD_CHANGES_QUEUE_URL": "https://example.com/dead-changes",
    "UNROUTED_QUEUE_URL": "https://example.com/unrouted",
    "POWERTOOLS_SERVICE_NAME": "nextorder",
    "POWERTOOLS_METRICS_NAMESPACE": "Nextorder",
    "SEGMENTS_ON": "all",
}


@dataclass(frozen=True)
class _Context:
    function_name: str = "bench"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id: str = "00000000-0000-0000-0000-000000000001"

    def get_remaining_time_in_millis(self) -> int:
        return 900_000


def load(function: str, environment: Mapping[str, str]) -> Handler:
    """
    Import functions/FUNCTION/handler.py; `environment` is this process's from now on.

    What handlers print, logs and metrics, goes nowhere, but the work of writing it is done.
    """
    warnings.filterwarnings("ignore", "No application metrics")
    sys.stdout = Path(os.devnull).open("w")  # noqa: SIM115 - for the rest of this process
    os.environ.update({**PLACES, **environment})
    path = ROOT / "functions" / function / "handler.py"
    spec = importlib.util.spec_from_file_location(f"handler_of_{function}_{len(sys.modules)}", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return lambda event: module.handle(event, _Context())


def sqs_event(messages: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return messages, written for SendMessage, as Lambda hands them out."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "receiptHandle": "handle",
                "body": message["MessageBody"],
                "attributes": {"ApproximateReceiveCount": "1"},
                "messageAttributes": {
                    name: {"dataType": "String", "stringValue": value["StringValue"]}
                    for name, value in message.get("MessageAttributes", {}).items()
                },
            }
            for number, message in enumerate(messages)
        ]
    }
