"""Who goes live: the shop and whatever is as far as it, or one destination that was connected since."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from nextorder.bootstrap.plan import publishers
from nextorder.bootstrap.update import shops_anew
from nextorder.cli.shops import change_shop, let_it_be_known
from nextorder.domain.errors import BadSettings
from nextorder.domain.going_live import (
    ALL_AT_ONCE,
    NOWHERE,
    WHOLE,
    GoingLive,
    Sending,
    Step,
    following,
    has_caught_up,
    is_in_order,
)
from nextorder.domain.shop import Shop
from nextorder.use_cases.publication import Publisher

_KLAVIYO: Final = "klaviyo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What goes live together, as far as it is."""

    shop: Shop
    newcomer: str = ""
    """The one destination that goes by itself; empty = all that are as far as the shop."""
    serving: Sequence[Publisher]

    @property
    def live(self) -> GoingLive | None:
        """How far it is; None = nothing has gone live of the shop."""
        if self.newcomer:
            return self.shop.live(self.newcomer)
        return self.shop.going_live if is_live(self.shop) else None

    @property
    def skipped(self) -> frozenset[Step]:
        """Segments are a step of whoever has a place for them."""
        has_segments = any(one.destination.name == _KLAVIYO for one in self.serving)
        return frozenset() if has_segments else frozenset({Step.SEGMENTS})

    @property
    def names(self) -> Sequence[str]:
        """Of the destinations."""
        return [one.destination.name for one in self.serving]

    def has_caught_up(self, target: GoingLive) -> bool:
        """Whether a destination that came later goes with the others from there on."""
        return bool(self.newcomer) and has_caught_up(target, self.shop.going_live, self.skipped)

    def go(self, target: GoingLive, plan: str = "") -> Shop:
        """
        Write down how far it is from now on, and the plan that is to be sent for that; say so.

        Raises:
            BadSettings: It was paused, or has gone another step, since it was looked at.
        """
        found = shops_anew().get(self.shop.id)
        if found is None or _standing(found) != _standing(self.shop):
            raise BadSettings(f"{self.shop.id} was paused, or went another step, meanwhile: nothing was done")
        now = replace(target, since=datetime.now(UTC))
        sending = Sending(plan=plan, destinations=tuple(self.names)) if plan else None
        if self.newcomer:
            rest = {name: own for name, own in self.shop.newcomers.items() if name != self.newcomer}
            # it goes with the others from here on, and its tags are as new as theirs were
            together = replace(self.shop.going_live, since=now.since)
            changes: dict[str, object] = (
                {"newcomers": rest, "going_live": together}
                if self.has_caught_up(now)
                else {"newcomers": {**rest, self.newcomer: now}}
            )
            shop = change_shop(self.shop.id, sending=sending, **changes)
            print(f"  {self.newcomer}: publishing is on: {shop.live(self.newcomer)}")
            return shop
        shop = change_shop(self.shop.id, applied=True, going_live=now, sending=sending)
        print(f"  {shop.id}: publishing is on: {shop.going_live}")
        return shop


def way_of(shop: Shop, newcomer: str) -> Way:
    """
    Return the way of a destination that came later, or of all the others.

    Raises:
        BadSettings: There are none, or it goes with the shop.
    """
    late = [name for name in shop.newcomers if has_to_catch_up(shop, name)]
    serving = publishers(shop)
    if newcomer in {one.destination.name for one in serving}.difference(late):
        raise BadSettings(f"{newcomer} goes with the others: leave out --destination")
    wanted = {newcomer} if newcomer else {one.destination.name for one in serving}.difference(late)
    chosen = [one for one in serving if one.destination.name in wanted]
    if not chosen:
        raise BadSettings(f"{newcomer or 'no destination'} is not connected: run `nextorder connect`")
    return Way(shop=shop, newcomer=newcomer, serving=chosen)


def _standing(shop: Shop) -> tuple[object, ...]:
    return shop.applied, shop.going_live, shop.newcomers, shop.uninstalled_at


def is_live(shop: Shop) -> bool:
    """Whether anything has ever gone live, paused or not."""
    return shop.applied or shop.going_live.since is not None


def has_to_catch_up(shop: Shop, name: str) -> bool:
    """Whether a destination came later and is behind the shop."""
    return shop.live(name) != shop.going_live


def newcomer_lines(shop: Shop, *, but: str = "") -> Iterator[str]:
    """Say of each destination that came later that nothing more goes there by itself."""
    for name in shop.newcomers:
        if has_to_catch_up(shop, name) and name != but:
            live = shop.live(name)
            yield f"{name} was connected later, and shows {live}: nextorder plan --destination {name}"


def unsent_lines(shop: Shop) -> Iterator[str]:
    """Say of a plan that is in force that not all of it is sent."""
    if left := shop.sending:
        yield f"plan {left.plan} is in force and not sent to its end: {going_on(shop, left)} goes on with it"


def going_on(shop: Shop, left: Sending) -> str:
    """Return the command that goes on with a plan."""
    return f"`nextorder apply {left.plan} --shop {shop.id}`"


def add_now(parser: argparse.ArgumentParser) -> None:
    """Add --now to what connects a destination."""
    parser.add_argument(
        "--now", action="store_true", help="when the shop is live: do not wait until every publisher knows"
    )


def begins_late(shop: Shop, name: str, *, now: bool) -> Shop:
    """
    Let nothing out to a destination that is connected when the shop is live, until `apply` names it.

    To be called before its key is kept, and to be waited for: a publisher that found the key and
    remembered the shop as it was would bring it what the others are told.
    """
    if not is_live(shop):
        return shop
    print(f"  ->  nothing goes out there before `nextorder apply --destination {name}`: `plan` shows it")
    marked = change_shop(shop.id, newcomers={**shop.newcomers, name: NOWHERE})
    if shop.applied and not now:
        let_it_be_known("every publisher knows")
    return marked


def target_of(way: Way, options: argparse.Namespace) -> GoingLive:
    """
    Return where it is to go.

    Raises:
        BadSettings: It is paused, or all the way already, or the share is behind it.
    """
    shop, live = way.shop, way.live
    if live and not shop.applied:
        raise BadSettings("publishing is paused: `nextorder resume` first")
    whole = shop.going_live if way.newcomer else ALL_AT_ONCE
    if options.all_at_once:
        return replace(whole, since=None)
    upcoming = following(live, way.skipped)
    if upcoming is None:
        raise BadSettings("everything goes to everyone already; `apply --back-to STEP` lets out less")
    target = replace(upcoming, share=options.share or upcoming.share)
    if target.step is Step.SEGMENTS:
        target = replace(target, share=WHOLE)
    if live and not is_in_order(live, target, way.skipped):
        raise BadSettings(f"{way.newcomer or shop.id} is at {live}: the next is {upcoming}")
    if target.is_beyond(whole):
        raise BadSettings(f"{shop.id} itself is at {whole}: {way.newcomer} goes no further by itself")
    return target
