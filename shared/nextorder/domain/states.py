"""From one state of a customer to the next: what it rests on, when it stands, what it remembers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.features import Features
from nextorder.domain.fingerprint import fingerprint
from nextorder.domain.published import published_segments
from nextorder.domain.recall import basis_of, left_since, recall
from nextorder.domain.shop import Shop
from nextorder.domain.terms import terms_of
from nextorder.domain.verdict import Cause, State
from nextorder.domain.verdicts import reach_verdict
from nextorder.scoring.model import StoreModel

_CLOCKS_DIFFER: Final = timedelta(minutes=15)
"""As long as an invocation may take; it is told the time when it begins."""
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """What everyone of a shop is judged by."""

    shop: Shop
    catalogue: Catalogue
    model: Callable[[], StoreModel]
    """Asked for only when something is to be said anew."""


def state_after(
    held: State | None,
    features: Features,
    standards: Standards,
    *,
    as_of: datetime,
    run: str = "",
    refresh: bool = False,
) -> State:
    """
    Return the state that features lead to: the one that is held, while it still stands.

    Args:
        held: The state before; None = there is none.
        features: Of all facts, as of the same moment.
        standards: Settings, frozen numbers, catalogue and model.
        as_of: Now, aware.
        run: Set by an import or a re-solve: a fresh verdict in any case.
        refresh: Whether numbers that moved by a published step alone are a reason to write.
    """
    shop, catalogue = standards.shop, standards.catalogue
    digest = digest_of(features, shop, catalogue)
    still = held if held and not run and _stands(held, digest, as_of) else None
    if still and not refresh:
        return still
    basis, fit = basis_of(features), terms_of(shop, catalogue)
    model = standards.model()
    standing = recall(
        held, basis=basis, fit=fit, model=model.name, fitted_at=shop.numbers.fitted_at, as_of=as_of
    )
    is_refit = standing is not None and held is not None and held.fit != fit
    verdict, due_at = reach_verdict(
        features,
        shop,
        model,
        as_of=_not_back(as_of, held),
        catalogue=catalogue,
        cause=Cause.IMPORT if run and not is_refit else None,
        standing=standing,
    )
    shown = fingerprint(verdict, catalogue, shop)
    if still and still.shown == shown:
        return still
    version = (held.version if held else 0) + 1
    return State(
        verdict=verdict,
        digest=digest,
        shown=shown,
        shown_version=held.shown_version if held and held.shown == shown else version,
        shown_in=published_segments(verdict, catalogue, shop.numbers.shown_as),
        version=version,
        due_at=due_at,
        orders=features.orders,
        run=run,
        log_key=held.log_key if held else "",
        fit=fit,
        basis=basis,
        left=left_since(held, basis, verdict.segments),
    )


def digest_of(features: Features, shop: Shop, catalogue: Catalogue) -> str:
    """
    Name what a verdict rests on beside the clock: features, the shop's terms, the catalogue.

    Features, not facts: of the eight webhooks of one order most change nothing that counts, and
    then the state item is not written again.
    """
    timeless = replace(features, as_of=_ANY_TIME)
    text = f"{timeless!r}\n{terms_of(shop, catalogue)}"
    return sha256(text.encode()).hexdigest()[:24]


def _stands(state: State, digest: str, as_of: datetime) -> bool:
    return state.digest == digest and (state.due_at is None or state.due_at > as_of)


def _not_back(as_of: datetime, held: State | None) -> datetime:
    """Keep a clock that is a little behind another's from undoing what time has done."""
    looked_at = held.verdict.scored_at if held else None
    return looked_at if looked_at and timedelta() < looked_at - as_of <= _CLOCKS_DIFFER else as_of
