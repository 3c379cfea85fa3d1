"""
The words of a merchant's own segment: what a condition may say, read once into data.

    life is loyal                    any family of the catalogue; `is not`; several values by commas;
                                     `none` where nothing is given; care is `on` or `off`
    affinity is coffee               one of the customer's two favourite categories
    consent email is subscribed      email or sms, in Shopify's words
    order_days >= 3                  > >= < <=, a number
    days_since_last_order > 60       also days_since_first_order, days_since_sign_up
    gp2_to_date > 500                also net_revenue; whole units of the shop's currency
    return_share < 0.2               refunded revenue over revenue
    p_30d > 2 x base                 p_5d, p_7d, p_30d, p_90d, p_180d, p_365d; times the store's mean chance
    chance_kept < 0.6                of what it was right after the last order
    clv_gp2_365 in top 5 %           of active customers

An absolute chance cannot be said: it would mean something else in every shop.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from math import inf
from typing import Final

from nextorder.domain.facts import Channel

COMPARISONS: Final = (">=", "<=", ">", "<")
NONE: Final = "none"
SWITCH: Final = frozenset({"on", "off"})
CONSENTS: Final = frozenset(
    {"subscribed", "not_subscribed", "unsubscribed", "pending", "invalid", "redacted", NONE}
)


class Kind(Enum):
    """What a condition is about, and so how it is weighed."""

    FAMILY = auto()
    AFFINITY = auto()
    CONSENT = auto()
    COUNT = auto()
    AGE = auto()
    MONEY = auto()
    SHARE = auto()
    CHANCE = auto()
    KEPT = auto()
    WORTH = auto()


NUMBERS: Final[Mapping[str, Kind]] = {
    "order_days": Kind.COUNT,
    "days_since_last_order": Kind.AGE,
    "days_since_first_order": Kind.AGE,
    "days_since_sign_up": Kind.AGE,
    "gp2_to_date": Kind.MONEY,
    "net_revenue": Kind.MONEY,
    "return_share": Kind.SHARE,
    **{f"p_{days}d": Kind.CHANCE for days in (5, 7, 30, 90, 180, 365)},
    "chance_kept": Kind.KEPT,
    "clv_gp2_365": Kind.WORTH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition; of `among` and `amount` it has what its kind needs."""

    text: str
    word: str
    kind: Kind
    among: frozenset[str] = frozenset()
    negated: bool = False
    comparison: str = ""
    amount: float = 0.0
    """Days, a share, times the base, or whole units of the shop's currency."""


class WrongWordError(ValueError):
    """A condition is not in the vocabulary; says which word, and what is near it."""


def read_condition(text: str, families: Mapping[str, frozenset[str]]) -> Condition:
    """
    Read one condition.

    Args:
        text: Words with spaces between.
        families: Family -> its values; no values = they are the shop's own words.

    Raises:
        WrongWordError: Some word does not belong there.

    """
    words = text.replace(",", " ").split()
    subject, rest = (words[0], words[1:]) if words else ("", [])
    if subject in NUMBERS:
        return _number(text, subject, rest)
    if subject == "consent":
        channel, *rest = rest or [""]
        _known(channel, [*Channel], "consent of")
        negated, values = _values(rest, CONSENTS)
        return Condition(text=text, word=channel, kind=Kind.CONSENT, among=values, negated=negated)
    if subject == "affinity":
        negated, values = _values(rest, frozenset())
        return Condition(text=text, word=subject, kind=Kind.AFFINITY, among=values, negated=negated)
    _known(subject, ["affinity", "consent", *families, *NUMBERS], "the word")
    allowed = families[subject]
    negated, values = _values(rest, allowed | {NONE} if allowed and allowed != SWITCH else allowed)
    return Condition(text=text, word=subject, kind=Kind.FAMILY, among=values, negated=negated)


def _values(words: list[str], allowed: frozenset[str]) -> tuple[bool, frozenset[str]]:
    verb, *values = words or [""]
    if verb not in ("is", "in"):
        raise WrongWordError(f"expected `is`, not {verb or 'nothing'}")
    negated = bool(values) and values[0] == "not"
    values = values[negated:]
    if not values:
        raise WrongWordError(f"nothing stands after {' '.join(words)}")
    for value in values:
        if allowed:
            _known(value, sorted(allowed), "the value")
    return negated, frozenset(values)


def _number(text: str, word: str, rest: list[str]) -> Condition:
    kind = NUMBERS[word]
    if kind is Kind.WORTH:
        share = _ranked(word, rest)
        return Condition(text=text, word=word, kind=kind, comparison=">=", amount=share)
    comparison, *rest = rest or [""]
    _known(comparison, list(COMPARISONS), f"after {word}")
    amount, *rest = rest or [""]
    number = _positive(amount)
    if kind is Kind.CHANCE and rest != ["x", "base"]:
        raise WrongWordError(
            f"a chance is compared with the store's mean, as in `{word} {comparison} 2 x base`: "
            f"{amount} alone would mean something else in every shop"
        )
    if kind is not Kind.CHANCE and rest:
        raise WrongWordError(f"did not expect {' '.join(rest)}")
    if kind in (Kind.SHARE, Kind.KEPT) and number > 1:
        raise WrongWordError(f"{word} is a share from 0 to 1, not {amount}")
    return Condition(text=text, word=word, kind=kind, comparison=comparison, amount=number)


def _ranked(word: str, rest: list[str]) -> float:
    said = " ".join(rest).replace("%", " %").split()
    if said[:2] != ["in", "top"] or said[3:] != ["%"]:
        raise WrongWordError(f"expected a rank, as in `{word} in top 5 %`")
    percent = _positive(said[2])
    if not 0 < percent <= 100:  # noqa: PLR2004 - percent
        raise WrongWordError(f"a top share is above 0 % and at most 100 %, not {said[2]}")
    return round(percent / 100, 6)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < inf:
        raise WrongWordError(f"expected a number from 0, not {text or 'nothing'}")
    return number


def _known(word: str, allowed: list[str], where: str) -> None:
    if word in allowed:
        return
    from difflib import get_close_matches  # noqa: PLC0415  # only where something is wrong

    near = get_close_matches(word, allowed, n=3, cutoff=0.4) or sorted(allowed)
    raise WrongWordError(f"{where} {word or 'nothing'} is unknown; near it: {', '.join(near)}")
