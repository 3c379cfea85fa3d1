"""A body is a JSON object, or it is buried with the reason."""

import pytest

from nextorder.adapters.shopify.deliveries import payload_of
from nextorder.domain.errors import BadPayload


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b'{"id": \xff}',
        b'{"id": ' + b"9" * 5_000 + b"}",
        b'{"id": ' + b"[" * 100_000 + b"}",
    ],
    ids=["nothing", "cut", "a list", "a number", "no UTF-8", "5,000 digits", "too deep"],
)
def test_a_body_that_cannot_be_read_is_a_bad_payload(raw: bytes) -> None:
    with pytest.raises(BadPayload) as caught:
        payload_of(raw)
    assert "9" not in str(caught.value)


def test_an_object_is_read() -> None:
    assert payload_of(b'{"id": 12345678901234567890}') == {"id": 12345678901234567890}
