"""Start the two platforms' stand-ins, or point at servers of the caller's own."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.fakes.klaviyo.server import ALL_SCOPES
from tests.local_stack.identity import Identity
from tests.local_stack.places import PYTHON, tool_environment
from tests.local_stack.processes import Processes

SHOPIFY_URL: Final = "NEXTORDER_SHOPIFY_URL"
KLAVIYO_URL: Final = "NEXTORDER_KLAVIYO_URL"
"""Name the servers of the caller's own."""


def shopify_url(processes: Processes, identity: Identity, servers: Mapping[str, str]) -> str:
    """Return NEXTORDER_SHOPIFY_URL, else the address of a fake of our own."""
    flags = {
        "--shop": identity.shop_domain,
        "--client-id": identity.client_id,
        "--client-secret": identity.client_secret,
        # a real plan's points would make an import and everyone's first tags last minutes
        "--plan": "boundless",
    }
    return servers.get(SHOPIFY_URL) or _start(processes, "shopify", flags)


def klaviyo_url(processes: Processes, identity: Identity, servers: Mapping[str, str]) -> str:
    """Return NEXTORDER_KLAVIYO_URL, else the address of a fake of our own."""
    flags = {"--api-key": identity.klaviyo_api_key, "--scopes": " ".join(sorted(ALL_SCOPES))}
    # for the same reason: fifteen segments a minute
    return servers.get(KLAVIYO_URL) or _start(processes, "klaviyo", flags, "--boundless")


def _start(processes: Processes, platform: str, flags: dict[str, str], *more: str) -> str:
    """Start `python -m tests.fakes.PLATFORM` and wait for the JSON line that names its url."""
    words = [word for flag in flags.items() for word in flag]
    command: list[str | Path] = [PYTHON, "-m", f"tests.fakes.{platform}", "--port", "0", *words, *more]
    program = processes.start(platform, command, tool_environment(PYTHONUNBUFFERED="1"))
    return str(program.wait_for(program.announcement)["url"])
