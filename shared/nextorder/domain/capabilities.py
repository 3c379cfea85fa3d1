"""What a destination can do, as data: the core reads it, and nobody asks for a destination by name."""

from dataclasses import dataclass
from enum import StrEnum


class Identifier(StrEnum):
    """What a destination can find a person by."""

    REMOTE_ID = "remote_id"
    """Its own id, which it told us."""
    CUSTOMER = "customer"
    """The shop's id of the customer."""
    EMAIL = "email"
    PHONE = "phone"


class Clears(StrEnum):
    """How a destination takes a value away."""

    UNSET = "unset"
    """The name is gone, too."""
    NULL = "null"
    EMPTY = "empty"
    NEVER = "never"
    """What was once told stays."""


class Needs(StrEnum):
    """Which consent a person must have given to be shown at all."""

    NOTHING = ""
    EMAIL = "email"
    SMS = "sms"
    ADS = "ads"
    """Read as consent to e-mail marketing: Shopify knows no other that would cover it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """One destination's, the same for every shop."""

    identifiers: tuple[Identifier, ...]
    """In order of preference."""
    most_rows: int
    """How many changes `deliver_many` takes at once."""
    job_from: int = 0
    """Of fewer there is no job: they go in turn, `most_in_turn` at once, so that a pause is soon heeded."""
    most_in_turn: int = 0
    """What takes less than a minute at our share of the limits."""
    most_bytes: int | None = None
    """How much they may weigh together, by the destination's own `weigh`; None = no bound."""
    calls_per_second: float | None = None
    """What one account may be asked, by all workers together; None = the adapter keeps to it itself."""
    clears: Clears = Clears.UNSET
    creates_people: bool = False
    """Whether telling of somebody unknown makes a person there."""
    tells_events: bool = False
    repeats_events_safely: bool = False
    """Whether an event that is sent twice under one id is one event."""
    answers_later: bool = False
    """Whether many go as a job that is asked for with `take_up`."""
    quiet_backfill: str = ""
    """How automations are kept still while many are shown for the first time; empty = they are not."""
    deletes_people: bool = False
    """Whether `forget` can delete the whole person."""
    hashes: bool = False
    """Whether it is told hashes of contacts and never the contacts."""
    consent: Needs = Needs.NOTHING
    without_consent: str = "is not shown there"
    """What becomes of who has not agreed to a channel: nothing may start a message to them."""
    most_asked: int = 0
    """How many people one question may name, whether they are there; 0 = it cannot be asked."""
    person: str = "customer"
    """What the destination itself calls one."""
    audience: str = "tag"
    """What a segment of ours is there."""

    @property
    def finds_by_contact(self) -> bool:
        """Whether it has to be told e-mail or phone of whoever it has not named to us."""
        return Identifier.EMAIL in self.identifiers or Identifier.PHONE in self.identifiers

    @property
    def needs_contact_always(self) -> bool:
        """Whether it has no id of its own that would do without."""
        return self.finds_by_contact and not {Identifier.REMOTE_ID, Identifier.CUSTOMER} & {*self.identifiers}
