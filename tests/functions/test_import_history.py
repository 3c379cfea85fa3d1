"""import_history in the stack: a store that is imported is the store that its webhooks make."""

from collections.abc import Callable
from typing import Any

from tests.system.cloud import Cloud

Event = Callable[[str], Any]


def test_a_step_of_an_import_that_nobody_asked_for_changes_nothing(cloud: Cloud, event: Event) -> None:
    reply = cloud.client("lambda").invoke(
        FunctionName=cloud.function("ImportHistory"), Payload=repr(event("import_history")).replace("'", '"')
    )

    assert "FunctionError" in reply
    assert "another import" in reply["Payload"].read().decode()
    assert not cloud.objects("imports/")
