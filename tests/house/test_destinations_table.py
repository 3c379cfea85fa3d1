"""The table of docs/destinations.md says what the code says of each destination."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from nextorder.adapters.audience_files.formats import FORMATS, MANY
from nextorder.adapters.klaviyo.capabilities import CAPABILITIES as KLAVIYO
from nextorder.adapters.shopify.destination import CAPABILITIES as SHOPIFY
from nextorder.bootstrap.destinations import OTHERS, folder
from nextorder.domain.capabilities import Capabilities

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "destinations.md"
HEADINGS: Final = (
    *("Destination", "Finds people by", "Makes people", "Clears values by", "At once, at most", "Events"),
    *("An event twice is one", "Many as a job", "Automations at a first publication"),
    *("Can delete people", "Hashes", "Consent needed", "Who has not agreed"),
)


def capabilities() -> Mapping[str, Capabilities]:
    others = {name: folder(name).CAPABILITIES for name in OTHERS}
    files = {f"audience --for {name}": one.capabilities for name, one in FORMATS.items()}
    return {"shopify": SHOPIFY, "klaviyo": KLAVIYO, **others, **files}


def yes(answer: bool) -> str:  # noqa: FBT001 - it is the subject
    return "yes" if answer else "no"


def cells(name: str, can: Capabilities) -> Iterator[str]:
    yield f"`{name}`"
    yield ", ".join(can.identifiers)
    yield yes(can.creates_people)
    yield can.clears
    rows = "any number" if can.most_rows >= MANY else f"{can.most_rows:,}"
    yield rows + (f", {can.most_bytes:,} bytes" if can.most_bytes else "")
    yield yes(can.tells_events)
    yield yes(can.repeats_events_safely) if can.tells_events else ""
    yield yes(can.answers_later)
    yield can.quiet_backfill or "start at once"
    yield yes(can.deletes_people)
    yield yes(can.hashes)
    yield can.consent or "none"
    yield can.without_consent


def table() -> list[str]:
    rows = [HEADINGS, ("---",) * len(HEADINGS), *(tuple(cells(*one)) for one in capabilities().items())]
    return [f"| {' | '.join(row)} |" for row in rows]


def test_the_table_of_destinations_is_what_the_code_says() -> None:
    assert [line for line in PAGE.read_text().splitlines() if line.startswith("|")] == table()


def test_the_stack_takes_the_names_of_further_destinations_and_no_others() -> None:
    """A typo would deploy, and nothing would ever be sent."""
    [pattern] = re.findall(r"AllowedPattern: (\^\(\(activecampaign.*)", (ROOT / "template.yaml").read_text())

    for good in ("", *OTHERS, ",".join(OTHERS)):
        assert re.fullmatch(pattern, good)
    for wrong in ("mailchimp,hubspto", "mailchimp,", "mailchimphubspot", "Mailchimp", "klaviyo"):
        assert not re.fullmatch(pattern, wrong)
