"""A local DynamoDB."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.local_stack.bare import bare_aws


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[Any]:
    """A client of one with an empty table."""
    with bare_aws("adapter-tests") as aws:
        yield aws.client("dynamodb")
