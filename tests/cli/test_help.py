"""Every command can say what it takes."""

import argparse
from collections.abc import Iterator

import pytest

from nextorder.cli.main import parser


def parsers(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield of
    for action in of._actions:  # noqa: SLF001 - argparse has no other way to its commands
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                yield from parsers(command)


@pytest.mark.parametrize("command", list(parsers(parser())), ids=lambda one: one.prog)
def test_help_can_be_printed(command: argparse.ArgumentParser) -> None:
    assert command.prog in command.format_help()
