"""The stack's log, read for the shops that it tells of."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Final

from nextorder.adapters.batch import FAILED, REFUSED

_PATTERN: Final = '{{ $.shop = "*" && $.message = "{says}" }}'


class LogLines:
    """
    One log group, which all functions of a stack share.

    NOTE: FilterLogEvents costs nothing; a page may be empty while there are more.
    """

    def __init__(self, client: Any, group: str, *, has_time: Callable[[], bool]) -> None:
        self._client = client
        self._group = group
        self._has_time = has_time

    def shops(self, function: str, since: datetime) -> Iterator[str]:
        """
        Yield whose work failed, once a line; without a function, whose keys were refused.

        The function goes by its name in the template, which CloudFormation puts into its own.
        """
        says = FAILED if function else REFUSED
        pages = self._client.get_paginator("filter_log_events").paginate(
            logGroupName=self._group,
            startTime=int(since.timestamp() * 1000),
            filterPattern=_PATTERN.format(says=says),
        )
        for page in pages:
            for found in page["events"]:
                line = _parsed(found["message"])
                # NOTE: a local stack matches every line, whatever the pattern asks for
                if line.get("message") == says and _is_of(line, function):
                    yield "" if line["shop"] == "-" else line["shop"]
            if not self._has_time():
                return


def _is_of(line: dict[str, Any], function: str) -> bool:
    return not function or f"-{function}-" in line["function_name"]


def _parsed(message: str) -> dict[str, Any]:
    try:
        line = json.loads(message)
    except ValueError:
        return {}
    return line if isinstance(line, dict) else {}
