"""Segments as tags: the shop's prefix before their names, and which of the tags that stand there are ours."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.changes import Change
from nextorder.domain.errors import NeedsHuman, OutcomeUnknown, RetryLater
from nextorder.domain.shop import Shop


def is_ours(tag: str, shop: Shop, catalogue: Catalogue) -> bool:
    """Whether a tag is of our prefix and of what the catalogue declares: all else is the merchant's."""
    name = tag.removeprefix(shop.tag_prefix)
    family, _, value = name.partition(":")
    is_declared = name in catalogue.entries or bool(value and family in catalogue.open_families)
    return tag.startswith(shop.tag_prefix) and is_declared


def leaving(change: Change, there: Iterable[str], shop: Shop, catalogue: Catalogue) -> frozenset[str]:
    """
    Return which of the tags there go where all is said afresh: no record need know of them.

    What is on record goes as well, though the catalogue may know it no more.
    """
    ours = frozenset(tag for tag in there if tag in change.leave or is_ours(tag, shop, catalogue))
    return ours - change.join - change.spared


@contextmanager
def half_written(remote_id: str, *, already: bool = True) -> Iterator[None]:
    """Where a part is written `already`, a delay or a denial of the rest is an outcome that is half known."""
    try:
        yield
    except NeedsHuman as no:
        no.partly = no.partly or already
        raise
    except RetryLater as busy:
        if not already:
            raise
        raise OutcomeUnknown(str(busy), seconds=busy.seconds, remote_id=remote_id) from None
