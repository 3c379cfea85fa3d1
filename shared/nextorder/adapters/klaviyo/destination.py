"""Klaviyo as a destination: properties on profiles that exist, and events of theirs."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from nextorder.adapters.asking import health, unless_missing
from nextorder.adapters.klaviyo import bodies, projection
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient
from nextorder.adapters.klaviyo.import_job import NAME, ImportJobs
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.adapters.patience import Patience
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import PROFILE_MISSING, BulkJob, Change, Desired, Handed, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.domain.health import Health
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered, Outcome

FEW = 20
"""Up to so many profiles are quicker one by one than as an import job."""
MOST_ALONE: Final = 1_000
"""Profiles that are cleared of something in one batch: a call each, at three to ten a second."""
PATIENCE_SECONDS = 300.0
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.REMOTE_ID, Identifier.EMAIL, Identifier.PHONE),
    most_rows=bodies.MOST_PROFILES_PER_JOB,
    most_bytes=bodies.MOST_BYTES_OF_ROWS,
    clears=Clears.UNSET,
    tells_events=True,
    repeats_events_safely=True,
    answers_later=True,
    quiet_backfill="no event is told",
)


class KlaviyoDestination:
    """
    ports.Destination; never creates a profile, never touches consent.

    Args:
        client: Calls the API.
        catalogue: Which segments a shop shows.
        imports: Runs import jobs; without it many go one by one, too.
        sleep: Waits in `deliver_many` for limits and import jobs.
        patience_seconds: The longest that one `deliver_many` waits in total.
    """

    name: Final = NAME
    riders: Final = projection.RIDERS
    capabilities: Final = CAPABILITIES

    def __init__(
        self,
        client: KlaviyoClient,
        catalogue: Callable[[Shop], Catalogue],
        *,
        imports: ImportJobs | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._imports = imports
        self._sleep = sleep
        self._patience_seconds = patience_seconds

    def check(self, shop: Shop) -> Health:
        """Ask whose account the key opens."""
        return health(self.name, lambda: self._account(shop))

    def everything(self, shop: Shop) -> Desired:  # noqa: ARG002 - the port's
        """Return all properties that could ever be ours."""
        return projection.everything()

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        """Return what the profile should show."""
        return projection.project(shop, verdict, self._catalogue(shop))

    def weigh(self, shop: Shop, change: Change) -> int:
        """Return the bytes of a row in an import job; of what goes by a call its share of a batch's time."""
        row = bodies.row_bytes(projection.named(shop, change))
        return row if _fits_a_job(change) else max(row, bodies.MOST_BYTES_OF_ROWS // MOST_ALONE)

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Update the profile, and only then tell its events: a flow reads the properties.

        Raises:
            Refused: "profile-missing", or Klaviyo's own code.
        """
        change = projection.named(shop, change)
        profile = find_profiles(self._client, shop.id, [change.person]).get(change.person.customer)
        if profile is None:
            raise Refused(PROFILE_MISSING)
        try:
            if change.set or change.unset:
                self._update(shop, change, profile)
            for event in change.events:
                told = projection.told(shop, change.person.customer, event)
                self._tell(shop, bodies.event(told, profile))
        except OutcomeUnknown as failure:
            raise _at_profile(failure, profile) from None
        return Delivered(remote_id=profile)

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """
        Send many: an import job for what is only set, and while it runs single calls for the rest.

        What could not be sent in time is a RetryLater, what may have been sent an OutcomeUnknown,
        and UnderWay what is in a job that Klaviyo has not done.
        """
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        people = [change.person for change in changes]
        try:
            profiles = patience.ask(partial(find_profiles, self._client, shop.id, people))
        except (RetryLater, NeedsHuman, Refused) as failure:
            return [failure] * len(changes)

        there = [replace(c, person=_at(c.person, profiles)) for c in changes if c.person.customer in profiles]
        outcomes = self._deliver_together(shop, there, patience)
        return [outcomes.get(person.customer, Refused(PROFILE_MISSING)) for person in people]

    def take_up(self, shop: Shop) -> Sequence[tuple[Handed, Outcome]]:
        """Return what became of the import job that was left under way."""
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        return self._imports.take_up(shop, patience) if self._imports else ()

    def settled(self, shop: Shop) -> None:
        """Let the import job go."""
        if self._imports:
            self._imports.settled(shop)

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:  # noqa: ARG002 - the port's
        """Unset our properties; the profile, which is the merchant's, stays."""
        change = removal(person, self.everything(shop))
        unless_missing(lambda: self.deliver(shop, change))

    def _account(self, shop: Shop) -> str:
        [account] = self._client.call(shop.id, "GET", "/api/accounts")["data"]
        return str(account["id"])

    def _deliver_together(
        self, shop: Shop, there: Sequence[Change], patience: Patience
    ) -> Mapping[str, Outcome]:
        fit = [change for change in there if _fits_a_job(change)]
        if self._imports is None or len(fit) <= FEW:
            return {one.person.customer: self._deliver_alone(shop, one, patience) for one in there}
        rest = [change for change in there if not _fits_a_job(change)]
        job: BulkJob | Exception
        try:
            job = self._imports.begin(shop, [projection.named(shop, change) for change in fit], patience)
        except (RetryLater, NeedsHuman, Refused) as failure:
            job = failure
        outcomes = {one.person.customer: self._deliver_alone(shop, one, patience) for one in rest}
        if isinstance(job, Exception):
            return outcomes | {one.person.customer: _of(job, one.person) for one in fit}
        became = self._imports.outcomes(shop, job, patience)
        return outcomes | {row.customer: one for row, one in zip(job.rows, became, strict=True)}

    def _deliver_alone(self, shop: Shop, change: Change, patience: Patience) -> Outcome:
        try:
            return patience.ask(lambda: self.deliver(shop, change))
        except (RetryLater, NeedsHuman, Refused) as failure:
            return failure

    def _update(self, shop: Shop, change: Change, profile: str) -> None:
        """PATCH updates or fails; the upserts of the same API would create."""
        path = f"/api/profiles/{quote(profile, safe='')}"
        try:
            self._client.call(shop.id, "PATCH", path, body=bodies.update(change, profile))
        except Refused as refusal:
            if refusal.code == NOT_FOUND:
                raise Refused(PROFILE_MISSING) from None
            raise

    def _tell(self, shop: Shop, event: bytes) -> None:
        """The profile is written already: a delay now is an outcome that is half known."""
        try:
            self._client.call(shop.id, "POST", "/api/events", body=event)
        except RetryLater as busy:
            raise OutcomeUnknown(str(busy), seconds=busy.seconds) from None


def _fits_a_job(change: Change) -> bool:
    # NOTE: an import job ignores null, and that it honours unset is nowhere said.
    return not (change.unset or change.events)


def _of(failure: Exception, person: Person) -> Exception:
    return _at_profile(failure, person.remote_id) if isinstance(failure, OutcomeUnknown) else failure


def _at(person: Person, profiles: Mapping[str, str]) -> Person:
    return replace(person, remote_id=profiles[person.customer])


def _at_profile(failure: OutcomeUnknown, profile: str) -> OutcomeUnknown:
    return OutcomeUnknown(str(failure), seconds=failure.seconds, remote_id=profile)
