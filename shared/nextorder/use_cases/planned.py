"""What is to be sent of one customer, and what its outcomes leave at the destination."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from nextorder.domain import diff
from nextorder.domain.caps import Choice
from nextorder.domain.changes import ACCESS_DENIED, PERSON_MISSING, Accepted, Change, Desired
from nextorder.domain.errors import AccessDenied, NeedsHuman, OutcomeUnknown, Refused
from nextorder.domain.verdict import State
from nextorder.ports import Delivered, Outcome

NOTICED_WITHIN: Final = timedelta(minutes=1)
"""That functions remember a shop: what came so soon after a pause was still taken for paused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What is to be sent of one customer; without a state all of ours is taken away."""

    customer: str
    version: int
    """Of the state that was read, shown or not; 0 = there was none."""
    state: State | None
    """What is to be shown."""
    held: Accepted | None
    """What is recorded as accepted."""
    before: Accepted | None
    """What could be there; more than `held` after a try that may have died half-way."""
    desired: Desired
    change: Change
    choice: Choice
    as_of: datetime
    resumed_at: datetime | None = None
    """When the shop's latest pause ended."""
    live_since: datetime | None = None
    """When the destination came as far as it is; None = before that was noted."""
    has_queue: bool = True
    """Whether the stream reaches the destination."""
    under_way: Accepted | None = None
    """What another process recorded of it as intended, where it is under way already."""

    @property
    def idle(self) -> bool:
        """Whether there is nothing to send, or its permanent no has been said to this very state."""
        return self.change.empty or self._refused_already

    @property
    def waits_for_its_event(self) -> bool:
        """Whether the stream has this change under way, and an event with it."""
        return self._is_news and not self._was_held

    @property
    def in_bulk(self) -> "Publication":
        """Return what is sent of it among many: no event but what a pause has held."""
        if self._is_news and self._was_held:
            return self
        return self.without_events

    @property
    def without_events(self) -> "Publication":
        """Return the same with nothing told; what is never told stays so."""
        return replace(self, change=replace(self.change, events=()), choice=replace(self.choice, told=()))

    @property
    def noted(self) -> Accepted | None:
        """What to record where nothing is to be sent; None when that is recorded already."""
        if self.held is None or self.state is None or self._refused_already:
            return None
        held = replace(self.held, refused="", refused_version=0) if self.held.is_denied else self.held
        if was_shown(held) and (self.desired.subjects != held.subjects or self.choice.dropped):
            return diff.noted(self.desired, self.choice, held, self.as_of)
        return held if self.held.is_denied else None

    @property
    def intended(self) -> Accepted:
        """What is recorded while it is under way among many."""
        return self.under_way or diff.unsure_after(self.change, self.before, self.as_of)

    @property
    def announced(self) -> Accepted | None:
        """What is recorded while it is under way."""
        if not self.change.events:
            return self.held
        return diff.announced(self.change.events, self.held or Accepted(), self.as_of)

    def is_lost(self, outcome: Outcome) -> bool:
        """Whether the person is not where they were: profiles merge and vanish, and are looked for afresh."""
        was_known = self.before is not None and bool(self.before.remote_id)
        return was_known and isinstance(outcome, Refused) and outcome.code in PERSON_MISSING

    def after(self, outcome: Outcome) -> Accepted | None:
        """Return what the destination has now; None when nothing of ours is left there."""
        match outcome:
            case Delivered():
                return self._sent(outcome)
            case Refused():
                lost = replace(self.before or Accepted(), remote_id="", unsure=True)
                return lost if self.is_lost(outcome) else self._refused(outcome.code)
            case AccessDenied() if self.state:
                return self._denied(self.state, is_partly=outcome.partly)
            case OutcomeUnknown():
                unsure = diff.unsure_after(self.change, self.before, self.as_of)
                return replace(unsure, remote_id=outcome.remote_id or unsure.remote_id)
            case NeedsHuman() if outcome.partly:
                return diff.unsure_after(self.change, self.before, self.as_of)
        return self.held

    @property
    def _is_news(self) -> bool:
        """Whether the stream has word of the events; of the never shown since the destination is live."""
        if not (self.has_queue and self.change.events and self.state) or self.state.run:
            return False
        if was_shown(self.held):
            return True
        return self.live_since is not None and all(event.at > self.live_since for event in self.change.events)

    @property
    def _was_held(self) -> bool:
        """Whether the stream's word of the events came during a pause, and went unheard."""
        if self.resumed_at is None:
            return False
        return all(event.at <= self.resumed_at + NOTICED_WITHIN for event in self.change.events)

    @property
    def _refused_already(self) -> bool:
        if self.held is None or self.state is None or not self.held.refused or self.held.is_denied:
            return False
        return self.held.refused_version == self.state.version

    def _sent(self, delivered: Delivered) -> Accepted | None:
        if self.state is None:
            return None
        after = diff.accepted_after(self.desired, self.choice, self.before, self.as_of)
        return replace(
            after,
            version=self.state.version,
            remote_id=delivered.remote_id or after.remote_id,
            absorbed=self.state.verdict.absorbed,
        )

    def _refused(self, code: str) -> Accepted | None:
        """A refusal may be of one part only, so the rest is unsure."""
        if code not in PERSON_MISSING:
            part = diff.unsure_after(self.change, self.before, self.as_of)
        elif self.state is None:
            return None
        else:
            part = replace(self.before or Accepted(), remote_id="", unsure=True)
        return replace(part, refused=code, refused_version=self.state.version if self.state else 0)

    def _denied(self, state: State, *, is_partly: bool) -> Accepted:
        """Nothing was taken: what could be there before is there still, and nothing counts as told."""
        part = diff.unsure_after(self.change, self.before, self.as_of) if is_partly else self.before
        return replace(part or Accepted(), refused=ACCESS_DENIED, refused_version=state.version)


def was_shown(held: Accepted | None) -> bool:
    """Whether a destination ever showed the customer."""
    return held is not None and held.version > 0
