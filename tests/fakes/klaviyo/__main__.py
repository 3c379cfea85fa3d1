"""Run the fake account: `python -m tests.fakes.klaviyo --port 0 --api-key pk_demo`."""

import argparse
from pathlib import Path

from tests.fakes.klaviyo.server import DEFAULT_SCOPES, FakeKlaviyo


def main() -> None:
    """Read the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.klaviyo", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--api-key", default="pk_demo")
    parser.add_argument("--scopes", default=" ".join(sorted(DEFAULT_SCOPES)))
    parser.add_argument("--job-seconds", type=float, default=0.2, help="how long an import job takes")
    parser.add_argument("--boundless", action="store_true", help="no limit of requests holds")
    parser.add_argument("--log", type=Path, help="one line of JSON a request, without queries and bodies")
    given = vars(parser.parse_args())
    FakeKlaviyo(**given | {"scopes": frozenset(given["scopes"].split())}).serve()


if __name__ == "__main__":
    main()
