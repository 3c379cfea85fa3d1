"""Every command can say what it takes."""

import argparse
import re
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


@pytest.mark.parametrize("command", list(parsers(parser())), ids=lambda one: one.prog)
def test_a_commands_help_says_what_it_does_and_what_each_word_of_it_means(
    command: argparse.ArgumentParser,
) -> None:
    assert re.match(r"[A-Z`].*\.$", command.description or "")
    for action in command._actions:  # noqa: SLF001
        is_list = isinstance(action, argparse._SubParsersAction)  # noqa: SLF001
        assert action.help or is_list, f"{command.prog}: {action.option_strings or action.dest}"


@pytest.mark.parametrize("option", ["--as-of", "--file", "--out", "--orders", "--rejects", "--set"])
def test_the_value_of_an_option_has_the_same_name_everywhere(option: str) -> None:
    """A placeholder tells a file from a folder and a moment, not the option's own name once more."""
    names = {
        str(action.metavar)
        for command in parsers(parser())
        for action in command._actions  # noqa: SLF001
        if option in action.option_strings
    }

    assert names <= {"MOMENT", "COUNT", "FILE", "FILE.csv", "FILE.toml", "FOLDER", "NAME=VALUE"}


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
