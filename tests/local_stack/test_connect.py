"""What a platform's server does not know is connected unchecked only where it is none of ours."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.local_stack import connect as module
from tests.local_stack.connect import CommandFailed, connect_shop, nextorder
from tests.local_stack.endpoints import Endpoints

STACK = Endpoints(
    webhook_url="http://127.0.0.1:9/hook",
    shop_domain="demo.myshopify.com",
    client_id="demo-client",
    client_secret="demo-secret",
    klaviyo_api_key="pk_demo",
    shopify_url="http://127.0.0.1:9",
    klaviyo_url="http://127.0.0.1:9",
    aws_endpoint_url="http://127.0.0.1:9",
    table_name="table",
    stack_name="stack",
)
OTHERS = {"NEXTORDER_SHOPIFY_URL": "http://127.0.0.1:8", "NEXTORDER_KLAVIYO_URL": "http://127.0.0.1:8"}


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in for the command, which takes keys unchecked only; what was asked of it, line by line."""
    asked, command = tmp_path / "asked", tmp_path / "nextorder"
    lines = ["#!/bin/sh", "cat > /dev/null", f'echo "$*" >> {asked}', 'case "$*" in *--unchecked*) ;;']
    command.write_text("\n".join([*lines, "*) exit 1;; esac"]))
    command.chmod(0o755)
    monkeypatch.setattr(module, "NEXTORDER", command)
    return asked


@pytest.mark.parametrize("servers", [{}, dict.fromkeys(OTHERS, ""), {"NEXTORDER_KLAVIYO_URL": "http://x"}])
def test_what_one_of_our_servers_refuses_ends_the_start(said: Path, servers: Mapping[str, str]) -> None:
    with pytest.raises(CommandFailed, match="connect shopify"):
        connect_shop(STACK, servers)

    assert "--unchecked" not in said.read_text()


def test_a_server_of_somebodys_own_need_not_know_the_shop(said: Path) -> None:
    connect_shop(STACK, OTHERS)

    asked = said.read_text().splitlines()
    assert ["--unchecked" in line for line in asked] == [False, True, False, True]
    assert "--timezone" in asked[1]
    assert "--timezone" not in asked[3]


def test_how_far_a_command_is_is_heard_as_it_comes_and_with_its_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, heard = tmp_path / "nextorder", list[str]()
    command.write_text("#!/bin/sh\necho '  read   1' >&2\necho wrote\necho 'nextorder fit: no' >&2\nexit 1\n")
    command.chmod(0o755)
    monkeypatch.setattr(module, "NEXTORDER", command)

    with pytest.raises(CommandFailed, match="nextorder fit: no"):
        nextorder(STACK, "fit", tell=heard.append)

    assert heard == ["read   1", "wrote", "nextorder fit: no"]
