"""Every command can say what it takes."""

import argparse
import tomllib
from collections.abc import Iterator

import pytest

from nextorder.cli.main import parser
from tests.local_stack.places import ROOT


def parsers(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield of
    for action in of._actions:  # noqa: SLF001 - argparse has no other way to its commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from parsers(command)


@pytest.mark.parametrize("command", list(parsers(parser())), ids=lambda one: one.prog)
def test_help_can_be_printed(command: argparse.ArgumentParser) -> None:
    assert command.prog in command.format_help()


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parser().parse_args(["--version"])

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert end.value.code == 0
    assert capsys.readouterr().out == f"nextorder {project['version']}\n"


def test_a_step_that_there_is_not_is_answered_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["apply", "--back-to", "nonsense"])

    assert "choose from 'properties', 'segments', 'tags', 'events'" in capsys.readouterr().err
