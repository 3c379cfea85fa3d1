"""Why a stack cannot be read: it is not there, or AWS does not know who asks."""

import pytest
from botocore.exceptions import ClientError

from nextorder.bootstrap.stack import attach_stack, unreadable
from nextorder.domain.errors import BadSettings
from tests.local_stack.places import client_environment


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "DescribeStacks")


def test_a_stack_that_is_not_there_is_to_be_named_or_deployed() -> None:
    assert unreadable("mine", refused("ValidationError")) == (
        "there is no stack mine here: name another with --stack, or deploy it first"
    )


@pytest.mark.parametrize("code", ["InvalidClientTokenId", "ExpiredToken", "AccessDenied"])
def test_keys_that_aws_does_not_take_are_named_and_no_other_stack(code: str) -> None:
    said = unreadable("mine", refused(code))
    assert code in said
    assert "AWS_SECRET_ACCESS_KEY" in said
    assert "deploy" not in said


def test_an_aws_of_this_machine_that_does_not_answer_may_not_be_up(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in client_environment("http://127.0.0.1:1").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    with pytest.raises(BadSettings, match="is `make up` running"):
        attach_stack()
