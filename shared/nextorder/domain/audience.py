"""Audiences that leave as a list of people: who may be in one, and why the others are left out."""

import hmac
from base64 import b32encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from math import ceil
from typing import Final

from nextorder.domain.catalogue import Catalogue
from nextorder.domain.errors import BadSettings
from nextorder.domain.facts import Channel
from nextorder.domain.holdout import held_out
from nextorder.domain.messages import Reach
from nextorder.domain.published import published_segments
from nextorder.domain.shop import Shop
from nextorder.domain.verdict import Verdict

BEST: Final = "best"
"""Those of whom most profit is expected, in place of a segment's name."""
HOLD: Final = "hold"
_SWITCH_ON: Final = (
    "`nextorder catalogue show > FILE`, write `on = true` there, `nextorder catalogue apply FILE`"
)
_LETTERS: Final = 4


class LeftOut(StrEnum):
    """Why somebody is in no audience, in the merchant's words; the first that holds counts."""

    HELD_OUT = "held out, so that it can be measured what all this is worth"
    LOSS = "cost more than they brought, and are in no paid audience"
    NO_VALUE = "nothing is said of their profit"
    FORGOTTEN = "asked to be forgotten"
    GONE = "not in the shop any more"
    OPTED_OUT = "do not want their data sold or shared"
    NO_CONSENT = "are not subscribed to e-mail marketing"
    NO_ADDRESS = "have no e-mail or phone that could be matched"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for."""

    segment: str
    """Its name as destinations show it, or `BEST`."""
    for_ads: bool = False
    """Ads need consent and contacts, and are not paid for people who cost the shop money."""
    contacts: bool = False
    """Whether e-mail and phone are asked for at all."""
    valued: bool = False
    """Whether everyone in it must have a value."""
    share: float = 0.1
    """Of the best: how many of all who have a value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One customer of an audience, without any way to reach them."""

    customer: str
    verdict: Verdict
    held_out: bool = False

    @property
    def value(self) -> float | None:
        """The profit that the next 365 days are expected to bring, minor units; None = not said."""
        worth = self.verdict.scores.clv_gp2_365 if self.verdict.scores else None
        return worth.value if worth else None


def check_segment(name: str, catalogue: Catalogue) -> None:
    """
    Make sure that there can be such an audience.

    Raises:
        BadSettings: No such segment is shown, or it is the one that nobody may write to.
    """
    if name == HOLD:
        raise BadSettings("hold: held-out customers are in no audience; that is what they are held out for")
    if name != BEST and not catalogue.on(name):
        shown = ", ".join(one for one in catalogue.shown if one != HOLD)
        is_off = catalogue.entry(name) is not None
        why = f"{name} is not shown: {_SWITCH_ON}; or" if is_off else f"there is no segment {name}:"
        raise BadSettings(f"{why} choose {BEST} or one of {shown}")


def member_of(
    customer: str, verdict: Verdict, *, wanted: Wanted, shop: Shop, catalogue: Catalogue
) -> Member | None:
    """
    Tell whether a customer is of an audience by what is held of them, be they barred from it or not.

    Who is held out is so by the share that is in force now, whatever the verdict says.
    """
    own = replace(verdict, held_out=False)
    member = Member(
        customer=customer,
        verdict=own,
        held_out=verdict.held_out or held_out(shop.gid, customer, shop.holdout_share),
    )
    if wanted.segment == BEST:
        return member if member.value is not None else None
    return member if wanted.segment in published_segments(own, catalogue, shop.numbers.shown_as) else None


def barred(member: Member, wanted: Wanted) -> LeftOut | None:
    """Say why a member is left out before anybody is asked; None = they are not."""
    if member.held_out:
        return LeftOut.HELD_OUT
    if wanted.for_ads and _lost_money(member.verdict):
        return LeftOut.LOSS
    return LeftOut.NO_VALUE if wanted.valued and member.value is None else None


def best_of(members: list[Member], share: float) -> list[Member]:
    """Return the share of whom most profit is expected, the best first; never one of whom none is."""
    ranked = in_order(members)
    return [one for one in ranked[: ceil(share * len(ranked))] if (one.value or 0) > 0]


def in_order(members: list[Member]) -> list[Member]:
    """Return members by value, the best first; of equals always the same first."""
    return sorted(members, key=lambda one: (-(one.value or 0), one.customer))


def may_reach(reach: Reach | None, *, for_ads: bool) -> Reach | LeftOut:
    """
    Say how a person may be reached: each address only where its own channel is subscribed.

    An audience for ads needs the e-mail's: Shopify knows no consent to ads, and a phone that was
    given for a parcel is none.
    """
    if reach is None:
        return LeftOut.GONE
    email = reach.email if Channel.EMAIL in reach.subscribed else ""
    phone = reach.phone if Channel.SMS in reach.subscribed else ""
    if not for_ads:
        return replace(reach, email=email, phone=phone)
    if reach.opted_out:
        return LeftOut.OPTED_OUT
    if Channel.EMAIL not in reach.subscribed:
        return LeftOut.NO_CONSENT
    return replace(reach, email=email, phone=phone)


def neutral_name(secret: bytes, shop: str, segment: str) -> str:
    """
    Name an audience so that the platform learns nothing by its name, the same every time: `nextorder-k7qd`.

    Keyed with the stack's own secret: a list of our segments and a hash would give it away.
    """
    digest = hmac.new(secret, f"nextorder-audience-1:{shop}:{segment}".encode(), sha256).digest()
    return f"nextorder-{b32encode(digest).decode()[:_LETTERS].lower()}"


def key_table(secret: bytes, shop: str, segments: Iterable[str]) -> Mapping[str, str]:
    """Return the neutral names of all that can be an audience, by what they stand for."""
    names = sorted({one for one in segments if one != HOLD and not one.endswith(":*")})
    return {name: neutral_name(secret, shop, name) for name in (BEST, *names)}


def _lost_money(verdict: Verdict) -> bool:
    value = verdict.segments.get("value")
    return value is not None and value.value == "negative"
