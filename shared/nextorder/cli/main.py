"""Read the command line, attach to the stack, run one command."""

import argparse
import sys
from collections.abc import Sequence
from importlib.metadata import version

from nextorder.bootstrap.stack import attach_stack
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
from nextorder.domain.errors import NextorderError

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


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    root = argparse.ArgumentParser(
        prog="nextorder", description="When each customer will probably buy next, and what they are worth."
    )
    root.add_argument("--version", action="version", version=f"%(prog)s {version('nextorder')}")
    root.add_argument("--stack", default="", help="name of the deployed stack (default: $NEXTORDER_STACK)")
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in _COMMANDS:
        module.add_to(commands)
    return root


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; what goes wrong on purpose is said in one line, exit status 1."""
    options = parser().parse_args(arguments)
    try:
        if getattr(options, "needs_stack", True):
            attach_stack(options.stack)
        return int(options.run(options) or 0)
    except NextorderError as error:
        print(f"nextorder {options.command}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
