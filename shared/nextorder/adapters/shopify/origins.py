"""Where an order came from: of links and codes only what many orders share, never what is one person's."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from nextorder.adapters.shopify.payload import Node
from nextorder.domain.facts import NO_ORIGIN, Origin
from nextorder.domain.hosts import LONGEST as LONGEST_SOURCE
from nextorder.domain.hosts import source_of

# With a source they keep an order of ten lines within one write unit.
_LONGEST_MEDIUM: Final = 12
_LONGEST_CAMPAIGN: Final = 24
_LONGEST_LANDING: Final = 40
_LONGEST_CODE: Final = 16

# NOTE: Ad platforms mark their clicks so; the mark itself is one person's, and only whose it is is kept.
_CLICKS: Final[Mapping[str, tuple[str, str]]] = {
    "gclid": ("google", "cpc"),
    "gbraid": ("google", "cpc"),
    "wbraid": ("google", "cpc"),
    "msclkid": ("bing", "cpc"),
    "ttclid": ("tiktok", "paid"),
    "fbclid": ("facebook", ""),
}
_PAGES: Final = ("products", "collections", "pages", "blogs")
"""Pages that carry a name of the shop's own; of all others nothing but their kind is kept."""
_HOME: Final = "home"
_OTHER: Final = "other"
_LOCALE: Final = re.compile(r"[a-z]{2}(-[a-z]{2})?")
_HOST: Final = re.compile(r"[a-z0-9.-]+\.[a-z]{2,}")
_MOST_QUOTED: Final = 3
"""Redirects quote what is quoted already."""
_LEAST_MIXED: Final = 4
"""Codes and ids are often written in fours: `x7k9-qp2m`."""
_LEAST_RANDOM: Final = 5
_PLAIN: Final = re.compile(r"[a-z]+\d{0,4}|\d{1,4}[a-z]*")
"""A word, a word with a year or a percentage: `spring`, `summer2026`, `10off`."""
_NUMBER: Final = re.compile(r"\d+")
_VOWEL: Final = re.compile(r"[aeiouy]")


def origin_of(body: Node) -> Origin:
    """
    Read a body's `landing_site`, `referring_site` and `discount_codes`.

    A query's e-mail addresses, click marks and tokens are dropped here, before anything is stored.
    """
    entered, referrer = body.text("landing_site"), body.text("referring_site")
    used = body.children("discount_codes")
    if not (entered or referrer or used):
        return NO_ORIGIN
    landing = _split(entered)
    asked = {name: values[0] for name, values in parse_qs(landing.query).items()} if landing else {}
    source, medium = _sender(asked, referrer)
    codes = [slug for one in used if (slug := _words(one.text("code")))]
    return Origin(
        source=source[:LONGEST_SOURCE],
        medium=medium[:_LONGEST_MEDIUM],
        campaign=_cut(_words(asked.get("utm_campaign", ""), numbers=True), _LONGEST_CAMPAIGN),
        landing=_page(landing.path)[:_LONGEST_LANDING] if landing and landing.geturl() else "",
        # the order of several is the platform's, and not the same everywhere
        code=_cut(min(codes, default=""), _LONGEST_CODE),
    )


def _split(url: str) -> SplitResult | None:
    try:
        return urlsplit(url.strip())
    except ValueError:
        return None


def _sender(asked: Mapping[str, str], referrer: str) -> tuple[str, str]:
    medium = _cut(_words(asked.get("utm_medium", "")), _LONGEST_MEDIUM)
    if source := _cut(_words(asked.get("utm_source", "")), LONGEST_SOURCE):
        return source, medium
    clicked = next((whose for mark, whose in _CLICKS.items() if mark in asked), None)
    return clicked or (_host(referrer), medium)


def _host(url: str) -> str:
    split = _split(url)
    host = (split.netloc.rpartition("@")[2].partition(":")[0] if split else "").lower().removeprefix("www.")
    return source_of(host) if _HOST.fullmatch(host) else ""


def _page(path: str) -> str:
    """Name the page of a path; a product within a collection is the product."""
    steps = [unquote(step) for step in path.lower().split("/") if step]
    if steps and _LOCALE.fullmatch(steps[0]):
        del steps[0]
    if not steps:
        return _HOME
    for kind in _PAGES:
        if kind in steps[:-1]:
            name = _words(steps[steps.index(kind) + 1])
            return f"{kind}/{name}" if name else kind
    return steps[0] if steps[0] in _PAGES else _OTHER


def _words(text: str, *, numbers: bool = False) -> str:
    """
    Return the words of a name as a slug; what looks like an e-mail, a token or an id is left out.

    `numbers`: long numbers may stay, since platforms name a campaign so.
    """
    for _ in range(_MOST_QUOTED):
        text = unquote(text)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    if "@" in plain or "%40" in plain:
        return ""
    parts = re.split(r"[^a-z0-9]+", plain)
    return "-".join(part for part in parts if part and not _is_random(part, numbers=numbers))


def _is_random(part: str, *, numbers: bool) -> bool:
    if len(part) < _LEAST_MIXED or (numbers and _NUMBER.fullmatch(part)):
        return False
    # short ones have no need of a vowel: bfcm, ss26
    is_word = len(part) < _LEAST_RANDOM or _VOWEL.search(part)
    return not (_PLAIN.fullmatch(part) and is_word)


def _cut(slug: str, longest: int) -> str:
    return slug[:longest].rstrip("-")
