"""Run the fake store: `python -m tests.fakes.shopify --port 0 --shop demo.myshopify.com`."""

import argparse
from pathlib import Path

from tests.fakes.shopify.cost import PLANS
from tests.fakes.shopify.server import DEFAULT_CLIENT, DEFAULT_SCOPES, FakeShopify


def main() -> None:
    """Read the command line and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.fakes.shopify", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--shop", default="demo.myshopify.com")
    parser.add_argument("--client-id", default=DEFAULT_CLIENT[0])
    parser.add_argument("--client-secret", default=DEFAULT_CLIENT[1])
    parser.add_argument("--scopes", default=",".join(sorted(DEFAULT_SCOPES)))
    parser.add_argument("--plan", choices=sorted(PLANS), default="standard")
    parser.add_argument("--timezone", default="Europe/London")
    parser.add_argument("--currency", default="GBP")
    parser.add_argument("--log", type=Path, help="one line of JSON a request, without bodies")
    given = vars(parser.parse_args())
    FakeShopify(**given | {"scopes": frozenset(given["scopes"].split(","))}).serve()


if __name__ == "__main__":
    main()
