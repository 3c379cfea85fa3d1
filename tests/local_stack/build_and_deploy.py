"""Build template.yaml for this machine with the SAM CLI and deploy it into the local AWS."""

import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import boto3

from tests.local_stack.places import (
    MINISTACK_PYTHON,
    ROOT,
    SAM,
    client_environment,
    tool_environment,
)
from tests.local_stack.processes import Processes

STACK_NAME = "nextorder"


def build(processes: Processes, template: Path = ROOT / "template.yaml") -> Path:
    """
    Return the built template.

    The layer is built for MiniStack's own interpreter, the one that functions run on:
    its pip, told no platform, takes this machine's. What fits models is lent by the tests' own
    environment, of the same Python: it would be 200 MiB to install and to zip each time.
    """
    version = python_version(MINISTACK_PYTHON)
    folder = processes.folder / "build"
    # NOTE: sam leaves its temporary folders behind; these go with the run's own
    scratch = processes.folder / "tmp-build"
    scratch.mkdir(exist_ok=True)
    _sam(
        processes,
        ["build", "--template-file", template, "--build-dir", folder],
        tool_environment(
            PYV=version,
            PLAT="",
            PIP=f"{MINISTACK_PYTHON} -m pip",
            COMPILER=str(MINISTACK_PYTHON),
            LENT=str(ROOT / ".venv" / "lib" / f"python{version}" / "site-packages"),
            TMPDIR=str(scratch),
        ),
    )
    return folder / "template.yaml"


def deploy(
    processes: Processes, built: Path, aws_endpoint_url: str, parameters: Mapping[str, str]
) -> dict[str, str]:
    """Return the stack's outputs."""
    overrides = [f"{name}={value}" for name, value in parameters.items()]
    _sam(
        processes,
        [
            *("deploy", "--template-file", built, "--stack-name", STACK_NAME),
            *("--config-file", ROOT / "samconfig.toml", "--config-env", "local"),
            *("--parameter-overrides", *overrides),
        ],
        tool_environment(**client_environment(aws_endpoint_url)),
    )
    return stack_outputs(aws_endpoint_url)


def stack_outputs(aws_endpoint_url: str) -> dict[str, str]:
    """Read the outputs of the deployed stack."""
    client = session().client("cloudformation", endpoint_url=aws_endpoint_url)
    stack = client.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


@cache
def session() -> boto3.Session:
    """Return a session that no setting of the user's reaches; it reads botocore's tables once."""
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")


def python_version(interpreter: Path) -> str:
    """Return an interpreter's version as pip wants it, such as 3.11."""
    code = 'import sys; print("%d.%d" % sys.version_info[:2])'
    return subprocess.run(  # noqa: S603
        [interpreter, "-c", code], check=True, capture_output=True, text=True
    ).stdout.strip()


def _sam(processes: Processes, arguments: list[str | Path], environment: Mapping[str, str]) -> None:
    # NOTE: the SAM CLI keeps an installation id; with our own files, not in anyone's home.
    private = {"__SAM_CLI_APP_DIR": str(processes.folder / "sam"), "SAM_CLI_TELEMETRY": "0"}
    processes.run(f"sam-{arguments[0]}", [SAM, *arguments], {**environment, **private})
