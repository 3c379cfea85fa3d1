"""The catalogue: which segments there are, their thresholds, and which of them are shown."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from itertools import pairwise
from math import inf
from typing import Any, Literal

from nextorder.domain.declared import Declared
from nextorder.domain.errors import BadSettings

MAX_ON = 20
MANY_ON = 13
"""From so many on, a merchant is warned: every tag wants a flow, and a flow wants an owner."""
MAX_TAG_CHARACTERS = 40

LIFE_BY_AGE = ("new", "second-window", "closing")
RISKS = ("cooling", "at-risk", "lost")
TIERS = ("platinum", "gold", "silver", "bronze")

_RANKS = ("clv_rank", "clv_rank_out")
_CHANCE_RANKS = ("rank", "rank_out")
_RISK = ("chance_kept", "refit_back")
THRESHOLDS: Mapping[str, tuple[str, ...]] = {
    "life:prospect": (),
    **{f"life:{value}": ("until_share_of_c",) for value in LIFE_BY_AGE},
    "life:missed": (),
    "life:repeat": (),
    "life:loyal": (),
    "life:champion": ("order_days", "chance_kept", "chance_kept_out", *_RANKS),
    "life:subscriber": (),
    **{f"risk:{value}": _RISK for value in RISKS},
    **{f"value:{value}": _RANKS for value in TIERS},
    "value:negative": ("order_days",),
    "hold": (),
    **{f"cart:{value}": ("p", "hours") for value in ("hot", "warm")},
    "replenish:*": (),
    "love:*": ("over_base", "over_base_out", "share", "at_most"),
    "buy:5d": (*_CHANCE_RANKS, "lo_over_base"),
    "buy:now": ("over_base", "hours", "once_in_days", "signal_hours"),
    "care": ("days",),
    "reach:unreached": (),
    **{f"promo:{value}": ("share", "share_out", "order_count") for value in ("only", "fullprice")},
    "returns:high": ("over_store", "over_store_out"),
    "overstock:*": ("days",),
}
"""Every segment that can be placed, and the numbers its table must give; * = any category or product."""

_RISING = (
    tuple((f"life:{value}", "until_share_of_c") for value in LIFE_BY_AGE),
    tuple((f"value:{value}", "clv_rank") for value in TIERS),
    tuple((f"value:{value}", "clv_rank_out") for value in TIERS),
    tuple((f"risk:{value}", "chance_kept") for value in reversed(RISKS)),
    (("cart:warm", "p"), ("cart:hot", "p")),
    (("promo:fullprice", "share_out"), ("promo:only", "share_out")),
)
_COUNTS = frozenset(
    {
        *("flow_days", "measured_days", "order_days", "days", "once_in_days"),
        *("hours", "signal_hours", "order_count", "at_most"),
    }
)
_MULTIPLES = frozenset({"over_base", "over_base_out", "lo_over_base", "over_store", "over_store_out"})
_NOT_BELOW = (
    ("clv_rank_out", "clv_rank"),
    ("rank_out", "rank"),
    ("chance_kept", "chance_kept_out"),
    ("refit_back", "chance_kept"),
    ("over_base", "over_base_out"),
    ("over_store", "over_store_out"),
)
"""A way out is never easier than its way in."""
_WORDS = ("meaning", "out", "flow", "rests_on")
_SWITCHES = ("on", "starter")
_DAYS = ("flow_days", "measured_days")
_OPTIONAL = ("internal", "floor", "rolls_up_into", *_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One segment as the catalogue declares it; the file's head explains each key."""

    name: str
    meaning: str
    out: str
    flow: str
    rests_on: str
    on: bool
    starter: bool
    internal: bool = False
    floor: bool = False
    rolls_up_into: str = ""
    flow_days: int = 7
    measured_days: int = 30
    thresholds: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All entries by name (`family:value`, `family:*`, or the family alone: `hold`, `care`)."""

    version: int
    entries: Mapping[str, Entry]
    name: str = ""
    """The hash of what it says: another name, and everyone has to be looked at again."""

    def entry(self, name: str) -> Entry | None:
        """Return what is declared of a segment: by its name, else for all of its family, as `love:*`."""
        return self.entries.get(name) or self.entries.get(f"{name.partition(':')[0]}:*")

    def on(self, name: str) -> bool:
        """Whether the segment is shown; an unknown one never is."""
        entry = self.entry(name)
        return entry is not None and entry.on

    def threshold(self, name: str, key: str) -> float:
        """Return a number that the parser has made sure of; raises KeyError for an unknown segment."""
        entry = self.entry(name)
        if entry is None:
            raise KeyError(name)
        return entry.thresholds[key]

    @property
    def clv_shares(self) -> tuple[float, ...]:
        """The top shares of active customers for which a fit freezes `clv_ranks`."""
        return self._numbers(_RANKS)

    @property
    def chance_shares(self) -> tuple[float, ...]:
        """The top shares of active customers for which a fit freezes `chance_ranks`."""
        return self._numbers(_CHANCE_RANKS)

    @property
    def open_families(self) -> frozenset[str]:
        """Families whose values are the shop's own words: their tags cannot be listed, only recognised."""
        return frozenset(name.removesuffix(":*") for name in self.entries if name.endswith(":*"))

    @property
    def shown(self) -> tuple[str, ...]:
        """The entries that are on; more than `MANY_ON` of them are worth a warning."""
        return tuple(name for name, entry in self.entries.items() if entry.on)

    def with_on(self, names: Iterable[str] | Literal["all"]) -> "Catalogue":
        """
        Switch exactly these on, and hold.

        A family's name stands for its values, "starter" for the starter pack, "all" for that
        and, in the order of the file, as many others as may be on. Internal ones are switched
        on by their own names only.

        Raises:
            BadSettings: A name is unknown, or there are too many.

        """
        chosen = self._as_many_as_fit() if names == "all" else {"hold"}.union(*map(self._meant, names))
        entries = {n: replace(e, on=n in chosen) for n, e in self.entries.items()}
        name = catalogue_name("\n".join([self.name, *sorted(chosen)]))
        return _checked(replace(self, entries=entries, name=name))

    def _as_many_as_fit(self) -> set[str]:
        offered = [entry for entry in self.entries.values() if not entry.internal]
        offered.sort(key=lambda entry: not entry.starter)
        return {entry.name for entry in offered[:MAX_ON]}

    def _meant(self, name: str) -> set[str]:
        if name in self.entries:
            return {name}
        found = {
            entry.name
            for entry in self.entries.values()
            if (entry.starter if name == "starter" else entry.name.startswith(f"{name}:"))
            and not entry.internal
        }
        if not found:
            raise BadSettings(f"catalogue: no segment is called {name}")
        return found

    def _numbers(self, keys: Iterable[str]) -> tuple[float, ...]:
        """Return the different numbers that any entry gives under these keys, rising."""
        given = {e.thresholds[key] for e in self.entries.values() for key in keys if key in e.thresholds}
        return tuple(sorted(given))


def catalogue_name(text: str) -> str:
    """Name a catalogue by what it says, so that nobody can change what a shop has pinned."""
    return sha256(text.encode()).hexdigest()[:12]


def parse_catalogue(text: str, *, prefix: str = "next:") -> Catalogue:
    """
    Read the catalogue file's text; `prefix` is the shop's, for the length of the tags.

    Raises:
        BadSettings: Something is wrong; the message names the line and the key.

    """
    document = Declared(text, "catalogue")
    version = document.tables.pop("version", None)
    if type(version) is not int or version < 1:
        raise document.wrong("", "version", "must be a whole number from 1")
    tables = _tables(document)
    if missing := sorted(set(THRESHOLDS) - set(tables)):
        raise document.wrong(missing[0], "", "is missing; switch it off instead")
    for name in tables:
        if len(prefix + name) > MAX_TAG_CHARACTERS:
            raise document.wrong(name, "", f"a tag has at most {MAX_TAG_CHARACTERS} characters")
    entries = {name: _entry(document, name, table) for name, table in tables.items()}
    _check_order(document, entries)
    return _checked(Catalogue(version=version, entries=entries, name=catalogue_name(text)))


def _tables(document: Declared) -> dict[str, dict[str, Any]]:
    families = {name.partition(":")[0] for name in THRESHOLDS}
    found: dict[str, dict[str, Any]] = {}
    for family, table in document.tables.items():
        if family not in families or not isinstance(table, dict):
            raise document.wrong(family, "", f"unknown family; known are {', '.join(sorted(families))}")
        values = {family: table} if family in THRESHOLDS else {f"{family}:{v}": t for v, t in table.items()}
        for name, value in values.items():
            if name not in THRESHOLDS or not isinstance(value, dict):
                raise document.wrong(name, "", "unknown value of this family")
        found |= values
    return found


def _entry(document: Declared, name: str, table: dict[str, Any]) -> Entry:
    required = (*_WORDS, *_SWITCHES, *THRESHOLDS[name])
    for key in table:
        if key not in required and key not in _OPTIONAL:
            raise document.wrong(name, key, "unknown key")
    for key in required:
        if key not in table:
            raise document.wrong(name, key, "is missing")
    for key, value in table.items():
        if reason := _fault(key, value):
            raise document.wrong(name, key, reason)
    if name == "hold" and not table["on"]:
        raise document.wrong(name, "on", "held-out customers are always marked")
    thresholds = {key: float(table[key]) for key in THRESHOLDS[name]}
    return Entry(name=name, thresholds=thresholds, **{k: v for k, v in table.items() if k not in thresholds})


def _fault(key: str, value: object) -> str:
    if key in (*_SWITCHES, "internal", "floor"):
        return "" if isinstance(value, bool) else "must be true or false"
    if key in _WORDS:
        return "" if isinstance(value, str) and value else "must be words"
    if key == "rolls_up_into":
        return "" if _is_segment(value) else "must name a segment"
    if key in _COUNTS:
        return "" if type(value) is int and value >= 1 else "must be a whole number from 1"
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
    if key in _MULTIPLES:
        return "" if 0 < number < inf else "must be a number above 0"
    return "" if 0 < number <= 1 else "must be a number above 0 and at most 1"


def _is_segment(name: object) -> bool:
    return name in THRESHOLDS or f"{str(name).partition(':')[0]}:*" in THRESHOLDS


def _check_order(document: Declared, entries: Mapping[str, Entry]) -> None:
    """A way out is never easier than its way in, and bands of one family do not cross."""
    for name, entry in entries.items():
        given = entry.thresholds
        shares = ("share_out", "share") if name == "promo:fullprice" else ("share", "share_out")
        for greater, lesser in (*_NOT_BELOW, shares):
            if greater in given and lesser in given and given[greater] < given[lesser]:
                raise document.wrong(name, *_blame(greater, lesser))
    for band in _RISING:
        for (lower, key), (upper, _) in pairwise(band):
            if entries[lower].thresholds[key] >= entries[upper].thresholds[key]:
                raise document.wrong(upper, key, f"must be above that of {lower}")


def _blame(greater: str, lesser: str) -> tuple[str, str]:
    """Return the key that is the way out, and what is wrong with it."""
    if greater.endswith(("_out", "_back")):
        return greater, f"must not be below {lesser}"
    return lesser, f"must not be above {greater}"


def _checked(catalogue: Catalogue) -> Catalogue:
    if len(catalogue.shown) > MAX_ON:
        raise BadSettings(
            f"catalogue: {len(catalogue.shown)} segments are switched on, at most {MAX_ON} can be"
        )
    return catalogue
