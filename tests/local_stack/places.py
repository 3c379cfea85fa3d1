"""Where things are, and the environments in which the programs run."""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
ENDPOINTS = LOCAL / "endpoints.json"
SHELL = LOCAL / "env"
PYTHON = ROOT / ".venv" / "bin" / "python"
SAM = ROOT / ".tools" / "sam" / "bin" / "sam"
MINISTACK = ROOT / ".tools" / "ministack" / "bin" / "ministack"
MINISTACK_PYTHON = ROOT / ".tools" / "ministack" / "bin" / "python"

REGION = "us-east-1"
NO_PROXY = "127.0.0.1,localhost"


def tool_environment(**more: str) -> dict[str, str]:
    """Return our own environment without anyone's AWS account in it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return inherited | {"NO_PROXY": NO_PROXY, "no_proxy": NO_PROXY, "PYTHONDONTWRITEBYTECODE": "1"} | more


def client_environment(aws_endpoint_url: str) -> dict[str, str]:
    """Return the variables that point any AWS client at the local stack, whatever the user's home says."""
    return {
        "AWS_ENDPOINT_URL": aws_endpoint_url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }


def bare_environment(**more: str) -> dict[str, str]:
    """
    Return hardly anything of ours, in UTC.

    NOTE: MiniStack's own environment is seen by the functions in it, unlike on AWS.
    """
    kept: Mapping[str, str | None] = {
        name: os.environ.get(name) for name in ("PATH", "HOME", "LANG", "LC_ALL")
    }
    inherited = {name: value for name, value in kept.items() if value is not None}
    return (
        inherited
        | {"TZ": "UTC", "NO_PROXY": NO_PROXY, "no_proxy": NO_PROXY, "PYTHONDONTWRITEBYTECODE": "1"}
        | more
    )
