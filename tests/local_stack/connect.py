"""Connect the demo's shop and its Klaviyo account to a deployed stack, as a merchant would."""

import subprocess

from tests.local_stack.endpoints import Endpoints
from tests.local_stack.places import ROOT

NEXTORDER = ROOT / ".venv" / "bin" / "nextorder"


class CommandFailed(Exception):
    """A `nextorder` command said no; the message is what it said."""


def connect_shop(endpoints: Endpoints) -> None:
    """Hand both platforms' credentials to the stack; they travel on standard input, never as arguments."""
    nextorder(
        endpoints,
        *("connect", "shopify", "--shop", endpoints.shop_domain, "--client-id", endpoints.client_id),
        "--secret-stdin",
        secret=endpoints.client_secret,
    )
    nextorder(endpoints, "connect", "klaviyo", "--key-stdin", secret=endpoints.klaviyo_api_key)


def nextorder(endpoints: Endpoints, *arguments: str, secret: str = "") -> str:
    """
    Run one command against the local stack and return what it printed.

    Raises:
        CommandFailed: Its exit status was not 0.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [NEXTORDER, *arguments],
        input=secret,
        env=endpoints.environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CommandFailed(
            f"nextorder {' '.join(arguments[:2])}: {done.stderr.strip() or done.stdout.strip()}"
        )
    return done.stdout
