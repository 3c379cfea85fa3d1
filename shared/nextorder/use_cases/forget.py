"""Privacy: tell what we hold of a person, and let it go."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from nextorder.domain.changes import Change, Person
from nextorder.domain.errors import RetryLater
from nextorder.domain.shop import Shop
from nextorder.ports import ChangeNotice, Customers, Eraser, Forgotten, Shops
from nextorder.ports.judging import SaidLog
from nextorder.use_cases.publication import Published, Publisher
from nextorder.use_cases.publish import publish
from nextorder.use_cases.publish_bulk import Counts

ENDED_BEFORE: Final = timedelta(hours=54)
"""
A shop that was connected later than this before its shop/redact has come back since it left.

NOTE: Shopify sends it 48 hours after the app was taken out and names no moment; how punctually is
not said, so it is given six hours.
"""
SAID_IS_CUT: Final = (
    "The log of what was said is longer than could be read here: "
    "`nextorder data-request CUSTOMER` reads all of it."
)
TakeBack = Callable[[str], Counts]
"""Takes back what we wrote of a whole shop to one destination, and counts what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """The stores that forget together."""

    customers: Customers
    shops: Shops
    eraser: Eraser
    forgotten: Forgotten
    notices: Sequence[ChangeNotice]
    """One a destination: tells its publisher to look at a customer again."""
    erase_traces: Callable[[str, Sequence[str], Sequence[str]], object]
    """Deletes what names customers, or orders, outside the table: answers, bodies, pages, dead letters."""
    erase_letters: Callable[[str], object]
    """Deletes the dead letters of a whole shop; raises RetryLater while somebody else has some in hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """ports.ChangeNotice of destinations that no queue serves: each is brought up to date there and then."""

    publishers: Callable[[str], Iterable[Publisher]]
    """A shop's."""
    clock: Callable[[], datetime]

    def changed(self, shop: str, changes: Iterable[tuple[str, str]]) -> None:
        """Publish who changed; raises what `publish` raises."""
        people = [customer for customer, _ in changes]
        for publisher in self.publishers(shop):
            for customer in people:
                publish(shop, customer, publisher=publisher, as_of=self.clock())


def delete_profiles(
    shop: Shop, customer: str, *, publishers: Iterable[Publisher], archive: Archive
) -> Sequence[str]:
    """
    Delete the whole person wherever a destination can; only on the merchant's word. Safe to repeat.

    Before the redaction: records and the shop's contacts are what the person is found by.

    Returns:
        The names of the destinations that were asked to.
    """
    asked = []
    everyone = (customer, *archive.eraser.absorbed(shop.id, customer))
    for one in publishers:
        if not (one.destination.capabilities.deletes_people and one.reaches(shop)):
            continue
        for id_ in everyone:
            held = one.accepted.load(shop.id, id_, one.destination.name)
            named = Change(person=Person(customer=id_, remote_id=held.remote_id if held else ""))
            [found] = one.with_contacts(shop, [named])
            one.destination.forget(shop, found.person, delete=True)
        asked.append(one.destination.name)
    return asked


def redact_customer(
    shop: str, customer: str, *, orders: Sequence[str] = (), archive: Archive, as_of: datetime
) -> None:
    """
    Let go of everything of one customer; safe to repeat.

    From the first step on no late webhook can bring the customer back, nor a record that was
    merged into theirs; the destinations' publishers then find no state and take back what they
    wrote. `orders` are the ids that the platform names: of places whose order never came, and of
    what names no customer.
    """
    everyone = (customer, *archive.eraser.absorbed(shop, customer))
    for one in everyone:
        archive.forgotten.mark(shop, one, as_of)
    archive.erase_traces(shop, everyone, orders)
    archive.eraser.erase_customer(shop, customer, orders)
    for notice in archive.notices:
        notice.changed(shop, [(one, f"redact-{as_of:%Y%m%dT%H%M%S}") for one in everyone])


def uninstall(
    shop_id: str,
    *,
    archive: Archive,
    take_back: Sequence[TakeBack],
    as_of: datetime,
    told_at: datetime | None = None,
) -> None:
    """
    The app was taken out of the shop: publish nothing more, take back what we can reach.

    Shopify's own token ends with the app, so `nextorder uninstall` is to be run before; what we
    wrote to other destinations is taken back here. Facts stay until shop/redact, 48 hours later.
    What was told before the shop was connected again is about the app's life before.

    Raises:
        RetryLater: Some customers are still shown there.
        NeedsHuman: A destination refuses our key.
    """
    shop = archive.shops.get(shop_id)
    if shop is None or (told_at and shop.connected_at and told_at < shop.connected_at):
        return
    archive.shops.change(shop_id, uninstalled_at=shop.uninstalled_at or as_of)
    left = sum(destination(shop_id).get(Published.LATER, 0) for destination in take_back)
    if left:
        raise RetryLater(f"{left} customers are still shown elsewhere")


def redact_shop(
    shop_id: str,
    *,
    archive: Archive,
    take_back: Sequence[TakeBack],
    disconnect: Callable[[str], object],
    as_of: datetime,
    told_at: datetime | None = None,
) -> bool:
    """
    Let go of everything of a shop; safe to repeat.

    Nothing is erased while something of ours is left elsewhere: records and keys are what it can
    be taken back with. Raises what `uninstall` raises. `told_at` is when Shopify said so: what it
    tells of a life before is no reason to erase the one after. Where the end itself was told, or
    nothing shows that the shop came back, it is erased.

    Returns:
        False where the shop was connected again since it left, and nothing was done.
    """
    if told_at and _came_back(archive.shops.get(shop_id), told_at):
        return False
    uninstall(shop_id, archive=archive, take_back=take_back, as_of=as_of)
    # first, since it may have to be tried again, and of a shop that is gone no command finds the rest
    archive.erase_letters(shop_id)
    archive.eraser.erase_shop(shop_id)
    disconnect(shop_id)
    return True


def _came_back(shop: Shop | None, told_at: datetime) -> bool:
    if shop is None or shop.uninstalled_at or shop.connected_at is None:
        return False
    return shop.connected_at > told_at - ENDED_BEFORE


def tell(
    shop: str,
    customer: str,
    *,
    customers: Customers,
    log: SaidLog,
    plain: Callable[[Any], Any],
    has_time: Callable[[], bool] = lambda: True,
) -> Mapping[str, Any]:
    """
    Return all we hold of one customer, for the merchant to hand over.

    Scores, segments with their reasons, what each destination accepted, and every score that was
    said of them before: the log is found by the random key that stands on their state alone.
    """
    record = customers.read(shop, customer)
    answer = {
        "customer": customer,
        "facts": [{"fact": fact.prefix, **plain(fact)} for fact in record.facts],
        "verdict": plain(record.state.verdict) if record.state else None,
        "shown_in": list(record.state.shown_in) if record.state else [],
        "accepted": {name: plain(accepted) for name, accepted in record.accepted.items()},
    }
    if record.state is None:
        return answer | {"said": []}
    said, is_all = log.of_customer(shop, record.state.log_key, has_time)
    return answer | {"said": said} | ({} if is_all else {"said_is_cut": SAID_IS_CUT})
