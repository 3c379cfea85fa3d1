"""Read the command line, attach to the stack, run one command."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from nextorder.bootstrap.stack import DEFAULT_STACK, attach_stack, in_words
from nextorder.cli import (
    acquisition,
    audience,
    audit,
    backtest,
    calendar,
    catalogue,
    connect,
    costs,
    data_request,
    fit,
    forget,
    going_live,
    history,
    init,
    klaviyo,
    leave,
    leftovers,
    letters,
    model,
    overstock,
    publishing,
    replay,
    report,
    rfm_groups,
    running_cost,
    score,
    settings,
    show,
    status,
    train,
    why,
)
from nextorder.cli.progress import fresh_line
from nextorder.domain.errors import NextorderError

EXIT_STATUSES: Final = (
    "Exit status: 0 done; 1 not done, or something needs you: the last lines say what; "
    "2 the command was not understood; 130 stopped by Ctrl-C."
)
_NOT_DONE: Final = 1
_STOPPED: Final = 130
_COMMANDS = (
    connect,
    costs,
    audit,
    backtest,
    report,
    init,
    settings,
    history,
    calendar,
    fit,
    train,
    model,
    catalogue,
    overstock,
    acquisition,
    audience,
    going_live,
    publishing,
    klaviyo,
    rfm_groups,
    show,
    why,
    status,
    letters,
    data_request,
    forget,
    leave,
    leftovers,
    score,
    replay,
    running_cost,
)


class _Described(argparse._SubParsersAction):  # type: ignore[type-arg]  # noqa: SLF001 - argparse has no public name
    """Commands whose own help begins with what the list of commands says of them."""

    def add_parser(self, name: str, **options: Any) -> Any:
        """Add one; its help is its description, too."""
        said = str(options.get("help", ""))
        return super().add_parser(name, description=f"{said[:1].upper()}{said[1:]}.", **options)


class _Parser(argparse.ArgumentParser):
    """As argparse's, and so are those of its commands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.register("action", "parsers", _Described)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = _Parser(
        prog="nextorder",
        description="When each customer will probably buy next, and what they are worth.",
        epilog=EXIT_STATUSES,
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {version('nextorder')}")
    root.add_argument(
        "--stack",
        default="",
        help=f"name of the deployed stack (default: $NEXTORDER_STACK, else {DEFAULT_STACK})",
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _COMMANDS:
        module.add_to(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """
    Run one command; what is wrong outside of it is said in one line, with what to do.

    Returns:
        The exit status, as EXIT_STATUSES has them.
    """
    options = parser().parse_args(arguments)
    try:
        return _run(options)
    except NextorderError as error:
        said = str(error)
    except (BotoCoreError, ClientError) as error:
        said = in_words(error)
    except BrokenPipeError:
        # who reads has read enough, and Python would complain when it closes the stream
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _NOT_DONE
    except OSError as error:
        said = (
            f"{error.filename} cannot be read or written: {error.strerror}" if error.filename else str(error)
        )
    except KeyboardInterrupt:
        said = "stopped by you; what was done so far stays, and the same command may be run again"
        print(f"{fresh_line()}nextorder {_name(options)}: {said}", file=sys.stderr)
        return _STOPPED
    print(f"{fresh_line()}nextorder {_name(options)}: {said}", file=sys.stderr)
    return _NOT_DONE


def _run(options: argparse.Namespace) -> int:
    if getattr(options, "needs_stack", True):
        attach_stack(options.stack)
    exit_status = int(options.run(options) or 0)
    sys.stdout.flush()
    return exit_status


def _name(options: argparse.Namespace) -> str:
    """Return a command with what it is about: `connect shopify`, `catalogue check`."""
    words = (options.command, getattr(options, "target", ""), getattr(options, "action", ""))
    return " ".join(filter(None, words))


if __name__ == "__main__":
    sys.exit(main())
