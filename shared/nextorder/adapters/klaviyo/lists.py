"""Lists of ours in Klaviyo: which there are, who joins them and who leaves."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from nextorder.adapters.klaviyo import bodies
from nextorder.adapters.klaviyo.client import NOT_FOUND, KlaviyoClient
from nextorder.adapters.klaviyo.profiles import present
from nextorder.adapters.klaviyo.still_meant import ALWAYS, StillMeant
from nextorder.adapters.patience import Patience
from nextorder.adapters.tags import half_written
from nextorder.domain.changes import PROFILE_MISSING, Handed
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, Refused, RetryLater
from nextorder.domain.shop import Shop
from nextorder.ports import Delivered, Outcome
from nextorder.ports.installation import ListRecords

LISTS: Final = "/api/lists"
MOST_PROFILES: Final = 1_000
"""Of one call. https://developers.klaviyo.com/en/reference/add_profiles_to_list"""
_ADD: Final = "POST"
_REMOVE: Final = "DELETE"
_REMEMBERED_SECONDS: Final = 1.0
"""Longer, and who knows of no list yet would take off it whom another process has just put there."""

Pair = tuple[Handed, Outcome]


class Lists:
    """
    A shop's lists by the segments whose members they hold.

    An audience is called by its segment and the list's id, `life:new Y6nRLr`: one that was made
    anew is another, which everyone joins by themselves.

    NOTE: being on a list is no consent, and none is changed: that is another endpoint. A flow that
    a list starts, starts for whoever is added, also by an import, and there is no way to mute it.
    https://help.klaviyo.com/hc/en-us/articles/360003040052

    Args:
        client: Calls the API.
        records: Keeps the ids of the lists that `connect` made.
        meant: Says who of many is to be moved still, since an import may take minutes.
        clock: Seconds; ids are remembered for one.
    """

    def __init__(
        self,
        client: KlaviyoClient,
        records: ListRecords,
        *,
        meant: StillMeant = ALWAYS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._records = records
        self._meant = meant
        self._clock = clock
        self._known: dict[str, tuple[float, Mapping[str, str]]] = {}

    def of(self, shop: Shop) -> Mapping[str, str]:
        """Return what the audience of each segment is called that has a list."""
        read_at, known = self._known.get(shop.id, (float("-inf"), {}))
        if self._clock() - read_at > _REMEMBERED_SECONDS:
            made = self._records.load(shop.id).lists
            known = {name: f"{name} {id_}" for name, id_ in made.items()}
            self._known[shop.id] = self._clock(), known
        return known

    def move(self, shop: Shop, row: Handed, *, already: bool) -> None:
        """
        Take one profile off lists and put it on others; raises what `deliver` raises.

        `already` says that something of the change is written: a delay is then half known.
        """
        for number, (method, audience) in enumerate(_moves(row)):
            with half_written(row.remote_id, already=already or number > 0):
                self._call(shop, method, audience, [row.remote_id])

    def moved(self, shop: Shop, pairs: Sequence[Pair], patience: Patience) -> list[Pair]:
        """
        Move everyone whose properties are written, a thousand at once; return what then became of each.

        Once publishing was paused meanwhile, or the app taken out, nobody is moved any more; nor is who
        has another verdict by now, of whom all is said afresh.
        """
        moving: dict[tuple[str, str], list[Handed]] = {}
        for row in (row for row, outcome in pairs if not _is_settled(row, outcome)):
            for move in _moves(row):
                moving.setdefault(move, []).append(row)
        failed: dict[str, Exception] = {}
        for (method, audience), rows in sorted(moving.items(), key=lambda one: one[0]):
            left = [row for row in rows if row.customer not in failed]
            for start in range(0, len(left), MOST_PROFILES):
                some = left[start : start + MOST_PROFILES]
                outdated = self._meant.outdated(shop, some)
                failed |= {row.customer: _unmoved(row) for row in some if row.customer in outdated}
                if meant := [row for row in some if row.customer not in outdated]:
                    failed |= self._together(shop, method, audience, meant, patience)
        return [(row, failed.get(row.customer, outcome)) for row, outcome in pairs]

    def taken_up(
        self, shop: Shop, left: Sequence[Pair], is_meant: Callable[[Handed], bool], patience: Patience
    ) -> Sequence[Pair]:
        """Move those of an earlier round of whom it is meant still; of the others all is said afresh."""
        judged = [
            (row, outcome if _is_settled(row, outcome) or is_meant(row) else _unmoved(row))
            for row, outcome in left
        ]
        return self.moved(shop, judged, patience)

    def _together(
        self, shop: Shop, method: str, audience: str, rows: Sequence[Handed], patience: Patience
    ) -> Mapping[str, Exception]:
        """Move many at once; return what is in the way, and of whom."""
        call = partial(self._call, shop, method, audience)
        try:
            return self._but_for_the_gone(shop, call, rows, patience)
        except Refused as refusal:
            return {row.customer: refusal for row in rows}
        except RetryLater as busy:
            return {
                row.customer: OutcomeUnknown(str(busy), seconds=busy.seconds, remote_id=row.remote_id)
                for row in rows
            }
        except NeedsHuman as no:
            no.partly = True
            return {row.customer: no for row in rows}

    def _but_for_the_gone(
        self, shop: Shop, call: Callable[[Sequence[str]], None], rows: Sequence[Handed], patience: Patience
    ) -> Mapping[str, Exception]:
        """Move whose profile is there; return the refusal of each of the others."""
        profiles = [row.remote_id for row in rows]
        try:
            patience.ask(partial(call, profiles))
        except Refused as refusal:
            if refusal.code != PROFILE_MISSING:
                raise
            there = patience.ask(partial(present, self._client, shop.id, profiles))
            if staying := [profile for profile in profiles if profile in there]:
                patience.ask(partial(call, staying))
            return {row.customer: refusal for row in rows if row.remote_id not in there}
        return {}

    def _call(self, shop: Shop, method: str, audience: str, profiles: Sequence[str]) -> None:
        """Of a list that is gone nothing is asked any more, until `connect` makes it anew."""
        name, _, id_ = audience.rpartition(" ")
        path = f"{LISTS}/{quote(id_, safe='')}"
        try:
            body = bodies.members(profiles)
            self._client.call(shop.id, method, f"{path}/relationships/profiles", body=body)
        except Refused as refusal:
            if refusal.code != NOT_FOUND:
                raise
            if self._stands(shop, path):
                raise Refused(PROFILE_MISSING) from None
            self._records.lose_list(shop.id, name, id_)
            self._known.pop(shop.id, None)

    def _stands(self, shop: Shop, path: str) -> bool:
        try:
            self._client.call(shop.id, "GET", path)
        except Refused as refusal:
            if refusal.code == NOT_FOUND:
                return False
            raise
        return True


def segment_of(audience: str) -> str:
    """Name the segment whose members a list holds."""
    return audience.rpartition(" ")[0]


def _is_settled(row: Handed, outcome: Outcome) -> bool:
    """Whether there is no list to be moved to or from, or no use in it."""
    return not (isinstance(outcome, Delivered) and (row.join or row.leave))


def _unmoved(row: Handed) -> OutcomeUnknown:
    return OutcomeUnknown(
        "it is not to be shown any more: its lists are left as they are", remote_id=row.remote_id
    )


def _moves(row: Handed) -> Iterator[tuple[str, str]]:
    yield from ((_REMOVE, audience) for audience in row.leave)
    yield from ((_ADD, audience) for audience in row.join)
