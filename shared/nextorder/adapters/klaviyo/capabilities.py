"""What Klaviyo can do, as the core reads it."""

from typing import Final

from nextorder.adapters.klaviyo import bodies
from nextorder.adapters.klaviyo.profiles import PAGE
from nextorder.domain.capabilities import Capabilities, Clears, Identifier

NAME: Final = "klaviyo"
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL, Identifier.PHONE),
    most_rows=bodies.MOST_PROFILES_PER_JOB,
    most_bytes=bodies.MOST_BYTES_OF_ROWS,
    clears=Clears.UNSET,
    tells_events=True,
    repeats_events_safely=True,
    answers_later=True,
    quiet_backfill="no event is told; joining a list starts its flows: switch those on afterwards",
    deletes_people=True,
    # NOTE: Klaviyo's flows do mail who never subscribed: a profile that is not suppressed is an active one.
    # https://help.klaviyo.com/hc/en-us/articles/115005246968
    without_consent="has properties, and is on no list and told no event without consent on some channel; "
    "every event carries each channel's, our drafts ask for consent to e-mail, and flows of your own should",
    most_asked=PAGE,
    person="profile",
    audience="list",
)
