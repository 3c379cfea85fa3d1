"""Connect the demo's shop and its Klaviyo account to a deployed stack, as a merchant would."""

import subprocess
from collections.abc import Callable, Mapping

from samples.invented import SHOP
from tests.local_stack.endpoints import Endpoints
from tests.local_stack.fakes import KLAVIYO_URL, SHOPIFY_URL
from tests.local_stack.places import ROOT

NEXTORDER = ROOT / ".venv" / "bin" / "nextorder"


class CommandFailed(Exception):
    """A `nextorder` command said no; the message is what it said."""


def connect_shop(endpoints: Endpoints, servers: Mapping[str, str]) -> None:
    """
    Hand both platforms' credentials to the stack; nothing is published yet.

    Secrets travel on standard input, never as arguments. A server of somebody's own, in `servers`,
    may not know the shop or the account: then the credentials are kept as they are, and the shop is
    the sample's. Ours know both.

    Raises:
        CommandFailed: A server of ours, or the stack, has said no.
    """
    shop = ("--shop", endpoints.shop_domain)
    shopify = ("connect", "shopify", *shop, "--client-id", endpoints.client_id, "--secret-stdin")
    sample = ("--shop-gid", SHOP["gid"], "--timezone", SHOP["timezone"], "--currency", SHOP["currency"])
    _connect(
        endpoints,
        *(*shopify, "--webhook-url", endpoints.webhook_url),
        secret=endpoints.client_secret,
        unchecked=("--unchecked", *sample) if servers.get(SHOPIFY_URL) else (),
    )
    _connect(
        endpoints,
        *("connect", "klaviyo", *shop, "--key-stdin"),
        secret=endpoints.klaviyo_api_key,
        unchecked=("--unchecked",) if servers.get(KLAVIYO_URL) else (),
    )


def go_live(endpoints: Endpoints) -> None:
    """Let everything out to everyone, without the steps of going live."""
    nextorder(endpoints, "apply", "--all-at-once", "--shop", endpoints.shop_domain)


def _connect(endpoints: Endpoints, *arguments: str, secret: str, unchecked: tuple[str, ...]) -> None:
    try:
        nextorder(endpoints, *arguments, secret=secret)
    except CommandFailed as error:
        if not unchecked:
            raise
        print(f"\n        {error}; connecting it unchecked")
        nextorder(endpoints, *arguments, *unchecked, secret=secret)


def nextorder(
    endpoints: Endpoints, *arguments: str, secret: str = "", tell: Callable[[str], None] = lambda _: None
) -> str:
    """
    Run one command against the local stack; `tell` hears each line as it comes. Return them all.

    How far it is comes on the way, too.

    Raises:
        CommandFailed: Its exit status was not 0.
    """
    process = subprocess.Popen(  # noqa: S603 - our own command
        [NEXTORDER, *arguments],
        env=endpoints.environment() | {"PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    with process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(secret)
        process.stdin.close()
        said = []
        for line in process.stdout:
            said.append(line)
            tell(line.strip())
    if process.returncode != 0:
        raise CommandFailed(f"nextorder {' '.join(arguments[:2])}: {''.join(said).strip()}")
    return "".join(said)
