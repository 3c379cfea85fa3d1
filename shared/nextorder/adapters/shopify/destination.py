"""Shopify as a destination: our tags and metafields on the customer."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from nextorder.adapters.asking import health, unless_missing
from nextorder.adapters.many import in_turn, one_by_one
from nextorder.adapters.patience import Patience
from nextorder.adapters.shopify import projection
from nextorder.adapters.shopify.bulk_write import NAME, BulkWrite
from nextorder.adapters.shopify.client import ShopifyClient
from nextorder.adapters.shopify.documents import (
    LOOK,
    MOST_METAFIELDS,
    TAGS,
    Mutations,
    as_written,
    customer_gid,
)
from nextorder.adapters.shopify.projection import METAFIELDS, NAMESPACE
from nextorder.adapters.shopify.shop_info import read_granted_scopes
from nextorder.adapters.shopify.user_errors import refusal, refusal_code, user_errors
from nextorder.adapters.tags import leaving
from nextorder.domain.capabilities import Capabilities, Clears, Identifier
from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Change, Desired, Handed, Person
from nextorder.domain.diff import removal
from nextorder.domain.errors import NeedsHuman, Refused, RetryLater
from nextorder.domain.health import Health, Problem
from nextorder.domain.refusals import TAG_LIMIT
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict
from nextorder.ports import Delivered, Outcome

CUSTOMERS_PER_REQUEST = 25
"""At most 560 points of the 1,000 that one request may cost."""
WRITES_CUSTOMERS = "write_customers"
IDS_PER_QUERY = 250
"""That any array of an API call may have."""
PATIENCE_SECONDS = 480.0
"""With what one request may take this has to fit into what publish_bulk reserves for a batch."""
BULK_FROM: Final = 1_000
"""
Changes from which a bulk job is quicker: a thousand of up to 22 points each are 440 seconds of the
50 points a second that are ours on the Standard plan, and a job takes none of them.
"""
CAPABILITIES: Final = Capabilities(
    identifiers=(Identifier.CUSTOMER,),
    most_rows=10_000,
    job_from=BULK_FROM,
    most_in_turn=4 * CUSTOMERS_PER_REQUEST,
    clears=Clears.UNSET,
    answers_later=True,
    quiet_backfill="tags start flows at once: switch those on afterwards",
    without_consent="is tagged: Shopify knows who has agreed, and what starts from a tag has to ask it",
)


class ShopifyDestination:
    """
    ports.Destination; tags are added before others are removed, and only ever our own.

    Args:
        client: Runs the documents.
        catalogue: Which segments a shop shows.
        bulk: Runs bulk jobs; without it many go in batches, too.
        sleep: Waits in `deliver_many` while the cost bucket fills.
        patience_seconds: The longest that one `deliver_many` waits in total.
    """

    name: Final = NAME
    riders: Final = frozenset[str]()
    capabilities: Final = CAPABILITIES

    def __init__(
        self,
        client: ShopifyClient,
        catalogue: Callable[[Shop], Catalogue],
        *,
        bulk: BulkWrite | None = None,
        sleep: Callable[[float], None] = time.sleep,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._client = client
        self._catalogue = catalogue
        self._bulk = bulk
        self._sleep = sleep
        self._patience_seconds = patience_seconds

    def check(self, shop: Shop) -> Health:
        """Ask whether the app may write to customers, and look at them."""
        return health(self.name, lambda: self._permissions(shop))

    def everything(self, shop: Shop) -> Desired:  # noqa: ARG002 - the port's
        """Return all metafields that could ever be ours; which tags are, `deliver` reads in doubt."""
        return projection.everything()

    def project(self, shop: Shop, verdict: Verdict | None) -> Desired:
        """Return what the customer should show."""
        return projection.project(shop, verdict, self._catalogue(shop))

    def weigh(self, shop: Shop, change: Change) -> int:  # noqa: ARG002 - the port's
        """Return nothing: only rows are counted."""
        return 0

    def deliver(self, shop: Shop, change: Change) -> Delivered:
        """
        Send one customer's change in one document.

        Raises:
            Refused: "customer-missing"; "tag-limit", and then all but the tags is written.
        """
        [swept] = self._swept(shop, [change])
        data = self._send(shop, write(shop, [swept]))
        codes = [refusal_code(error) for error in user_errors(data)]
        if TAG_LIMIT in codes and swept.leave:
            # there is room now: what left was ours
            data = self._send(shop, write(shop, [replace(swept, leave=frozenset())]))
            codes = [refusal_code(error) for error in user_errors(data)]
        if codes:
            raise refusal(codes)
        return Delivered()

    def deliver_many(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Outcome]:
        """
        Send many, waiting while Shopify throttles; what could not be sent in time is a RetryLater.

        From BULK_FROM on by a bulk job, which is UnderWay when Shopify takes longer than our patience.
        """
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        if self._bulk and len(changes) >= BULK_FROM:
            return self._deliver_in_bulk(shop, changes, self._bulk, patience)
        starts = range(0, len(changes), CUSTOMERS_PER_REQUEST)
        parts = [changes[start : start + CUSTOMERS_PER_REQUEST] for start in starts]
        return in_turn(lambda part: self._deliver_together(shop, part, patience), parts)

    def take_up(
        self,
        shop: Shop,
        is_meant: Callable[[Handed], bool],  # noqa: ARG002 - the port's
    ) -> Sequence[tuple[Handed, Outcome]]:
        """Return what became of the bulk job that was left under way."""
        patience = Patience(self._sleep, seconds=self._patience_seconds)
        return self._bulk.take_up(shop, patience) if self._bulk else ()

    def settled(self, shop: Shop) -> None:
        """Let the bulk job go."""
        if self._bulk:
            self._bulk.settled(shop)

    def forget(self, shop: Shop, person: Person, *, delete: bool = False) -> None:  # noqa: ARG002 - the port's
        """Take off our tags, as Shopify has them, and our metafields; the customer is the merchant's."""
        change = removal(person, self.everything(shop))
        unless_missing(lambda: self.deliver(shop, change))

    def _permissions(self, shop: Shop) -> Health:
        if WRITES_CUSTOMERS in read_granted_scopes(self._client, shop.id):
            self._client.execute(shop.id, LOOK, {})
            return Health(account=shop.id)
        problem = Problem(
            f"the app has no {WRITES_CUSTOMERS}", "grant it, then run `nextorder connect shopify`"
        )
        return Health(account=shop.id, problems=(problem,))

    def _swept(self, shop: Shop, changes: Sequence[Change]) -> Sequence[Change]:
        """
        Add to what is said afresh all tags of ours that are there: no record need know of them.

        After a merge or a death half-way, and of families whose values are open, only Shopify knows.
        """
        if not any(change.afresh for change in changes):
            return changes
        ids = [customer_gid(change.person.customer) for change in changes if change.afresh]
        nodes = self._client.execute(shop.id, TAGS, {"ids": ids}, points=len(ids))["nodes"]
        there = {str(node["legacyResourceId"]): node["tags"] for node in nodes if node}
        catalogue = self._catalogue(shop)

        def left_there(change: Change) -> frozenset[str]:
            tags = there.get(change.person.customer, ()) if change.afresh else ()
            return leaving(change, as_written(tags), shop, catalogue)

        return [replace(one, leave=one.leave | left_there(one)) for one in changes]

    def _deliver_in_bulk(
        self, shop: Shop, changes: Sequence[Change], bulk: BulkWrite, patience: Patience
    ) -> Sequence[Outcome]:
        swept: list[Change] = []
        try:
            for start in range(0, len(changes), IDS_PER_QUERY):
                part = changes[start : start + IDS_PER_QUERY]
                swept += patience.ask(partial(self._swept, shop, part))
        except (RetryLater, NeedsHuman, Refused) as failure:
            return [failure] * len(changes)
        return bulk.write(shop, [_only_ours(change, shop) for change in swept], patience)

    def _send(self, shop: Shop, mutations: Mutations) -> dict[str, Any]:
        """Run the mutations; a document without any would be none."""
        if not mutations.owners:
            return {}
        return self._client.execute(shop.id, mutations.document, mutations.variables, points=mutations.cost)

    def _deliver_together(self, shop: Shop, changes: Sequence[Change], patience: Patience) -> list[Outcome]:
        """One request for all; whoever it may concern when something is refused is sent alone."""
        try:
            swept = patience.ask(partial(self._swept, shop, changes))
            mutations = write(shop, swept)
            data = patience.ask(partial(self._send, shop, mutations))
        except (RetryLater, NeedsHuman) as failure:
            return [failure] * len(changes)
        except Refused:
            concerned = {customer_gid(change.person.customer) for change in changes}
        else:
            concerned = {gid for alias in refused_aliases(data) for gid in mutations.owners[alias]}
        alone = [change for change in changes if customer_gid(change.person.customer) in concerned]
        outcomes = one_by_one(partial(self.deliver, shop), alone, patience)
        became = {one.person.customer: outcome for one, outcome in zip(alone, outcomes, strict=True)}
        return [became.get(change.person.customer, Delivered()) for change in changes]


def write(shop: Shop, changes: Sequence[Change]) -> Mutations:
    """Write one document for several customers, metafields 25 at a time."""
    mutations = Mutations()
    for number, change in enumerate(changes):
        owner = customer_gid(change.person.customer)
        # Never a moment without a tag.
        _only_ours(change, shop)
        mutations.change_tags(f"join{number}", "tagsAdd", owner, change.join)
        mutations.change_tags(f"leave{number}", "tagsRemove", owner, change.leave)
    for kind, items in (("set", _set_inputs(changes)), ("delete", _delete_inputs(changes))):
        every = list(items)
        for start in range(0, len(every), MOST_METAFIELDS):
            chunk = every[start : start + MOST_METAFIELDS]
            mutations.change_metafields(f"{kind}{start}", f"metafields{kind.title()}", chunk)
    return mutations


def refused_aliases(data: dict[str, Any]) -> Iterator[str]:
    """Return the mutations of an answer that have user errors."""
    return (alias for alias, payload in data.items() if any(user_errors({alias: payload})))


def _only_ours(change: Change, shop: Shop) -> Change:
    """Return a change that writes no tag but ours; what it takes away we wrote, or read as ours."""
    if foreign := [tag for tag in change.join if not tag.startswith(shop.tag_prefix)]:
        raise ValueError(f"{foreign} are not ours")
    return change


def _identifier(change: Change, key: str) -> dict[str, str]:
    return {"ownerId": customer_gid(change.person.customer), "namespace": NAMESPACE, "key": key}


def _set_inputs(changes: Sequence[Change]) -> Iterator[dict[str, str]]:
    for change in changes:
        for key, value in change.set.items():
            kind = METAFIELDS[key].type
            yield {**_identifier(change, key), "type": kind, "value": projection.as_text(value)}


def _delete_inputs(changes: Sequence[Change]) -> Iterator[dict[str, str]]:
    for change in changes:
        yield from (_identifier(change, key) for key in change.unset)
