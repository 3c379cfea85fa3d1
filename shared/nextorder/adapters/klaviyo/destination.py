"""Klaviyo as a destination: properties, lists and events of profiles that exist."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import quote

from nextorder.adapters.asking import health, unless_missing
from nextorder.adapters.klaviyo import bodies, projection
from nextorder.adapters.klaviyo.capabilities import CAPABILITIES, NAME
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient
from nextorder.adapters.klaviyo.import_job import ImportJobs
from nextorder.adapters.klaviyo.lists import Lists
from nextorder.adapters.klaviyo.profiles import find_profiles
from nextorder.adapters.many import one_by_one
from nextorder.adapters.patience import Patience
from nextorder.adapters.tags import half_written
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import PERSON_TAKEN, PROFILE_MISSING, BulkJob, Change, Desired, Handed, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater, Untried
from nextorder.domain.health import Health
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered, Outcome
from nextorder.ports.holding import Claims, Standing

FEW = 20
"""Up to so many profiles are quicker one by one than as an import job."""
MOST_ALONE: Final = 180
"""Profiles that are cleared of something in one batch: a call each, at three to ten a second, is a minute."""
PATIENCE_SECONDS = 300.0
DELETIONS: Final = "/api/data-privacy-deletion-jobs"


class KlaviyoDestination:
    """
    ports.Destination; never creates a profile, never touches consent.

    Args:
        client: Calls the API.
        catalogue: Which segments a shop shows.
        imports: Runs import jobs; without it many go one by one, too.
        lists: Says which lists there are, and who is on them; without it there are none.
        claims: Says whose verdict a profile shows that several customers match; without it the last one's.
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
        lists: Lists | None = None,
        claims: Claims | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._imports = imports
        self._lists = lists
        self._claims = claims
        self._sleep = sleep
        self._patience_seconds = patience_seconds

    def check(self, shop: Shop) -> Health:
        """Ask whose account the key opens."""
        return health(self.name, lambda: self._account(shop))

    def everything(self, shop: Shop) -> Desired:
        """Return all properties that could ever be ours, and all of our lists."""
        return projection.everything(self._lists.of(shop) if self._lists else {})

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        """Return what the profile should show."""
        lists = self._lists.of(shop) if self._lists else {}
        return projection.project(shop, verdict, self._catalogue(shop), lists)

    def find(self, shop: Shop, people: Sequence[Person]) -> Mapping[str, str]:
        """Return profile ids by customer."""
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        return patience.ask(partial(find_profiles, self._client, shop.id, people))

    def weigh(self, shop: Shop, change: Change) -> int:
        """Return the bytes of a row in an import job; of what goes by a call its share of a batch's time."""
        row = bodies.row_bytes(projection.named(shop, change))
        return max(row, bodies.MOST_BYTES_OF_ROWS // MOST_ALONE) if _goes_alone(change) else row

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Update the profile, and only then its lists and events: a flow reads the properties.

        Raises:
            Refused: "profile-missing", "person-taken", or Klaviyo's own code.
        """
        profiles = find_profiles(self._client, shop.id, [change.person])
        if change.person.customer not in profiles:
            raise Refused(PROFILE_MISSING)
        [contested] = self._contested(shop, [change], profiles)
        if isinstance(contested, Refused):
            raise contested
        try:
            delivered = self._send(shop, contested)
        except Refused as refusal:
            self._let_go(shop, contested, refusal)
            raise
        self._let_go(shop, contested, delivered)
        return delivered

    def _send(self, shop: Shop, change: Change) -> Delivered:
        """Write to a profile whose id is known, and which is the customer's."""
        customer, profile = change.person.customer, change.person.remote_id
        ours = projection.named(shop, change)
        try:
            if ours.set or ours.unset:
                self._update(shop, ours, profile)
            if self._lists:
                self._lists.move(shop, change.handed, already=bool(ours.set or ours.unset))
            with half_written(profile):
                for event in change.events:
                    told = bodies.event(projection.told(shop, customer, event), profile)
                    self._client.call(shop.id, "POST", "/api/events", body=told)
        except OutcomeUnknown as failure:
            raise _at_profile(failure, profile) from None
        return Delivered(remote_id=profile)

    def _let_go(self, shop: Shop, change: Change, outcome: Outcome) -> None:
        """Keep nothing of a profile that was merged or deleted, or that shows nothing of ours any more."""
        is_gone = isinstance(outcome, Refused) and outcome.code == PROFILE_MISSING
        is_bare = isinstance(outcome, Delivered) and _takes_all_back(change)
        if self._claims and (is_gone or is_bare):
            self._claims.release(shop.id, change.person.customer, change.person.remote_id)

    def _contested(
        self, shop: Shop, changes: Sequence[Change], profiles: Mapping[str, str]
    ) -> Sequence[Change | Refused]:
        """Give people their profiles; what another customer's profile shows is refused, or goes."""
        met = {
            one.person.customer: profiles[one.person.customer] for one in changes if not one.person.remote_id
        }
        standings = self._claims.settle(shop.id, met) if self._claims and met else {}
        settled: list[Change | Refused] = []
        for change in changes:
            there = replace(change, person=replace(change.person, remote_id=profiles[change.person.customer]))
            match standings.get(change.person.customer, Standing.OWN):
                case Standing.ANOTHERS:
                    settled.append(Refused(PERSON_TAKEN))
                case Standing.TAKEN_OVER:
                    every = self.everything(shop)
                    unset = tuple(sorted(every.attributes.keys() - change.set.keys()))
                    settled.append(replace(there, unset=unset, leave=every.audiences - change.join))
                case Standing.OWN:
                    settled.append(there)
        return settled

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

        present = [change for change in changes if change.person.customer in profiles]
        contested = self._contested(shop, present, profiles)
        sending = [one for one in contested if isinstance(one, Change)]
        outcomes = dict(self._deliver_together(shop, sending, patience))
        if self._lists:
            rows = [(there.handed, outcomes[there.person.customer]) for there in sending if not there.events]
            outcomes |= {row.customer: outcome for row, outcome in self._lists.moved(shop, rows, patience)}
        for there in sending:
            self._let_go(shop, there, outcomes[there.person.customer])
        for change, one in zip(present, contested, strict=True):
            if isinstance(one, Refused):
                outcomes[change.person.customer] = one
        return [outcomes.get(person.customer, Refused(PROFILE_MISSING)) for person in people]

    def take_up(self, shop: Shop, is_meant: Callable[[Handed], bool]) -> Sequence[tuple[Handed, Outcome]]:
        """Return what became of the import job that was left under way, and of the lists that follow it."""
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        left = self._imports.take_up(shop, patience) if self._imports else ()
        return self._lists.taken_up(shop, left, is_meant, patience) if self._lists else left

    def settled(self, shop: Shop) -> None:
        """Let the import job go."""
        if self._imports:
            self._imports.settled(shop)

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:
        """
        Unset our properties; the profile, which is the merchant's, stays unless `delete` is said.

        A profile that shows another customer is left alone.
        NOTE: a deletion is taken at once and done later; it takes scope data-privacy:write.
        """
        change = removal(person, self.everything(shop))

        def let_go() -> None:
            profile = self.deliver(shop, change).remote_id
            if delete:
                self._client.call(shop.id, "POST", DELETIONS, body=bodies.deletion(profile))

        unless_missing(let_go)

    def _account(self, shop: Shop) -> str:
        [account] = self._client.call(shop.id, "GET", "/api/accounts")["data"]
        return str(account["id"])

    def _deliver_together(
        self, shop: Shop, there: Sequence[Change], patience: Patience
    ) -> Mapping[str, Outcome]:
        fit = [change for change in there if change.set and not _goes_alone(change)]
        if self._imports is None or len(fit) <= FEW:
            return self._deliver_one_by_one(shop, there, patience)
        rest = [change for change in there if not change.set or _goes_alone(change)]
        job: BulkJob | Exception
        try:
            job = self._imports.begin(shop, [projection.named(shop, change) for change in fit], patience)
        except (RetryLater, NeedsHuman, Refused) as failure:
            job = failure
        if isinstance(job, NeedsHuman | Untried):
            return {one.person.customer: job for one in there}
        outcomes = self._deliver_one_by_one(shop, rest, patience)
        if isinstance(job, Exception):
            return outcomes | {one.person.customer: _of(job, one.person) for one in fit}
        became = self._imports.outcomes(shop, job, patience)
        return outcomes | {row.customer: one for row, one in zip(job.rows, became, strict=True)}

    def _deliver_one_by_one(
        self, shop: Shop, changes: Sequence[Change], patience: Patience
    ) -> dict[str, Outcome]:
        outcomes = one_by_one(lambda one: self._send(shop, _of_many(one)), changes, patience)
        return {one.person.customer: outcome for one, outcome in zip(changes, outcomes, strict=True)}

    def _update(self, shop: Shop, change: Change, profile: str) -> None:
        """PATCH updates or fails; the upserts of the same API would create."""
        path = f"/api/profiles/{quote(profile, safe='')}"
        try:
            self._client.call(shop.id, "PATCH", path, body=bodies.update(change, profile))
        except Refused as refusal:
            if refusal.code == NOT_FOUND:
                raise Refused(PROFILE_MISSING) from None
            raise


def _goes_alone(change: Change) -> bool:
    # NOTE: an import job ignores null, and that it honours unset is nowhere said.
    return bool(change.unset or change.events)


def _of_many(change: Change) -> Change:
    """Many join and leave lists together, but for who is told of something: that comes last."""
    return change if change.events else replace(change, join=frozenset(), leave=frozenset())


def _takes_all_back(change: Change) -> bool:
    """A profile that shows anything is also told when it was scored."""
    return bool(change.unset) and not (change.set or change.events)


def _of(failure: Exception, person: Person) -> Exception:
    return _at_profile(failure, person.remote_id) if isinstance(failure, OutcomeUnknown) else failure


def _at_profile(failure: OutcomeUnknown, profile: str) -> OutcomeUnknown:
    return OutcomeUnknown(str(failure), seconds=failure.seconds, remote_id=profile)
