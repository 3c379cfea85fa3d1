"""A local DynamoDB."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from tests.local_stack.bare import bare_aws


@pytest.fixture(scope="session")
def dynamodb() -> Iterator[Any]:
    """A client of one with an empty table."""
    with bare_aws("adapter-tests") as aws:
        yield aws.client("dynamodb")


@pytest.fixture
def shop() -> str:
    """A shop of the test's own: the table is everyone's."""
    return f"{uuid4().hex}.myshopify.com"
