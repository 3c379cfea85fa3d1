"""Whatever is wrong is said in one line, with an exit status that says so."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError

from nextorder.cli import show
from nextorder.cli.main import main, parser
from tests.local_stack.bare import BareAws
from tests.local_stack.connect import NEXTORDER
from tests.local_stack.places import client_environment, tool_environment


@pytest.fixture
def no_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which nobody has said anything of AWS."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def other_stack(aws: BareAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A stack that is not ours."""
    for name, value in client_environment(aws.url).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    client = aws.client("cloudformation")
    template = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}'
    client.create_stack(StackName="another", TemplateBody=template)
    yield "another"
    client.delete_stack(StackName="another")


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what was said of it: one line."""
    [line] = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.usefixtures("no_aws")
@pytest.mark.parametrize(
    ("told", "line"),
    [
        ({}, "no AWS region: set AWS_DEFAULT_REGION"),
        (
            {"AWS_DEFAULT_REGION": "eu-west-1"},
            "no AWS credentials (Unable to locate credentials): check AWS_P",
        ),
        ({"AWS_PROFILE": "nobody"}, "no AWS credentials (The config profile (nobody) could not be found)"),
        ({"AWS_DEFAULT_REGION": "nowhere!"}, "no AWS credentials (Provided region_name 'nowhere!'"),
        (
            {"AWS_DEFAULT_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "here"},
            "AWS cannot be reached: Invalid endp",
        ),
    ],
)
def test_what_is_missing_of_aws_is_named(
    told: dict[str, str], line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in told.items():
        monkeypatch.setenv(name, value)

    assert main(["status"]) == 1
    assert said(capsys).startswith(f"nextorder status: {line}")


@pytest.mark.parametrize(
    "arguments", [("--stack", "another", "model", "show"), ("model", "show", "--stack", "another")]
)
def test_a_stack_that_is_not_ours_is_said_to_be_none(
    other_stack: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 1
    line = said(capsys)
    assert line.startswith(
        f"nextorder model show: stack {other_stack} (CREATE_COMPLETE) does not tell its BucketName, "
    )
    assert line.endswith(
        "not Nextorder's, or older than this command: deploy it anew, or name another with --stack"
    )


def test_a_stack_is_named_before_or_after_the_command() -> None:
    for arguments in (["--stack", "mine", "redrive"], ["redrive", "--stack", "mine"]):
        assert parser().parse_args(arguments).stack == "mine"
    assert parser().parse_args(["redrive"]).stack == ""


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (
            ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "Query"),
            "AWS refuses (An error occurred (AccessDeniedException) when calling the Query operation: no): c",
        ),
        (
            ClientError({"Error": {"Code": "ThrottlingException", "Message": "no"}}, "Query"),
            "AWS refuses (An error occurred (ThrottlingException) when calling the Query operation: no): r",
        ),
        (
            ConnectTimeoutError(endpoint_url="https://aws.example.com"),
            "AWS cannot be reached: Connect timeout",
        ),
        (KeyboardInterrupt(), "stopped by you; what was done so far stays"),
    ],
)
def test_what_comes_in_between_is_said_in_one_line(
    failure: BaseException, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> None:
        raise failure

    monkeypatch.setattr(show, "run_show", fail)
    monkeypatch.setattr("nextorder.cli.main.attach_stack", lambda _: None)

    assert main(["show", "7001"]) == (130 if isinstance(failure, KeyboardInterrupt) else 1)
    assert said(capsys).startswith(f"nextorder show: {line}")


def test_who_reads_need_not_read_to_the_end(tmp_path: Path) -> None:
    """`nextorder cost | head -1`: Python itself would complain of a broken pipe."""
    reader, writer = os.pipe()
    os.close(reader)
    complaints = tmp_path / "complaints"
    with complaints.open("wb") as errors, os.fdopen(writer, "wb") as output:
        ended = subprocess.run(  # noqa: S603 - our own command
            [NEXTORDER, "cost", "--customers", "1", "--orders", "1"],
            env=tool_environment(),
            stdout=output,
            stderr=errors,
            check=False,
        )

    assert (ended.returncode, complaints.read_text()) == (1, "")
